"""What planning a survey refuses."""

from __future__ import annotations

from terms.words import Text

MESSAGES: dict[str, tuple[Text, Text]] = {
    "plan_budget_spent": (
        Text(
            ja="組を {tuples} 回調べても、すべての群が満たす段の組み合わせは見つかりませんでした。",
            en="No combination of levels that holds was found among {tuples} tuples looked at.",
        ),
        Text(
            ja="準識別子か階層の段を減らしてください。",
            en="Declare fewer quasi-identifiers or levels.",
        ),
    ),
    "plan_measures_differ": (
        Text(
            ja="匿名化した層を数え直すと、探索で測った値と合いません。",
            en="Counting the anonymised layer anew does not come to what the search has measured.",
        ),
        Text(
            ja="ソフトウェアの欠陥です。段を凍結せず、開発者に知らせてください。",
            en="This is a bug: freeze nothing, and report it.",
        ),
    ),
}
