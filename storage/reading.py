"""An export file to a table of texts: every row is a line of the table, of the reject report, or counted."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from storage.delimited import Row
from storage.disk import on_disk, sync_folder, write_new
from storage.export import Export, is_blank, open_export
from storage.layout import Layout, layout_of
from storage.snapshot import take
from terms.findings import refuse
from terms.survey import Field, Source, Survey

LONGEST_CELL = 1_000_000
"""Characters. A longer cell is no answer to a questionnaire: its row is rejected."""

_BATCH = 1 << 14


@dataclass(frozen=True, kw_only=True)
class Reject:
    """One bad row: where it begins and the rule it breaks, never what it says."""

    source: str
    line: int
    column: str
    """The declared field, else the position from 1, else nothing: the whole row is bad."""
    rule: str


@dataclass(frozen=True, kw_only=True)
class ReadResult:
    """One source, read. Its text shows no frame.

    ``rows_read`` (rows that hold anything) = rows of ``frame`` + rejects + ``rows_filtered``.
    """

    source: Source
    frame: pa.Table = attribute(repr=False)
    """``line`` (int64; where the row begins, from 1; in a workbook the row number), then one nullable string
    column a delivered field, in declared order. Ends are trimmed, blank is null, a line break is LF."""
    contacts: pa.Table | None = attribute(repr=False)
    """Where rewards are declared: their columns, who wants one, and the respondent key, row by row as in ``frame``.
    For the list alone; nothing of it goes into the warehouse."""
    rejects: tuple[Reject, ...]
    """One a bad row, in file order: the first rule it breaks."""
    sha256: str
    """Of the file as it lies on the disk."""
    rows_read: int
    rows_empty: int
    rows_filtered: int
    """Rows that ``keep`` leaves out."""


def read_source(survey: Survey, source: Source, path: Path) -> ReadResult:
    """Read one export file: CSV or TSV, gzip or not, or an .xlsx workbook.

    Delivered are the respondent key and the fields whose role passes the door; open text, ignored columns and
    other direct identifiers are not copied at all, but for what rewards are sent by, apart from the rest. What a file
    is (text, gzip, workbook) its content says.

    Raises :class:`terms.findings.Refused` where the file or its shape is not what the declaration says, and
    :class:`terms.findings.Fault` where it cannot be read or changes while it is read.
    """
    snapshot = take(source.name, path)
    fields = list(survey.fields())
    export = open_export(source, fields, snapshot.data, path)
    layout = layout_of(source.name, fields, export.head(source.name), source.header_rows)
    tally = _Tally(source=source.name)
    frame = _frame(survey, source, export, layout, tally)
    if not tally.read:
        raise refuse(source.name, "source_has_no_rows")
    if tally.filtered and not frame.num_rows:
        raise refuse(source.name, "keep_leaves_nothing", column=source.keep_field or "")
    return ReadResult(
        source=source,
        frame=frame.select(["line", *(item.name for item in delivered(survey))]),
        contacts=frame.select(_contacts(survey)) if survey.rewards else None,
        rejects=tuple(tally.rejects),
        sha256=snapshot.sha256,
        rows_read=tally.read,
        rows_empty=tally.empty,
        rows_filtered=tally.filtered,
    )


def delivered(survey: Survey) -> list[Field]:
    """The fields a frame has: the respondent key, and what passes the door, in declared order."""
    key = survey.respondents.key
    return [f for f in survey.fields() if f.column.role.passes_the_door or f.column.name == key]


def _contacts(survey: Survey) -> list[str]:
    """What is read for the list of rewards; nothing where none is declared."""
    if survey.rewards is None:
        return []
    key = [survey.respondents.key] if survey.respondents.key else []
    return [*dict.fromkeys([*survey.rewards.columns, survey.rewards.wanted, *key])]


# --- rows: which are sound ------------------------------------------------------------------------


@dataclass(kw_only=True)
class _Tally:
    source: str
    rejects: list[Reject] = attribute(default_factory=list)
    read: int = 0
    empty: int = 0
    filtered: int = 0


def _sound_rows(
    export: Export, header_rows: int, layout: Layout, needed: Container[int], tally: _Tally
) -> Iterator[Row]:
    """The rows below the header that can be delivered; the others are counted or reported."""
    names, error_cells = layout.names, export.error_cells
    for line, cells in islice(export.rows(), header_rows, None):
        everything = "".join(cells)
        errors = [position for position in error_cells.get(line, ()) if position in needed] if error_cells else ()
        if is_blank(everything) and not errors:
            tally.empty += 1
            continue
        tally.read += 1
        broken = _broken_rule(cells, everything, errors, layout.width)
        if broken is None:
            yield line, cells
            continue
        rule, position = broken
        column = "" if position is None else names.get(position, str(position + 1))
        tally.rejects.append(Reject(source=tally.source, line=line, column=column, rule=rule))


def _broken_rule(
    cells: Sequence[str], everything: str, errors: Sequence[int], width: int
) -> tuple[str, int | None] | None:
    """The first rule a row breaks, and the position of the cell where it is one cell's fault."""
    if len(cells) != width and (len(cells) < width or not is_blank("".join(cells[width:]))):
        return "ragged_row", None
    if "\0" in everything:
        return "nul_in_row", next(position for position, cell in enumerate(cells) if "\0" in cell)
    if len(everything) > LONGEST_CELL:
        for position, cell in enumerate(cells):
            if len(cell) > LONGEST_CELL:
                return "cell_too_long", position
    if errors:
        return "cell_is_an_error", min(errors)
    return None


# --- frame: rows to columns -----------------------------------------------------------------------


Keep = tuple[int, pa.Array]
"""Where the column of ``keep`` stands, and the values that stay."""


def _frame(survey: Survey, source: Source, export: Export, layout: Layout, tally: _Tally) -> pa.Table:
    names = list(dict.fromkeys([*(field.name for field in delivered(survey)), *_contacts(survey)]))
    schema = pa.schema([("line", pa.int64()), *((name, pa.string()) for name in names)])
    keep = _keep(source, layout)
    needed = {layout.positions[name] for name in (*names, source.keep_field) if name in layout.positions}
    rows = _sound_rows(export, source.header_rows, layout, needed, tally)
    tables = [schema.empty_table()]
    # Row by row in Python, column by column in Arrow: a batch at a time, so that few cells are objects at once.
    while batch := list(islice(rows, _BATCH)):
        table = _table(batch, schema, layout, keep)
        tally.filtered += len(batch) - table.num_rows
        tables.append(table)
    return pa.concat_tables(tables)


def _table(batch: Sequence[Row], schema: pa.Schema, layout: Layout, keep: Keep | None) -> pa.Table:
    cells = list(zip(*(cells[: layout.width] for _, cells in batch), strict=True))
    columns = [pa.array([line for line, _ in batch], pa.int64())]
    for name in schema.names[1:]:
        position = layout.positions.get(name)
        columns.append(pa.nulls(len(batch), pa.string()) if position is None else _texts(cells[position]))
    table = pa.table(columns, schema=schema)
    if keep is None:
        return table
    position, values = keep
    return table.filter(pc.is_in(_texts(cells[position]), values))


def _keep(source: Source, layout: Layout) -> Keep | None:
    """Whatever the role of the column: it need not be delivered to decide."""
    if source.keep_field is None:
        return None
    if source.keep_field not in layout.positions:
        raise refuse(f"{source.name}: {source.keep_field}", "column_missing")
    return layout.positions[source.keep_field], _texts(source.keep_values)


def _texts(cells: Sequence[str]) -> pa.Array | pa.ChunkedArray:
    """Cells as delivered: trimmed, blank as null, line breaks as LF whatever system wrote them."""
    texts = pa.array(cells, pa.string())
    if pc.any(pc.match_substring(texts, "\r")).as_py():
        texts = pc.replace_substring(pc.replace_substring(texts, "\r\n", "\n"), "\r", "\n")
    texts = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


# --- the reject report ----------------------------------------------------------------------------


def write_rejects(rejects: Iterable[Reject], path: Path) -> None:
    """Write the reject report, ``file,line,column,rule``, for its owner's eyes (mode 600), all or nothing.

    UTF-8 with BOM, LF, in the order given. Raises :class:`terms.findings.Fault` where the disk refuses.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", "line", "column", "rule"])
    writer.writerows([reject.source, reject.line, reject.column, reject.rule] for reject in rejects)
    content = text.getvalue().encode("utf-8-sig")
    on_disk("rejects", lambda: _replace(path, content))


def _replace(path: Path, content: bytes) -> None:
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    staged.unlink(missing_ok=True)
    try:
        write_new(staged, content)
        os.replace(staged, path)
    finally:
        staged.unlink(missing_ok=True)
    sync_folder(path.parent)
