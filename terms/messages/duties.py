"""Recalls and retention: what may be taken back, and what was kept for its time."""

from __future__ import annotations

from terms.words import Text

MESSAGES: dict[str, tuple[Text, Text]] = {
    "recall_reason_or_agree": (
        Text(
            ja="撤回には、理由(--reason)か、別の人の求めへの同意(--agree)の、どちらか一つが要ります。",
            en="A recall takes either a reason (--reason) or the agreement to what another person asked for (--agree).",
        ),
        Text(
            ja="理由は error、basis、disclosure、order のいずれかです。",
            en="Reasons are error, basis, disclosure and order.",
        ),
    ),
    "recall_not_published": (
        Text(ja="{release} という公表物はありません。", en="There is no published release {release}."),
        Text(ja="shoji provide list で公表物を確かめてください。", en="See what is published with shoji provide list."),
    ),
    "recall_not_asked": (
        Text(ja="{release} の撤回は、まだ誰も求めていません。", en="Nobody has asked for the recall of {release}."),
        Text(
            ja="一人目が --reason を付けて求め、二人目が --agree で同意します。",
            en="A first person asks with --reason, a second one agrees with --agree.",
        ),
    ),
    "recall_same_person": (
        Text(
            ja="{release} の撤回を求めた人は、自分でそれに同意できません。",
            en="Whoever asked for the recall of {release} may not also agree to it.",
        ),
        Text(ja="別の担当者が同意してください。", en="Another person has to agree."),
    ),
    "recall_done": (
        Text(ja="{release} はすでに撤回されています。", en="{release} was recalled before."),
        Text(ja="告知はその公表物のフォルダにあります。", en="The notice stands in the folder of the release."),
    ),
    "release_recalled": (
        Text(ja="公表物 {release} は撤回されました。", en="Release {release} was recalled."),
        Text(
            ja="使わないでください。この調査がもう一度公表されることはありません(docs/decisions/0013-recall.md)。",
            en="Do not use it. The survey is not published a second time (docs/decisions/0013-recall.md).",
        ),
    ),
    "sealed_release_missing": (
        Text(
            ja="公表物 {release} またはその封をした控えが見つかりません。",
            en="Release {release}, or its sealed copy, is not where it belongs.",
        ),
        Text(ja="バックアップから保管場所を戻してください。", en="Put the home back from a backup."),
    ),
    "sealed_release_damaged": (
        Text(
            ja="公表物 {release} の封をした控えが壊れているか、別の鍵で封をされています。",
            en="The sealed copy of {release} is damaged, or was sealed with another key.",
        ),
        Text(
            ja="SHOJI_KEYS を確かめ、必要ならバックアップから戻してください。",
            en="See whether SHOJI_KEYS is the right folder; put the copy back from a backup otherwise.",
        ),
    ),
    "answers_expired": (
        Text(
            ja="保管期間が過ぎ、回答またはその元のファイルは {day} に削除されました。",
            en="The answers, or the files they came from, were deleted on {day}: they had been kept for their time.",
        ),
        Text(
            ja="公表済みの結果はそのままです。この調査の回答がもう一度取り込まれることはありません。",
            en="What is published stays. Answers of this survey are not taken in again.",
        ),
    ),
    "retention_unknown": (
        Text(
            ja="この調査の回答をいつまで保管してよいか分かりません。",
            en="Nothing says how long the answers of this survey may be kept.",
        ),
        Text(
            ja="shoji retention に調査の survey.yaml を渡してください。",
            en="Name its survey.yaml: shoji retention path/to/survey.yaml.",
        ),
    ),
    "source_kept_outside": (
        Text(
            ja="期限の過ぎたエクスポートファイルが、調査のフォルダの外にあるか、リンクです。",
            en="An export file whose time is over lies outside the survey's folder, or is a link.",
        ),
        Text(ja="ご自身で削除してください。", en="Delete it yourself."),
    ),
    "rewards_not_direct_identifier": (
        Text(
            ja="{name} は direct_identifier の列ではありません。送付先になるのはその役割の列だけです。",
            en="{name} is no column of the role direct_identifier, and rewards are sent by such columns alone.",
        ),
        Text(ja="列名と役割を確かめてください。", en="See the column's name and its role."),
    ),
    "rewards_name_the_respondent": (
        Text(
            ja="{name} は回答者を表す列(respondents.key)なので、送付先の一覧には入れられません。",
            en="{name} is the respondent key: a list that holds it could be joined with the answers.",
        ),
        Text(ja="送付に使う別の列を宣言してください。", en="Declare another column to send by."),
    ),
    "rewards_wanted_not_ignored": (
        Text(
            ja="送付の希望を表す列の役割は ignored でなければなりません。希望は回答と一緒には保存しません。",
            en="The column that says who wants a reward must have the role ignored: it is stored with no answer.",
        ),
        Text(ja="その列を宣言し、役割を ignored にしてください。", en="Declare the column with the role ignored."),
    ),
    "rewards_not_in_notice": (
        Text(
            ja="通知の版 {notice} は、賞品や資料の送付を目的に挙げていません。連絡先を取り置けません。",
            en="Version {notice} of the notice does not state that rewards are sent: contact data may not be kept.",
        ),
        Text(
            ja="その目的を挙げる版のもとで集めた回答に限り rewards を宣言してください。",
            en="Declare rewards only for answers given under a version that states it.",
        ),
    ),
    "rewards_undeclared": (
        Text(ja="この調査には送付先の宣言がありません。", en="This survey declares no rewards."),
        Text(ja="survey.yaml の rewards を確かめてください。", en="See rewards in its survey.yaml."),
    ),
    "rewards_missing": (
        Text(
            ja="送付先の一覧がありません。まだ取り込んでいないか、消去の請求のあとです。",
            en="There is no list: nothing was taken in yet, or somebody was erased since.",
        ),
        Text(ja="shoji ingest で取り込むと作り直されます。", en="shoji ingest makes it anew."),
    ),
    "rewards_damaged": (
        Text(
            ja="送付先の一覧が壊れているか、別の鍵で作られています。",
            en="The list is damaged, or was made with another key.",
        ),
        Text(
            ja="SHOJI_KEYS を確かめ、shoji ingest で作り直してください。",
            en="See whether SHOJI_KEYS is the right folder; shoji ingest makes the list anew.",
        ),
    ),
    "rewards_over": (
        Text(ja="送付先の一覧の保管は {day} までです。", en="The list might be kept until {day}."),
        Text(ja="shoji retention で削除してください。", en="Delete it with shoji retention."),
    ),
    "rewards_out_inside_home": (
        Text(
            ja="書き出し先が保管場所の中です。連絡先は回答のある場所に置きません。",
            en="The file would lie inside the home: contact data stay apart from answers.",
        ),
        Text(ja="保管場所の外を指定してください。", en="Name a place outside the home."),
    ),
    "rewards_out_exists": (
        Text(ja="その名のファイルがすでにあります。", en="There is such a file already."),
        Text(ja="上書きはしません。別の名前を指定してください。", en="It is not written over: name another one."),
    ),
}
