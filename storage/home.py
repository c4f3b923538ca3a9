"""The home: one folder that holds the warehouse, the ledger and the releases, and no key."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from storage.disk import FULL, PRIVATE_FOLDER, disk_fault, make_folder, sync_folder, write_new
from terms.findings import Fault, fault, refuse


@dataclass(frozen=True)
class Home:
    """Where everything lives that a run remembers. Making the object touches nothing; :meth:`create` does.

    >>> Home(Path("/srv/shoji")).warehouse.name
    'warehouse.duckdb'
    """

    path: Path

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", Path(self.path).absolute())

    @property
    def warehouse(self) -> Path:
        return self.path / "warehouse.duckdb"

    @property
    def ledger(self) -> Path:
        return self.path / "ledger.jsonl"

    @property
    def lock(self) -> Path:
        return self.path / "writer.lock"

    @property
    def released(self) -> Path:
        """Published folders: ``released/<survey>/<release>/``."""
        return self.path / "released"

    @property
    def staging(self) -> Path:
        """Releases in the making. Emptied at every start."""
        return self.path / "staging"

    @property
    def rejects(self) -> Path:
        """Reports of bad rows: positions and rules, no values."""
        return self.path / "rejects"

    @property
    def rewards(self) -> Path:
        """Encrypted lists of contact data, one a survey; made when there is one."""
        return self.path / "rewards"

    @property
    def sealed(self) -> Path:
        """Releases that were taken back, encrypted; made when there is one."""
        return self.path / "sealed"

    @property
    def prefect(self) -> Path:
        """Prefect's own home, so that its residue is in one known place."""
        return self.path / "prefect"

    def create(self, keys: Path | None = None) -> Home:
        """Make what is missing, owner only, and prove that it can be written.

        A folder that somebody made before keeps its mode, except the three that may never be opened to others
        (``staging``, ``rejects``, ``prefect``).

        Raises ``home_not_writable`` or ``disk_full`` (:class:`Fault`) and, where ``keys`` is given, a refusal
        if one of the two folders lies inside the other: a copy or backup of the home must not carry keys.
        """
        if keys is not None:
            keep_apart(self.path, keys)
        code = -1
        try:
            self._make()
        except OSError as error:
            code = error.errno or 0
        if code >= 0:
            raise _home_fault(code)
        return self

    def _make(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        make_folder(self.path)
        make_folder(self.released)
        for folder in (self.staging, self.rejects, self.prefect):
            make_folder(folder)
            if stat.S_IMODE(folder.stat().st_mode) != PRIVATE_FOLDER:
                os.chmod(folder, PRIVATE_FOLDER)
        probe = self.staging / f".probe-{os.getpid()}"
        probe.unlink(missing_ok=True)
        write_new(probe, b"?")
        probe.unlink()
        sync_folder(self.path)


def keep_apart(home: Path, keys: Path) -> None:
    """Refuse a key folder inside the home, the home inside the key folder, or one folder for both."""
    home, keys = Path(os.path.realpath(home)), Path(os.path.realpath(keys))
    if keys.is_relative_to(home):
        raise refuse("SHOJI_KEYS", "keys_inside_home")
    if home.is_relative_to(keys):
        raise refuse("SHOJI_HOME", "home_inside_keys")


def _home_fault(code: int) -> Fault:
    return disk_fault("SHOJI_HOME", code) if code in FULL else fault("SHOJI_HOME", "home_not_writable")
