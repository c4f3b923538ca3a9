"""What people had put right, laid over what the files say."""

from __future__ import annotations

from storage.engine import Engine, quoted
from terms.query import Query
from terms.survey import Survey


def note_correction(engine: Engine, survey: Survey, respondent: str, column: str, code: str | None) -> None:
    """Keep one correction of a stored column (``None``: no answer) and lay it over the rows that are there."""
    engine.execute(
        Query(
            sql="INSERT OR REPLACE INTO house.corrections VALUES ($survey, $respondent, $column, $code)",
            parameters={"survey": survey.name, "respondent": respondent, "column": column, "code": code},
        )
    )
    correct_rows(engine, survey)


def forget_corrections(engine: Engine, survey: Survey, respondent: str) -> None:
    """Forget a person's corrections."""
    engine.execute(
        Query(
            sql="DELETE FROM house.corrections WHERE survey = $survey AND respondent = $respondent",
            parameters={"survey": survey.name, "respondent": respondent},
        )
    )


def correct_rows(engine: Engine, survey: Survey) -> None:
    """Lay every correction of the survey over its raw rows; columns that are no longer stored are passed over."""
    stored = set(engine.columns("raw", survey.name))
    corrected = engine.rows(
        Query(
            sql='SELECT DISTINCT "column" FROM house.corrections WHERE survey = $survey ORDER BY ALL',
            parameters={"survey": survey.name},
        )
    )
    for (column,) in corrected:
        if column in stored:
            _correct_column(engine, survey, column)


def _correct_column(engine: Engine, survey: Survey, column: str) -> None:
    table, field = quoted("raw", survey.name), quoted(column)
    engine.execute(
        Query(
            sql=f"UPDATE {table} SET {field} = corrected.code FROM house.corrections AS corrected "
            f'WHERE corrected.survey = $survey AND corrected."column" = $column '
            f"AND corrected.respondent = {table}.respondent",
            parameters={"survey": survey.name, "column": column},
        )
    )
