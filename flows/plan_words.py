"""The sentences of ``shoji plan``."""

from __future__ import annotations

from terms.words import Text

WORDS = {
    "level": Text(ja="{name}: 段 {level}/{height}  {groups}", en="{name}: level {level} of {height}  {groups}"),
    "classes": Text(
        ja="同値類 {classes} 個、最小 {smallest} 人(k = {k})、情報の損失 {loss} %",
        en="{classes} equivalence classes, the smallest of {smallest} people (k = {k}), "
        "{loss} % of the detail given up",
    ),
    "not_proven": Text(
        ja="最良とは証明できませんでした(探索の上限に達しました)。"
        "どの案も、失う切り口は {breaks} 個以上、同数なら損失は {loss} % 以上です。",
        en="Not proven to be the best (the search's budget ended): any plan loses {breaks} breaks or more, "
        "and with as many {loss} % of the detail or more.",
    ),
    "plan": Text(ja="案 {number}", en="plan {number}"),
    "of_level": Text(ja="{name} の段", en="level of {name}"),
    "of_loss": Text(ja="情報の損失 %", en="% of the detail given up"),
    "of_breaks": Text(ja="失う切り口", en="breaks lost"),
    "of_k": Text(ja="最小の同値類(k = {k})", en="smallest class (k = {k})"),
    "of_l": Text(ja="{name} の異なる値(l = {l})", en="distinct {name} (l = {l})"),
    "of_t": Text(ja="{name} の分布の差 t", en="distance t of {name}"),
    "of_group": Text(ja="{name} の最小の群(人)", en="smallest group of {name}"),
    "of_small": Text(ja="小さいセル/全セル", en="small cells of all"),
    "of_withheld": Text(ja="公表できない設問", en="questions withheld (R3)"),
    "small_only": Text(
        ja="案 1 が凍結されます。小さいセルは k 人に満たないもののみで、それを守るために伏せるセルは含みません。",
        en="Plan 1 is what is frozen. Small cells are those below k people, without those hidden to protect them.",
    ),
    "hidden": Text(
        ja="{variable}: {cells} セル中 {hidden} 個を秘匿", en="{variable}: {hidden} of {cells} cells hidden"
    ),
    "withheld": Text(
        ja="{question}: 公表できません(群内の回答が揃いすぎ: {tables})。"
        "その切り口を tables から外すか、群をまとめてください。",
        en="{question}: cannot be published (a group agrees too much in {tables}). "
        "Leave that break out of tables, or merge its groups.",
    ),
    "narrow": Text(
        ja="{question}: 公表できません(切り口を合わせると伏せた数が分かります)。切り口を一つ外してください。",
        en="{question}: cannot be published (its breaks together give hidden counts back). Leave one of them out.",
    ),
    "gone": Text(
        ja="{name} は「すべて」まで粗くなり、切り口に使えません。群をまとめた段を階層に足してください。",
        en="{name} is generalised to * and gives no break. Add a level with larger groups to its hierarchy.",
    ),
    "merges": Text(
        ja="宣言で隣り合う群を一つにすると(その段の群か、選択肢を書き換えます。一つずつ試した場合。"
        "k 人に満たないセルのみの数):",
        en="If the declaration made neighbouring groups one (in the groups of that level, or among the options; each "
        "tried alone; counted are cells below k people only):",
    ),
    "merge": Text(
        ja="{variable}: 「{one}」と「{other}」をまとめると、小さいセルが {back} 個減ります({now} → {then})",
        en="{variable}: merge {one} and {other}: {back} small cells come back ({now}, then {then})",
    ),
    "freed": Text(
        ja="{variable}: 「{one}」と「{other}」をまとめると、群内で揃いすぎる回答がなくなります: {questions}",
        en="{variable}: merge {one} and {other}: no group agrees too much any more in {questions}",
    ),
    "frozen": Text(ja="凍結しました: {path}", en="frozen: {path}"),
    "not_frozen": Text(
        ja="凍結するには: shoji plan {survey} --freeze", en="to freeze it: shoji plan {survey} --freeze"
    ),
}
