"""``datapackage.json``: what the CSV files hold, for programs (Frictionless Data Package, version 2)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from publishing.banner import MEASURES
from publishing.cells_csv import variables
from publishing.frame import STATUSES
from publishing.wording import clean, cleaned, once
from terms.release import ReleaseContent

_DESCRIPTIONS = {
    "table": "Name of the table as the survey declares it.",
    "row_var": "Variable down the side: a question, or who the respondents are.",
    "row": "Its category; _T is the total, _NA no answer.",
    "col_var": "Variable the table is broken down by; _T in a table without a break.",
    "col": "Its category; _T is the total.",
    "measure": "respondents: people, rounded. base: people who answered, rounded. percent: of those who answered."
    " percent_of_all: of everyone asked. row_percent: of all who gave this answer. weighted_percent: percent"
    " with weights.",
    "value": "Whole number; empty where the status is hidden.",
    "status": "shown, or hidden to protect the people who answered.",
    "variable": "Variable of data/cells.csv.",
    "code": "Code of data/cells.csv.",
    "label_ja": "Label in Japanese; an apostrophe before = + - @ keeps spreadsheets from computing it.",
    "label_en": "Label in English, likewise.",
}


def data_package(content: ReleaseContent, files: Mapping[str, bytes]) -> bytes:
    """The description of ``data/cells.csv`` and ``data/codes.csv``, which ``files`` holds."""
    survey = content.survey
    package: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": f"{survey.name}-{content.name}",
        "title": once(cleaned(survey.title)),
        "version": str(content.number),
        # Release dates are calendar dates in Japan.
        "created": f"{content.released_on.isoformat()}T00:00:00+09:00",
        "contributors": [{"title": once(cleaned(survey.controller.name)), "roles": ["publisher"]}],
        "resources": [_cells(files), _codes(files)],
        "variables": [_variable(content, name) for name in variables(content)[1:]],
    }
    if survey.licence is not None:
        package["licenses"] = [_licence(once(cleaned(survey.licence)))]
    return as_json(package)


def as_json(value: Any) -> bytes:
    """Sorted keys, two spaces, UTF-8, one line end at the end."""
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")


def _cells(files: Mapping[str, bytes]) -> dict[str, Any]:
    schema = {
        "fields": [
            *(_field(name) for name in ("table", "row_var", "row", "col_var", "col")),
            _field("measure", constraints={"required": True, "enum": list(MEASURES)}),
            _field("value", type="integer", constraints={"minimum": 0}),
            _field("status", constraints={"required": True, "enum": list(STATUSES)}),
        ],
        "primaryKey": ["table", "row", "col", "measure"],
        "foreignKeys": [_labels_for("row_var", "row"), _labels_for("col_var", "col")],
        "missingValues": [""],
    }
    return _resource("cells", "data/cells.csv", files, schema)


def _codes(files: Mapping[str, bytes]) -> dict[str, Any]:
    schema = {
        "fields": [_field(name) for name in ("variable", "code", "label_ja", "label_en")],
        "primaryKey": ["variable", "code"],
        "missingValues": [""],
    }
    return _resource("codes", "data/codes.csv", files, schema)


def _resource(name: str, path: str, files: Mapping[str, bytes], schema: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "path": path,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\n"},
        "bytes": len(files[path]),
        "hash": f"sha256:{hashlib.sha256(files[path]).hexdigest()}",
        "schema": schema,
    }


def _field(name: str, **given: Any) -> dict[str, Any]:
    required = {"constraints": {"required": True}}
    return {"name": name, "type": "string", "description": _DESCRIPTIONS[name]} | required | given


def _labels_for(variable: str, code: str) -> dict[str, Any]:
    return {
        "fields": [variable, code],
        "reference": {"resource": "codes", "fields": ["variable", "code"]},
    }


def _variable(content: ReleaseContent, name: str) -> dict[str, str]:
    label = cleaned(content.survey.column(name).label)
    return {"name": clean(name), "label_ja": label.ja, "label_en": label.en}


def _licence(declared: str) -> dict[str, str]:
    """Data Package wants an identifier; words that are none go into the title."""
    identifier = re.sub(r"[^A-Za-z0-9._]+", "-", declared).strip("-")
    written = bool(re.fullmatch(r"[A-Za-z0-9._ -]{1,40}", declared)) and bool(identifier)
    return {"name": identifier if written else "notspecified", "title": declared}
