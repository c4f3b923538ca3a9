"""The promises at the four shores: raw, clean, anonymised, released.

Each shore has a suite, and each suite is judged on small *class tables* (columns and their roles, counts of codes,
equivalence classes, displayed cells): a suite costs the same for a thousand respondents as for ten million, and no
row of a respondent comes near it. A suite that fails is a refusal, a suite that errors is a fault, and neither
carries a value.

Great Expectations and pandas speak here and nowhere else. They take seconds to import, so they are imported with
the first suite that is judged and not with this room.
"""

from expectations.suites import Shore, SuiteResult, check

__all__ = ["Shore", "SuiteResult", "check"]
