"""What the attacker with the roster and accomplices found, question by question."""

from __future__ import annotations

from terms.messages.attack import MERGE
from terms.words import Text

MESSAGES: dict[str, tuple[Text, Text]] = {
    "answer_forced": (
        Text(
            ja="すべての表と属性の名簿を合わせると、誰かの回答が一つに定まるか、定まらないことを確かめられません。",
            en="all tables together with the roster leave somebody one answer, or nobody can show that they do not.",
        ),
        MERGE,
    ),
    "staged_cells_differ": (
        Text(
            ja="書き出した cells.csv が、検査した表と違います。",
            en="the cells.csv that was written is not the table that was judged.",
        ),
        Text(ja="ソフトウェアの不具合です。報告してください。", en="This is a bug in the software; please report it."),
    ),
}
