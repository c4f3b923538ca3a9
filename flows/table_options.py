"""What the command line says about a table that somebody else protected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer

Width = Annotated[
    str | None,
    typer.Option("--width", metavar="N", help="CSV: how far apart two values must lie (k - 2, or not exactly known)."),
]
Threshold = Annotated[int | None, typer.Option("--k", metavar="N", help="CSV: the threshold, where it is public.")]
Rounding = Annotated[str | None, typer.Option("--rounding", metavar="N", help="CSV: the base of rounded figures.")]
Total = Annotated[str | None, typer.Option("--total", metavar="CODE", help="CSV: the code of totals (Total, _T, T).")]
NoTotal = Annotated[
    list[str] | None, typer.Option("--no-total", metavar="VAR", help="CSV: a variable that is not summed up.")
]
HierarchyFiles = Annotated[
    list[str] | None,
    typer.Option("--hierarchy", metavar="VAR=FILE", help="CSV: code,parent lines, or the @ indentation of tau-ARGUS."),
]
ZerosShown = Annotated[
    bool | None,
    typer.Option("--zeros-shown/--zeros-hidden", help="CSV: hidden cells are not empty (with --k, if a 0 is shown)."),
]
Fractions = Annotated[bool, typer.Option("--fractions", help="CSV: true figures may be fractions of the unit.")]
Intervals = Annotated[bool, typer.Option("--operator", help="CSV: the intervals, anywhere but on a terminal.")]


@dataclass(frozen=True, kw_only=True)
class TableOptions:
    """What the command line says about a table."""

    width: str | None = None
    k: int | None = None
    rounding: str | None = None
    total: str | None = None
    without_total: tuple[str, ...] = ()
    hierarchies: tuple[str, ...] = ()
    """``VARIABLE=FILE``."""
    zeros_shown: bool | None = None
    fractions: bool = False
