"""What is not permitted: purposes, notices, companies, processors, provision to third parties; and incidents."""

from __future__ import annotations

from terms.words import Text


def _say(ja: str, en: str, hint_ja: str, hint_en: str) -> tuple[Text, Text]:
    return Text(ja=ja, en=en), Text(ja=hint_ja, en=hint_en)


REGISTERS = {
    "register_holds_more": _say(
        "このファイルの名前と同じキーのほかに、別のキーがあります。",
        "this file holds a key beside the one of its own name.",
        "登録簿は一つのファイルに一つです。別のファイルへ移してください。",
        "One register a file: move it into a file of its own name.",
    ),
    "period_backwards": _say(
        "終わりの日が始まりの日より前です。",
        "a period ends before it begins.",
        "from と to を直してください。",
        "Correct from and to.",
    ),
    "periods_overlap": _say(
        "同じ日に二つ以上が当てはまります。",
        "two of these hold on the same day.",
        "前のものの to を、次のものの from の前日にしてください。",
        "End the earlier one (to) on the day before the later one begins (from).",
    ),
    "periods_out_of_order": _say(
        "古い順に並んでいません。",
        "these are not in order of time.",
        "古いものから順に書いてください。",
        "Write the oldest first.",
    ),
    "company_not_registered": _say(
        "companies.yaml にない会社を指しています。",
        "this names a company that is not in companies.yaml.",
        "id を直すか、会社を登録してください。",
        "Correct the id, or register the company.",
    ),
    "successor_circle": _say(
        "承継先をたどると元の会社に戻ります。",
        "following the successors leads back to the company itself.",
        "最後に問い合わせを受ける会社の successor を消してください。",
        "Remove successor from the company that answers in the end.",
    ),
    "second_notice": _say(
        "会社 {company} には別のプライバシーポリシーがすでにあります。",
        "company {company} has another notice already.",
        "一社につき一つにし、改定は版(versions)として加えてください。",
        "A company has one notice; a revision is one of its versions.",
    ),
}

DECLARED = {
    "grounds_leave_days_open": _say(
        "grounds が調査期間を最初の日から最後の日まで、切れ目も重なりもなく覆っていません。",
        "the grounds do not cover the fieldwork from its first to its last day without a gap or an overlap.",
        "どの回答にも根拠が一つだけ当たるように from と to を直してください。",
        "Correct from and to, so that exactly one item holds for every answer.",
    ),
    "grounds_need_timestamp": _say(
        "根拠が途中で変わりますが、回答日時の列がないため、どの回答がどちらか分かりません。",
        "the grounds change on a day, and without a timestamp nobody can tell which answers are older.",
        "timestamp の列を宣言するか、期間ごとにファイルを分けてください。",
        "Declare a timestamp column, or split the file and give each part its own source.",
    ),
    "grounds_consent_column": _say(
        "この根拠の同意は、調査と別の列または別の値で確かめることになっています。"
        "入口はすべての行を同じ列で確かめます。",
        "this consent would be read from another column, or other values, than the survey's: the door asks the same of "
        "every row.",
        "同じ consent 列に見出しを並べるか(header: [..])、別の調査にしてください。",
        "Give the one consent column several headers (header: [..]), or declare a survey of its own.",
    ),
}

PURPOSE = {
    "company_unknown": _say(
        "会社 {company} は登録簿にありません。",
        "company {company} is not in the register.",
        "id を直すか、data/registers/companies.yaml に登録してください。使われた id を別の会社に使ってはいけません。",
        "Correct the id, or register the company in data/registers/companies.yaml; never use an id again for another.",
    ),
    "company_not_in_group": _say(
        "会社 {company} は、{first} から {last} までの間、グループに属していません(属していない日があります)。",
        "company {company} was not in the group on every day from {first} to {last}.",
        "その期間の回答は、ほかの会社の調査として使えません。属していた期間だけを別の調査にしてください。",
        "Its answers of those days cannot be used. Declare the days of its membership as a survey of their own.",
    ),
    "public_body_asks_nobody": _say(
        "{company} はグループの会社ではありません。公開されたデータ以外は使えません。",
        "{company} is no company of the group: nothing but data that it published can be used.",
        "consent の basis を確かめてください。公開データなら public_dataset です。",
        "Check the basis of consent; published data are public_dataset.",
    ),
    "division_unknown": _say(
        "会社 {company} に、この名前の部署は登録されていません。",
        "company {company} has no division of this name in the register.",
        "登録簿の names の一つと同じに書くか、部署を登録してください。",
        "Write it as one of its names in the register, or register the division.",
    ),
    "division_without_contact": _say(
        "会社 {company} の部署 {division} には、{day} の時点で問い合わせ先がありません。",
        "division {division} of company {company} has no contact on {day}.",
        "companies.yaml の contacts に加えてください。会社がグループを離れたなら successor が受けます。",
        "Add one to contacts in companies.yaml; where the company has left the group, name its successor.",
    ),
    "contact_outdated": _say(
        "会社 {company} の部署 {division} の {day} 時点の問い合わせ先は、ここに書かれたものではありません。",
        "division {division} of company {company} has another contact on {day} than is written here.",
        "登録簿の問い合わせ先に書き直してください。公表物に載るのはこの欄です。",
        "Write the register's contact here: this one is printed on the release.",
    ),
    "notice_unknown": _say(
        "会社 {company} のプライバシーポリシーに版 {notice} はありません。",
        "the notice of company {company} has no version {notice}.",
        "回答者が見た版を書いてください。登録は data/registers/notices.yaml です。",
        "Write the version that was shown to those who answered; versions are in data/registers/notices.yaml.",
    ),
    "notice_not_in_force": _say(
        "版 {notice} は、{first} から {last} までの間、ずっと有効だったわけではありません。",
        "version {notice} was not in force on every day from {first} to {last}.",
        "改定をまたぐ調査は、出典の grounds に版ごとの期間を書いてください。",
        "Where a revision fell into the fieldwork, give the source grounds: one item a version, with its days.",
    ),
    "purpose_not_in_notice": _say(
        "版 {notice} は利用目的 {purpose} を挙げていません。",
        "version {notice} does not state the purpose {purpose}.",
        "この回答は使えません。本人に示した目的の範囲で使うか、改めて同意を得てください。",
        "These answers cannot be used so: keep to the purposes that were stated, or ask the people anew.",
    ),
    "purpose_incompatible": _say(
        "{purpose} のために集めた回答は、目的が {used} の調査に使えません。",
        "answers collected for {purpose} cannot be used in a survey for {used}.",
        "この出典を外すか、目的の合う調査にしてください。",
        "Leave this source out, or put it into a survey of its own purpose.",
    ),
    "processor_unknown": _say(
        "委託先 {processor} は登録簿にありません。",
        "processor {processor} is not in the register.",
        "id を直すか、data/registers/processors.yaml に登録してください。",
        "Correct the id, or register it in data/registers/processors.yaml.",
    ),
    "processor_not_engaged": _say(
        "委託先 {processor} への委託は、{first} から {last} までのすべての日には及んでいません。",
        "processor {processor} was not engaged on every day from {first} to {last}.",
        "契約の期間を確かめ、登録簿か出典の期間を直してください。",
        "Check the contract, then correct its days in the register or those of the source.",
    ),
    "processor_out_of_scope": _say(
        "委託先 {processor} には、調査 {survey} の回答を集めることを委託していません。",
        "processor {processor} is not engaged to collect answers for survey {survey}.",
        "登録簿の surveys と may を確かめてください(collect が要ります)。",
        "Check surveys and may in the register (collecting needs collect).",
    ),
    "pooling_undeclared": _say(
        "会社 {company} の回答を、ほかの会社の回答と合わせることが宣言されていません。",
        "it is not declared that answers of company {company} are pooled with those of another.",
        "pooling に根拠(basis)と、合わせるすべての会社(companies)を書いてください。",
        "Declare pooling with its basis and all the companies.",
    ),
    "pooling_without_consent": _say(
        "同意にもとづいて合わせる調査ですが、この回答の根拠は同意ではありません。",
        "answers are pooled upon agreement, and these were not given upon agreement.",
        "同意(consent)の列で確かめた回答だけを合わせるか、共同利用(joint_use)を根拠にできるか確かめてください。",
        "Pool answers with a consent column only, or check whether joint_use holds.",
    ),
    "pooling_not_in_notice": _say(
        "版 {notice} は、合わせる会社のすべてを共同利用者として挙げていません。",
        "version {notice} does not name all the pooled companies as using data jointly.",
        "挙げていない会社の回答を外すか、pooling の basis を同意(consent)にできるか確かめてください。",
        "Leave out those that are not named, or check whether everybody agreed (basis: consent).",
    ),
}

PROVISION = {
    "recipient_unknown": _say(
        "この提供先は、その日の登録簿にありません。",
        "this recipient is not in the register on that day.",
        "data/registers/recipients.yaml に登録してください。人の名前は書きません。",
        "Register it in data/registers/recipients.yaml; persons are not named there.",
    ),
    "provision_to_come": _say(
        "提供の日がまだ来ていません。",
        "the day of the provision has not come.",
        "提供する日に記録してください。",
        "Record it on the day.",
    ),
    "provision_basis_wrong": _say(
        "根拠 {basis} では {provided} を提供できません。",
        "{provided} cannot be provided upon the basis {basis}.",
        "公表物は statistical、それ以外は consent、emergency、law のどれかです。",
        "A release is statistical; anything else is consent, emergency or law.",
    ),
    "provision_not_published": _say(
        "公表された結果ではありません。",
        "this is not a release that was published.",
        "shoji provide list で公表物の名前を確かめてください。公表していない集計は提供できません。",
        "See the names of releases with shoji provide list; what was not published cannot be provided.",
    ),
    "provision_needs_name": _say(
        "公表物のほかのものを提供するには、記録する人の名前が要ります。",
        "whatever is more than a release needs the name of whoever records it.",
        "--by で名乗ってください(鍵は shoji role)。",
        "Give your name with --by (keys: shoji role).",
    ),
    "provision_expiry": _say(
        "期限がないか、提供の日から {days} 日以内ではありません。",
        "there is no expiry within {days} days of the provision.",
        "--expires に、提供先が消すか返すべき最後の日を書いてください。",
        "Give the last day on which the recipient may hold it with --expires.",
    ),
    "provision_not_awaiting": _say(
        "提供 {number} は、二人目の同意を待っていません。",
        "provision {number} does not wait for a second person.",
        "shoji provide list で確かめてください。",
        "See shoji provide list.",
    ),
    "provision_same_person": _say(
        "提供 {number} を記録した人は、二人目になれません。",
        "whoever recorded provision {number} cannot be the second person.",
        "別の人が同意してください。",
        "Somebody else has to agree.",
    ),
    "provision_ended": _say(
        "提供 {number} は終わっています。",
        "provision {number} has ended.",
        "改めて提供するなら、新しく記録してください。",
        "Record a new one if it happens again.",
    ),
    "provision_unknown": _say(
        "番号 {number} の提供はありません。",
        "there is no provision number {number}.",
        "shoji provide list で確かめてください。",
        "See shoji provide list.",
    ),
    "provision_one_scope": _say(
        "提供したものを一つ指定してください。",
        "say what was provided, once.",
        "公表物なら --release、それ以外なら --what です。",
        "Use --release for a release, --what for anything else.",
    ),
}

INCIDENTS = {
    "incident_unknown": _say(
        "番号 {number} の事案はありません。",
        "there is no incident number {number}.",
        "shoji incident list で確かめてください。",
        "See shoji incident list.",
    ),
    "incident_closed": _say(
        "事案 {number} は閉じています。",
        "incident {number} is closed.",
        "新しいことが分かったなら、新しい事案として開いてください。",
        "If something new came up, open a new one.",
    ),
    "incident_report_made": _say(
        "事案 {number} のこの報告は、すでに記録されています。",
        "this report of incident {number} is noted already.",
        "shoji incident list で次の期限を確かめてください。",
        "See with shoji incident list what is due next.",
    ),
    "incident_report_order": _say(
        "事案 {number} の速報がまだ記録されていません。",
        "the prompt report of incident {number} is not noted yet.",
        "速報を先に記録してください。",
        "Note the prompt report first.",
    ),
    "incident_report_due": _say(
        "事案 {number} には、まだ報告が残っています。",
        "reports of incident {number} are still due.",
        "速報と確報を記録してから閉じるか、報告が不要なら not_reportable で閉じてください。",
        "Note both reports before closing it, or close it as not_reportable if no report is needed.",
    ),
    "incident_needs_name": _say(
        "報告したことは、名前のある人が記録します。",
        "that a report was made is noted by somebody with a name.",
        "--by で名乗ってください(鍵は shoji role)。",
        "Give your name with --by (keys: shoji role).",
    ),
}

MESSAGES: dict[str, tuple[Text, Text]] = {**REGISTERS, **DECLARED, **PURPOSE, **PROVISION, **INCIDENTS}
