"""The list of those who are to be sent something: made at the door, beside the road."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flows.run import Run
from flows.setting import today
from governance.retention import is_over, keep_until
from storage.rewards import drop_rewards, keep_rewards


def keep_contacts(run: Run, readings: Sequence[Any]) -> None:
    """Make the list anew; none where none is declared any more, or its time is over."""
    survey, home = run.survey, run.setting.home
    if survey.rewards is None or is_over(keep_until(survey).rewards, today()):
        drop_rewards(home, survey.name)
        return
    keep_rewards(home, run.root, survey, readings, run.warehouse.desk().erased(survey))
