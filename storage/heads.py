"""The end of the ledger as it was when each release appeared: published with it, so that copies of it exist elsewhere.

Ledger and warehouse may be put back together to an older state without contradicting each other. A head that lies
beside the releases, and in everybody's download of them, does contradict them.
"""

from __future__ import annotations

import json
import os

from storage.disk import make_folder, on_disk, sync_folder, write_new
from storage.home import Home
from storage.ledger import Anchor
from terms.findings import fault

HEAD = "ledger-head.json"
PUBLIC_FILE = 0o644


def write_head(home: Home, survey: str, head: Anchor) -> None:
    """Put the head beside the survey's releases, in place of an earlier one."""
    room = home.staging / f"{survey}.head"
    target = home.released / survey / HEAD

    def move() -> None:
        make_folder(room)
        (room / HEAD).unlink(missing_ok=True)
        write_new(room / HEAD, json.dumps({"n": head.n, "hash": head.hash}).encode() + b"\n", PUBLIC_FILE)
        os.replace(room / HEAD, target)
        sync_folder(target.parent)
        room.rmdir()

    on_disk("released", move)


def read_heads(home: Home) -> tuple[Anchor, ...]:
    """The heads of all surveys of this home. Raises Fault ``ledger_head_broken`` where one says anything else."""
    paths = on_disk("released", lambda: sorted(home.released.glob(f"*/{HEAD}")))
    heads = []
    for path in paths:
        content = on_disk("released", path.read_bytes)
        try:
            told = json.loads(content)
            head = Anchor(n=int(told["n"]), hash=str(told["hash"]))
        except (ValueError, TypeError, KeyError):
            head = None
        if head is None:
            raise fault(f"released/{path.parent.name}", "ledger_head_broken")
        heads.append(head)
    return tuple(heads)
