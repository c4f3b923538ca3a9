"""``codebook-1.yaml``: the frozen plan as a file that a person can read and a run can check."""

from __future__ import annotations

import contextlib
from pathlib import Path

import yaml
from pydantic import ValidationError

from terms.codebook import Codebook
from terms.findings import Finding, Refused, refuse
from terms.fingerprints import fingerprint
from terms.loading import load_mapping
from terms.shapes import CodebookShape
from terms.survey import Survey

HEAD = """\
# The frozen plan of {survey}, version {version}: which level of each hierarchy is published.
# Written by `shoji plan {survey} --freeze`. A run checks it and never changes it; change it and the run refuses.
"""


def codebook_path(declaration: Path, version: int = 1) -> Path:
    """Where the codebook of a declaration lies: beside it."""
    return declaration.parent / f"codebook-{version}.yaml"


def hierarchies_hash(survey: Survey) -> str:
    """SHA-256 of the hierarchies that the levels of a codebook number."""
    return fingerprint({column.name: column.hierarchy for column in survey.quasi_identifiers})


def make_codebook(survey: Survey, levels: dict[str, int], version: int = 1) -> Codebook:
    """A codebook for these levels of the survey's hierarchies."""
    return Codebook(survey=survey.name, version=version, levels=dict(levels), hierarchies_hash=hierarchies_hash(survey))


def codebook_text(codebook: Codebook) -> str:
    """The file's text."""
    body = {
        "survey": codebook.survey,
        "version": codebook.version,
        "levels": dict(codebook.levels),
        "hierarchies_hash": codebook.hierarchies_hash,
    }
    head = HEAD.format(survey=codebook.survey, version=codebook.version)
    return head + yaml.safe_dump(body, sort_keys=False, allow_unicode=True)


def read_codebook(path: Path, survey: Survey) -> Codebook:
    """The frozen plan of a survey.

    Raises Refused where there is none, or where it does not fit the declared hierarchies any more.
    """
    if not path.exists():
        raise refuse(path.name, "codebook_missing", survey=survey.name)
    loaded = load_mapping(path, path.name)
    shape = None
    with contextlib.suppress(ValidationError):
        shape = CodebookShape.model_validate(loaded)
    if shape is None or shape.survey != survey.name:
        raise refuse(path.name, "codebook_malformed", survey=survey.name)
    heights = {
        column.name: column.hierarchy.height for column in survey.quasi_identifiers if column.hierarchy is not None
    }
    if shape.hierarchies_hash != hierarchies_hash(survey) or set(shape.levels) != set(heights):
        raise refuse(path.name, "codebook_outdated", survey=survey.name)
    beyond = [name for name, level in shape.levels.items() if level > heights[name]]
    if beyond:
        raise Refused(*(Finding(place=f"{path.name}: levels.{name}", rule="codebook_level_unknown") for name in beyond))
    return Codebook(
        survey=shape.survey, version=shape.version, levels=shape.levels, hierarchies_hash=shape.hierarchies_hash
    )
