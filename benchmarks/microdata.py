"""The search for a generalisation against cases whose optimum is known, and its speed.

    python benchmarks/microdata.py CASES.jsonl DATA_FOLDER [--json]
    python benchmarks/microdata.py --speed [DATA_FOLDER] [--json]
    python benchmarks/microdata.py [--json]

A case is a line of JSON: a table of DATA_FOLDER/data, its quasi-identifiers with DATA_FOLDER/hierarchies, models, a
metric, and the score of the optimum or of single nodes. A model or metric that is not supported counts as not equal.
Without arguments small synthetic cases are searched and compared with all nodes tried one by one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from microdata_cases.judging import Folder, run
from microdata_cases.speed import speeds
from microdata_cases.synthetic import synthetic


def main() -> int:
    """Print a line for each case and a summary; 1 where a case differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="?", type=Path, help="cases, a JSON object a line")
    parser.add_argument("folder", nargs="?", type=Path, help="folder with data/ and hierarchies/")
    parser.add_argument("--speed", action="store_true", help="measure seconds and memory instead")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    given = parser.parse_args()
    if given.speed:
        for line in speeds(given.folder or given.cases):
            _say(line, given.json)
        return 0
    if given.cases is None:
        return _summary(synthetic(), given.json)
    if given.folder is None:
        parser.error("DATA_FOLDER is missing")
    folder = Folder(given.folder)
    with given.cases.open(encoding="utf-8") as lines:
        return _summary((line for case in lines if case.strip() for line in run(folder, json.loads(case))), given.json)


def _summary(lines: Iterable[dict[str, Any]], as_json: bool) -> int:
    equal, different, apart, slowest = 0, 0, Counter(), 0.0
    for line in lines:
        _say(line, as_json)
        slowest = max(slowest, line.get("seconds") or 0.0)
        if "exempt" in line:
            apart[line["exempt"]] += 1
        elif line["equal"]:
            equal += 1
        else:
            different += 1
    total = {"equal": equal, "of": equal + different, "exempt": dict(apart), "slowest_seconds": slowest}
    _say({"summary": total} if as_json else total, as_json)
    return 1 if different else 0


def _say(line: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps({"benchmark": "microdata", **line}), flush=True)
    else:
        print("  ".join(f"{name}: {value}" for name, value in line.items()), flush=True)


if __name__ == "__main__":
    sys.exit(main())
