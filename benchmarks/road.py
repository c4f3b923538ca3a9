"""The whole road on real and synthetic surveys: wall time, peak memory, the orchestrator's share.

    python benchmarks/road.py [--json] [SURVEY ...]

One line a survey, as the command line is used: a fresh home, `shoji run`, a temporary Prefect server. Surveys whose
data lie elsewhere need SHOJI_DATA and are left out without it.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SURVEYS = ("reader_2026", "rse_uk_2016", "fukui_kanko_survey", "fukui_civic_voice", "gss_1972_2024")
NEED_NO_DATA = ("reader_2026",)


def measure(survey: str) -> dict[str, object]:
    """One run in a fresh home: what it said of itself, its seconds, its peak resident memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys"
        keys.mkdir(mode=0o700)
        key = os.open(keys / "root.key", os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(key, secrets.token_bytes(32))
        os.close(key)
        environment = {**os.environ, "SHOJI_KEYS": str(keys), "SHOJI_HOME": str(Path(folder) / "home")}
        shoji = Path(sys.executable).parent / "shoji"
        begin = time.monotonic()
        process = subprocess.Popen([shoji, "run", survey, "--json"], stdout=subprocess.PIPE, env=environment)
        assert process.stdout is not None
        output = process.stdout.read()
        _, _, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
    said = json.loads(output)
    seconds = said["seconds"]
    return {
        "benchmark": "road",
        "survey": survey,
        "outcome": said["outcome"],
        "wall_seconds": round(wall, 1),
        "peak_mb": round(usage.ru_maxrss / 1024),
        "orchestrator_seconds": seconds.get("orchestrator"),
        "orchestrator_share_pct": round(100 * seconds.get("orchestrator", 0) / wall),
        "seconds": seconds,
    }


def main() -> None:
    """Measure the surveys that were named, or all that can be run here."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("surveys", nargs="*")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    given = parser.parse_args()
    able = [survey for survey in SURVEYS if os.environ.get("SHOJI_DATA") or survey in NEED_NO_DATA]
    for survey in given.surveys or able:
        found = measure(survey)
        if given.json:
            print(json.dumps(found), flush=True)
        else:
            print("{survey}: {outcome}, {wall_seconds} s, {peak_mb} MB, ".format(**found), end="")
            print("orchestrator {orchestrator_share_pct} %".format(**found), flush=True)


if __name__ == "__main__":
    main()
