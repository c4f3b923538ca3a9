"""What can be wrong with the answers, the codebook, and the way a command was called."""

from __future__ import annotations

from terms.words import Text


def _say(ja: str, en: str, hint_ja: str = "", hint_en: str = "") -> tuple[Text, Text]:
    return Text(ja=ja, en=en), Text(ja=hint_ja, en=hint_en)


MESSAGES: dict[str, tuple[Text, Text]] = {
    "survey_unknown": _say(
        "そのような調査はありません。",
        "there is no such survey.",
        "次のどれか、または survey.yaml へのパスを指定してください: {known}。",
        "Use one of: {known}; or the path of a survey.yaml.",
    ),
    "day_malformed": _say(
        "日付ではありません。", "this is not a date.", "2026-05-01 の形で書いてください。", "Write 2026-05-01."
    ),
    "day_in_future": _say(
        "日本時間でまだ来ていない日です。",
        "this day has not come yet in Japan.",
        "今日までの日付を指定するか、--as-of を外してください。",
        "Give today's date or an earlier one, or leave out --as-of.",
    ),
    "data_folder_unknown": _say(
        "このソースは共有データにありますが、その場所が分かりません。",
        "this source lies in the shared data, and nobody said where that is.",
        "SHOJI_DATA に datasets/ を含むフォルダを設定するか、--source でファイルを指定してください。",
        "Set SHOJI_DATA to the folder that holds datasets/, or give the file with --source.",
    ),
    "undeclared_quasi_identifier": _say(
        "宣言されていないコードのある行: {rows} 行(値は表示しません)。",
        "rows with a code that is not declared: {rows} (values withheld).",
        "行の位置は rejects の報告にあります。options に足すか、元データを直してください。",
        "The reject report says which; add it to options or correct the export.",
    ),
    "too_many_rejects": _say(
        "使えない行: {rows} 行。規則(policy)の上限 {limit} % を超えています。",
        "bad rows: {rows}, more than the {limit} % that the policy allows.",
        "rejects の報告で位置と理由を見てください。",
        "The reject report says where and why.",
    ),
    "respondents_repeat": _say(
        "二度答えた人がいます。",
        "somebody answered more than once, and the declaration allows no repeats.",
        "repeat: first か latest を宣言してください。",
        "Declare repeat: first or latest.",
    ),
    "nobody_answered": _say(
        "使える回答がありません。",
        "no answer is left to publish.",
        "同意の列、調査期間、--as-of を確認してください。",
        "Check the consent column, the fieldwork dates and --as-of.",
    ),
    "no_table_left": _say(
        "公表できる表が残っていません。",
        "no table is left to publish.",
        "tables を足すか、階層に細かい段を足してください。",
        "Declare tables, or finer levels in the hierarchies.",
    ),
    "codebook_missing": _say(
        "凍結された計画がありません。",
        "there is no frozen plan.",
        "shoji plan {survey} を見てから shoji plan {survey} --freeze を実行してください。",
        "Look at `shoji plan {survey}`, then run `shoji plan {survey} --freeze`.",
    ),
    "codebook_malformed": _say(
        "凍結された計画を読めません。",
        "the frozen plan cannot be read.",
        "手で直さず shoji plan {survey} --freeze で作り直してください。",
        "Do not edit it; make it again with `shoji plan {survey} --freeze`.",
    ),
    "codebook_outdated": _say(
        "凍結の後に階層の宣言が変わっています。",
        "the declared hierarchies have changed since the plan was frozen.",
        "宣言を戻すか、公表前なら shoji plan {survey} --freeze をやり直してください。",
        "Restore them, or freeze again with `shoji plan {survey} --freeze` if nothing is published yet.",
    ),
    "codebook_level_unknown": _say(
        "そのような段はありません。",
        "there is no such level.",
        "shoji plan で作り直してください。",
        "Make the codebook again with `shoji plan`.",
    ),
    "codebook_in_use": _say(
        "この計画ですでに公表しています。",
        "something is already published under this plan.",
        "公表済みの計画は変えられません。",
        "A plan that was published under does not change.",
    ),
    "plan_impossible": _say(
        "最も粗い段でも {k} 人に満たない群があります。",
        "even the coarsest levels leave a group of fewer than {k} people.",
        "回答者が足りません。公表できません。",
        "There are too few respondents to publish anything.",
    ),
    "home_empty": _say(
        "ここではまだ何も実行されていません。",
        "nothing has run under this home yet.",
        "--home か SHOJI_HOME を確認してください。",
        "Check --home or SHOJI_HOME.",
    ),
    "nothing_published_here": _say(
        "公表物が見つかりません。",
        "there is no such release.",
        "公表フォルダ、または公表済みの調査名を指定してください(shoji list)。",
        "Give a release folder or a survey that is published (`shoji list`).",
    ),
    "folder_missing": _say(
        "そのようなフォルダはありません。", "there is no such folder.", "パスを確認してください。", "Check the path."
    ),
    "undeclared_code": _say(
        "宣言されていないコードです(値は表示しません)。",
        "a code that is not declared (value withheld).",
        "options に足すか、元データを直してください。",
        "Add it to options or correct the export.",
    ),
    "out_of_range": _say(
        "宣言された範囲の外です(値は表示しません)。",
        "outside the declared range (value withheld).",
        "range か元データを直してください。",
        "Correct range or the export.",
    ),
    "date_impossible": _say(
        "日時として読めません(値は表示しません)。",
        "not a date (value withheld).",
        "2026-05-01 10:00:00 の形で書き出してください。",
        "Export it as 2026-05-01 10:00:00.",
    ),
    "outside_fieldwork": _say(
        "調査期間の外の回答です。",
        "answered outside the declared fieldwork.",
        "fieldwork の日付を確認してください。",
        "Check the dates of fieldwork.",
    ),
    "weight_impossible": _say(
        "ウェイトが 0 より大きく 1000 以下の数ではありません。",
        "the weight is not a number above 0 and up to 1000.",
        "元データを直してください。",
        "Correct the export.",
    ),
}
