"""Before anything is read: may these answers be used for this survey?"""

from __future__ import annotations

from datetime import date

from flows.run import Run
from flows.setting import CHECKOUT
from governance.purpose import judge_purpose
from governance.retention import keep_until, noted
from terms.companies import Registers
from terms.findings import Finding, Refused
from terms.registers import read_registers
from terms.survey import Survey

REGISTERS = CHECKOUT / "data" / "registers"
"""Beside the declarations, and under the same care: whoever may change the one may change the other."""


def registers() -> Registers:
    """The registers of this checkout. Raises Refused where something is wrong in them."""
    return read_registers(REGISTERS)


def purpose_problems(survey: Survey, as_of: date) -> list[Finding]:
    """What forbids using the answers, problems of the registers included."""
    try:
        return judge_purpose(survey, registers(), as_of)
    except Refused as refused:
        return list(refused.findings)


def permit(run: Run) -> None:
    """Refuse a run that may not use its sources; note under what each source's answers were given.

    A stored answer carries its source and its day: with this line of the ledger they say which version of the notice
    it was given under, whatever becomes of the declaration.
    """
    problems = purpose_problems(run.survey, run.as_of)
    if problems:
        raise Refused(*problems)
    grounds = [
        {
            "source": source.name,
            "from": one.since.isoformat(),
            "to": one.until.isoformat(),
            "company": one.controller.company,
            "purpose": one.purpose.value,
            "notice": one.notice_version,
            "consent": one.consent.basis.value,
            "processor": one.processor,
        }
        for source in run.survey.sources
        for one in run.survey.grounds_of(source)
    ]
    said = {"survey": run.survey.name, "as_of": run.as_of.isoformat(), "registers": registers().hash}
    run.ledger.append("purpose_judged", {**said, "grounds": grounds, "kept": noted(keep_until(run.survey))})
