"""The sentences of ``shoji explain``, for somebody who has never heard of suppression."""

from __future__ import annotations

from terms.words import Text

WORDS: dict[str, Text] = {
    "head": Text(
        ja="{title}({table}): 人数 {counts} 個のうち {hidden} 個を伏せています。",
        en="{title} ({table}): {hidden} of {counts} counts are hidden.",
    ),
    "nothing": Text(
        ja="尋ねたセルに、伏せた人数はありません。", en="No count is hidden among the cells you asked about."
    ),
    "another": Text(
        ja="{release} の後で回答か計画か規則が変わっています。"
        "これは今の回答についての説明で、公表物の説明ではありません。",
        en="Answers, codebook or policy have changed since {release}: this explains today's answers, not that release.",
    ),
    # --- the table
    "cell": Text(ja="セル", en="Cell"),
    "people": Text(ja="人数", en="People"),
    "could_be": Text(ja="外からの推定", en="Outsiders know"),
    "why": Text(ja="理由", en="Why it is hidden"),
    "base": Text(ja="ベース(答えた人)", en="Base (those who answered)"),
    "not_chosen": Text(ja="答えたが「{row}」を選ばなかった人", en="answered, but did not choose {row}"),
    "exactly": Text(ja="{cell} がちょうど {low} 人", en="{cell} is exactly {low}"),
    "between": Text(ja="{cell} が {low}〜{high} 人", en="{cell} is {low} to {high}"),
    "more": Text(ja="ほか {more} 個", en="{more} more"),
    "apart": Text(ja="、", en="; "),
    # --- causes, short
    "primary": Text(ja="少なすぎる: {k} 人未満", en="Too few: below {k}"),
    "secondary": Text(ja="見せると分かる: {cells}", en="Would give away: {cells}"),
    "secondary_spare": Text(ja="ほかと一緒に伏せた", en="Hidden together with others"),
    "residual": Text(ja="無回答は数字にしない", en="Never printed: who did not answer"),
    "no_pattern": Text(ja="{scope}ごと非公表", en="Withheld with {scope}"),
    "column": Text(ja="列", en="its column"),
    "table": Text(ja="表の内訳", en="all columns of its table"),
    "question": Text(ja="設問", en="the whole question"),
    "group_disclosure": Text(ja="設問ごと非公表", en="Withheld with the whole question"),
    "joint": Text(ja="設問ごと非公表", en="Withheld with the whole question"),
    # --- causes, in full
    "primary_means": Text(
        ja="少なすぎる：1〜{most} 人の数は、誰のことか分かりかねないので公表しません(一次秘匿、規則 R2)。"
        "似た回答か隣の群とまとめて {k} 人以上にすれば出せます。",
        en="Too few: a count of 1 to {most} people is never published, because somebody might recognise them (primary "
        "suppression, rule R2). It comes back when the answer is merged with a similar one, or the group with its "
        "neighbour, and {k} people stand for it.",
    ),
    "secondary_means": Text(
        ja="見せると分かる：この人数自体は十分ですが、これも見せると、足し算と引き算だけで少なすぎる人数が分かって"
        "しまいます。そのため一緒に伏せます(二次秘匿、規則 R2)。守っている小さい人数を伏せずに済めば出せます。",
        en="Would give away: large enough itself, but were it shown too, adding and subtracting the shown counts would "
        "tell the small ones named there. So it is hidden with them (secondary suppression, rule R2). It comes back "
        "when those small counts no longer need hiding.",
    ),
    "secondary_spare_means": Text(
        ja="ほかと一緒に伏せた：これ一つだけを見せても小さい人数は分かりませんが、安全だと確かめた伏せ方は"
        "全体で一組です(二次秘匿、規則 R2)。",
        en="Hidden together with others: showing this one alone would give no small count away, but it belongs to the "
        "set of hidden counts that was proven safe as a whole (secondary suppression, rule R2).",
    ),
    "residual_means": Text(
        ja="無回答は数字にしない：この調査の規則(no_answer: residual)では、答えなかった人の数を出しません。"
        "全体からベースを引けば分かるので、秘密ではありません。",
        en="Never printed: under this survey's policy (no_answer: residual) the number of people who did not answer "
        "is left out. It is no secret: it is the total minus the base.",
    ),
    "no_pattern_means": Text(
        ja="{scope}ごと非公表：ほかのどの人数を伏せても小さい人数を守れないので、0 人も含めて全部伏せます"
        "(規則 R2)。人数の少ない回答や群をまとめれば出せます。",
        en="Withheld with {scope}: whatever else is hidden, small counts in it could be worked out. So all of it is "
        "hidden, zeros included (rule R2). It comes back when answers or groups with few people are merged.",
    ),
    "group_disclosure_means": Text(
        ja="設問ごと非公表：表 {tables} のある群で回答が揃いすぎていて、誰がどの人か分からなくても中身が知れます"
        "(規則 R3: 最も多い回答と違う人が {s} 人以上必要)。その群だけを伏せるとかえって知れるので、設問を丸ごと"
        "伏せます。その切り口を tables から外すか、群をまとめれば出せます。",
        en="Withheld with the whole question: in {tables} some group agrees so much that its answers are known without "
        "knowing who is who (rule R3: at least {s} people must differ from the commonest answer). Hiding that group "
        "alone would tell. It comes back when that break is left out of `tables`, or its groups are merged.",
    ),
    "everybody_means": Text(
        ja="設問ごと非公表：全体で回答が揃いすぎていて、誰がどの人か分からなくても中身が知れます"
        "(規則 R3: 最も多い回答と違う人が {s} 人以上必要)。まとめ方では出せません。tables から外してください。",
        en="Withheld with the whole question: everybody taken together agrees so much that the answers are known "
        "without knowing who is who (rule R3: at least {s} people must differ from the commonest answer). No merging "
        "brings it back: leave the question out of `tables`.",
    ),
    "joint_means": Text(
        ja="設問ごと非公表：回答者の属性の内訳を知る人には、切り口を全部合わせると伏せた人数が分かります。"
        "切り口を一つ外せば出せます。",
        en="Withheld with the whole question: somebody who knows everyone's demographics could work out hidden counts "
        "by combining all its breaks. It comes back when one break is left out.",
    ),
    # --- about the figures
    "legend": Text(
        ja="外からの推定：見せている人数を一人単位で知る人でも、ここまでしか絞り込めません。括弧内は、公表値(丸めた"
        "数字)だけを見る人の場合です。幅は {width} 人以上を保ちます。",
        en="Outsiders know: the closest that somebody can get who knows every shown count to the person; in brackets, "
        "who reads the published, rounded figures alone. The range must stay at least {width} wide.",
    ),
    "legend_blind": Text(
        ja="外からの推定：公表値(丸めた数字)から絞り込める範囲です。真の人数は、端末か --operator でだけ表示します。",
        en="Outsiders know: the closest that a reader of the published, rounded figures can get. True counts are shown "
        "to a terminal, or with --operator.",
    ),
    "weights": Text(
        ja="この設問の weighted_percent は出しません。重いウェイトの人の回答が読み取れるおそれがあります(規則 R8)。",
        en="This question has no weighted_percent: the answer of a person with a large weight could be read from it "
        "(rule R8).",
    ),
    "no_base": Text(
        ja="ベースを伏せた列には percent がありません: {cols}。代わりに percent_of_all を見てください。",
        en="Columns whose base is hidden have no percent: {cols}. Read percent_of_all instead.",
    ),
    # --- one cell whose count is shown
    "shown": Text(ja="{cell}: 人数は公表しています。", en="{cell}: the count is shown."),
    "base_hidden": Text(
        ja="{measure} がないのは、この列のベースを伏せているからです。",
        en="It has no {measure} because the base of its column is hidden.",
    ),
    "total_hidden": Text(
        ja="{measure} がないのは、この行の全体の人数を伏せているからです。",
        en="It has no {measure} because the total of its row is hidden.",
    ),
}
