"""Words about tables that page and workbook share."""

from __future__ import annotations

from terms.words import Text

NOTHING = Text(ja="この設問の数値は公表しません", en="No figures are published for this question")
NO_WEIGHTED = Text(
    ja="この設問のウェイト付きの数値は公表しません", en="No weighted figures are published for this question"
)
SEVERAL = Text(ja="複数回答", en="Several answers possible")
SHARE = {
    "percent": Text(ja="回答した人に占める%", en="% of those who answered"),
    "percent_of_all": Text(ja="尋ねた人全員に占める%", en="% of everyone asked"),
}
SHARES = Text(ja="割合", en="Percentages")
COUNTS = Text(ja="人数", en="People")
BASES = Text(ja="基数", en="Bases")
ASKED = Text(ja="尋ねた人", en="Everyone asked")
BASE = Text(ja="回答した人", en="Those who answered")
WEIGHTED = Text(ja="ウェイト付きの割合", en="Weighted percentages")
ROW_SHARE = Text(ja="行の割合（同じ回答をした人の内訳）", en="Row percentages (who gave this answer)")
HIDDEN = Text(ja="非公表", en="not shown")
