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
}
