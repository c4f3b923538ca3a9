"""Requests of the people whose data are held, and the keys of those who handle them."""

from __future__ import annotations

from terms.words import Text

LIST = Text(ja="shoji person list で請求を確かめてください。", en="See the requests with shoji person list.")
ROLES = Text(ja="shoji role list で確かめてください。", en="See who may act with shoji role list.")

MESSAGES: dict[str, tuple[Text, Text]] = {
    "request_unknown": (
        Text(ja="番号 {number} の請求はありません。", en="There is no request number {number}."),
        LIST,
    ),
    "request_not_open": (
        Text(
            ja="請求 {number} の本人確認は済んでいるか、請求は終わっています。",
            en="The identity check of request {number} is done, or the request has ended.",
        ),
        LIST,
    ),
    "request_ended": (
        Text(ja="請求 {number} は終わっています。", en="Request {number} has ended."),
        Text(
            ja="同じ人から改めて請求があれば、shoji person open で受け付けてください。",
            en="If the same person asks again, note it with shoji person open.",
        ),
    ),
    "request_not_identified": (
        Text(
            ja="請求 {number} は本人確認がまだです。確認するまで何も見せず、何も変えません。",
            en="Nobody has confirmed who asks in request {number}. Until then nothing is shown or changed.",
        ),
        Text(ja="shoji person identify {number} を先に。", en="First: shoji person identify {number}."),
    ),
    "request_of_other_kind": (
        Text(ja="請求 {number} は別の種類の請求です。", en="Request {number} asks for something else."),
        LIST,
    ),
    "request_same_operator": (
        Text(
            ja="請求 {number} の本人確認をした人は、その対応をできません。",
            en="Whoever confirmed the identity in request {number} may not also carry it out.",
        ),
        Text(ja="別の担当者が対応してください。", en="Another operator has to do it."),
    ),
    "request_other_person": (
        Text(
            ja="入力された識別子は、請求 {number} で本人確認をした人のものではありません。",
            en="This identifier is not that of the person who was identified for request {number}.",
        ),
        Text(ja="何も変えていません。もう一度入力してください。", en="Nothing was changed. Enter it again."),
    ),
    "erased_person_found": (
        Text(
            ja="請求 {number} の消去のあと、この人の痕跡が保管場所のファイルに見つかりました。",
            en="After the erasure of request {number}, traces of the person are in a file under the home.",
        ),
        Text(
            ja="控えや写しを保管場所に置いていないか確かめ、取り除いてから、消去をもう一度請求してください。",
            en="See whether a copy or a backup lies under the home; remove it and ask for the erasure again.",
        ),
    ),
    "nobody_can_be_found": (
        Text(
            ja="この調査は回答者の識別子を受け取っていないため、誰の回答か分かりません。",
            en="This survey takes no respondent key, so nobody can be found in it.",
        ),
        Text(
            ja="本人にはそのとおりお伝えください(shoji person refuse)。",
            en="Tell the person so, and close the request (shoji person refuse).",
        ),
    ),
    "identifier_missing": (
        Text(ja="識別子が空です。", en="The identifier is empty."),
        Text(
            ja="調査が使う識別子(会員番号など)を入力してください。",
            en="Enter the identifier that the survey uses (a member number, say).",
        ),
    ),
    "identifier_ambiguous": (
        Text(
            ja="大文字と小文字や空白の違いで、二人以上に当てはまります。",
            en="With other capitals or blanks this identifier is that of more than one person.",
        ),
        Text(ja="登録されたとおりに入力してください。", en="Enter it exactly as it is on file."),
    ),
    "correction_unknown": (
        Text(
            ja="そのような回答の列か、宣言されたコードがありません。",
            en="There is no such answer column, or the code is not declared for it.",
        ),
        Text(
            ja="調査の宣言(survey.yaml)の列名とコードを使ってください。",
            en="Use a column and a code of the survey's declaration (survey.yaml).",
        ),
    ),
    "published_before_requests": (
        Text(
            ja="公表済みの {release} のあとに消去・訂正・利用停止の請求がありました。公表物は変わりません。",
            en="After {release} was published somebody asked for erasure, correction or no further use. What is "
            "published does not change.",
        ),
        Text(ja="することはありません。", en="There is nothing to do."),
    ),
    "no_such_choice": (
        Text(ja="そのような選択肢はありません。", en="There is no such choice."),
        Text(ja="選べるのは {known} です。", en="Choose one of {known}."),
    ),
    "role_unknown": (
        Text(
            ja="この鍵の持ち主は、台帳に登録されていません。",
            en="The ledger does not know the holder of this key.",
        ),
        ROLES,
    ),
    "role_not_allowed": (
        Text(ja="{role} の役割では、これはできません。", en="The role of {role} does not allow this."),
        ROLES,
    ),
    "role_name_malformed": (
        Text(ja="担当者の名前として使えません。", en="This cannot be the name of a person who acts."),
        Text(
            ja="英小文字で始まる 31 字以内の英小文字・数字・_・- にしてください。",
            en="Use up to 31 small letters, digits, _ and -, beginning with a letter.",
        ),
    ),
    "role_name_taken": (
        Text(ja="その名前の人は、すでに台帳に登録されています。", en="The ledger knows somebody of that name."),
        Text(
            ja="鍵をなくしたときは shoji role end で外し、別の名前で加えてください。",
            en="If the key is lost, end it with shoji role end and enter the person under another name.",
        ),
    ),
    "role_key_exists": (
        Text(ja="その名前の鍵ファイルがすでにあります。", en="There is a key file of that name already."),
        Text(ja="上書きはしません。別の名前にしてください。", en="It is never overwritten; choose another name."),
    ),
    "role_key_missing": (
        Text(ja="この人の鍵ファイルがありません。", en="There is no key file of this person."),
        Text(
            ja="SHOJI_KEYS/roles/ に本人の鍵を置くか、shoji role add で作ってください。",
            en="Put the person's key into SHOJI_KEYS/roles/, or make one with shoji role add.",
        ),
    ),
    "role_key_open_to_others": (
        Text(ja="鍵ファイルかそのフォルダーを、他人が読めます。", en="Others can read the key file or its folder."),
        Text(ja="chmod 600(フォルダーは 700)にしてください。", en="chmod 600 the file, 700 the folder."),
    ),
    "role_key_damaged": (
        Text(ja="鍵ファイルが壊れているか、別の人のものです。", en="The key file is damaged, or somebody else's."),
        Text(ja="控えから元に戻してください。", en="Put it back from a copy."),
    ),
    "role_giver_missing": (
        Text(
            ja="新しい担当者は、すでに登録された operator が加えます。",
            en="A new person is entered by an operator who is known already.",
        ),
        Text(ja="--by NAME を付けてください。", en="Add --by NAME."),
    ),
    "first_role_is_operator": (
        Text(ja="最初の人は operator でなければなりません。", en="The first person must be an operator."),
        Text(ja="--role operator にしてください。", en="Use --role operator."),
    ),
    "last_operator": (
        Text(ja="最後の operator は外せません。", en="The last operator cannot be ended."),
        Text(ja="先に別の operator を加えてください。", en="Enter another operator first."),
    ),
    "ledger_head_broken": (
        Text(
            ja="公表物のそばの ledger-head.json が壊れています。",
            en="The ledger-head.json beside the releases is broken.",
        ),
        Text(ja="公表した控えから元に戻してください。", en="Put it back from a published copy."),
    ),
    "ledger_signature_wrong": (
        Text(
            ja="台帳の {line} 行目は、名前の挙がっている人の鍵で署名されていません。",
            en="Line {line} of the ledger is not signed with the key of the person it names.",
        ),
        Text(
            ja="書き換えられた疑いがあります。控えの台帳と照合してください。",
            en="It may be forged. Compare the ledger with a copy kept elsewhere.",
        ),
    ),
}
