"""Figures as whole numbers of their smallest unit: what is decided in whole numbers needs no tolerance."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import polars as pl

from terms.findings import refuse
from transforms.programs import Numbers

LARGEST = 2**53
"""Figures beyond are refused: the solver proposes in floating point, where whole numbers end here."""

MOST_DECIMALS = 9


def in_smallest_units(figures: pl.Series, decimals: int, place: str) -> pl.Series:
    """Written or decimal figures as whole numbers of 10 to the minus ``decimals``, exactly.

    A floating figure has lost its decimals before it came here, so it is refused. Raises :class:`Refused`:
    ``figures_missing``, ``figures_not_exact``, ``figures_of_more_decimals``, ``figures_too_large``.

    >>> in_smallest_units(pl.Series("turnover", ["75.9", "12", "0.05"]), 2, "rows").to_list()
    [7590, 1200, 5]
    """
    if figures.null_count():
        raise refuse(place, "figures_missing", column=figures.name)
    if figures.dtype.is_float() or not 0 <= decimals <= MOST_DECIMALS:
        raise refuse(place, "figures_not_exact", column=figures.name)
    scaled = [_scaled(figure, decimals, figures.name, place) for figure in figures.to_list()]
    if any(abs(figure) > LARGEST for figure in scaled):
        raise refuse(place, "figures_too_large", column=figures.name)
    return pl.Series(figures.name, scaled, dtype=pl.Int64)


def _scaled(figure: object, decimals: int, column: str, place: str) -> int:
    try:
        exact = Decimal(figure.strip() if isinstance(figure, str) else figure)
        sign, digits, exponent = exact.as_tuple()
    except (InvalidOperation, TypeError, ValueError):
        raise refuse(place, "figures_not_exact", column=column) from None
    if not isinstance(exponent, int) or abs(exponent) > 30 or len(digits) > 30:
        raise refuse(place, "figures_not_exact", column=column)
    whole = int("".join(map(str, digits))) * 10 ** max(exponent + decimals, 0)
    if exponent + decimals < 0:
        whole, lost = divmod(whole, 10 ** -(exponent + decimals))
        if lost:
            raise refuse(place, "figures_of_more_decimals", column=column, decimals=decimals)
    return -whole if sign else whole


def whole_figures(rows: pl.DataFrame, column: str, place: str) -> Numbers:
    """A column as whole numbers, none missing, none negative, together no more than are counted exactly.

    Raises :class:`Refused`: ``figures_missing``, ``figures_not_whole``, ``figures_negative``, ``figures_too_large``.
    """
    if column not in rows.columns or rows[column].null_count():
        raise refuse(place, "figures_missing", column=column)
    figures = rows[column]
    if not figures.dtype.is_integer():
        raise refuse(place, "figures_not_whole", column=column)
    if figures.len() and figures.min() < 0:
        raise refuse(place, "figures_negative", column=column)
    if figures.cast(pl.Int128).sum() > LARGEST:
        raise refuse(place, "figures_too_large", column=column)
    return figures.cast(pl.Int64).to_numpy()
