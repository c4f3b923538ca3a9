"""``shoji recall``: take a published release back. One person asks, another one agrees, and then it is gone."""

from __future__ import annotations

from flows.acts import act, published
from flows.provision import chosen
from flows.recalling import finish_recalls, published_survey
from flows.setting import read_setting
from flows.voice import Voice
from governance import recall as judgement
from storage.heads import write_head
from storage.keys import load_root_key
from storage.publication import settle
from storage.sealed import seal_folder
from terms.findings import wrong_use
from terms.recalls import Recall, RecallReason
from terms.words import Text

WORDS: dict[str, Text] = {
    "asked": Text(
        ja="{release} の撤回({reason})を記録しました。まだ公表されたままです。次(別の担当者が): "
        "shoji recall {survey} {release} --agree --by 名前",
        en="the recall of {release} ({reason}) is recorded. It still stands. Next, by another person: "
        "shoji recall {survey} {release} --agree --by NAME",
    ),
    "done": Text(
        ja="{release} を撤回しました({reason})。その場所には告知があります: {path}",
        en="{release} is recalled ({reason}). A notice stands in its place: {path}",
    ),
    "copies": Text(
        ja="すでに持ち出された写しは取り戻せません。shoji audit {survey} は封をした控えを読みます。",
        en="Copies that others took cannot be called back. shoji audit {survey} reads the sealed copy.",
    ),
}


def recall(survey: str, release: str, by: str, reason: str | None, agree: bool, home: str | None, voice: Voice) -> int:
    """Ask for a recall, giving its reason; or agree to what another person asked for, which carries it out.

    Agreeing again finishes what was interrupted and changes nothing else.
    """
    if (reason is not None) is agree:
        raise wrong_use("--reason", "recall_reason_or_agree")
    why = chosen(RecallReason, reason, "--reason") if reason is not None else None
    setting = read_setting(home)
    name = published_survey(setting, survey)
    if name is None:
        raise wrong_use("SURVEY", "nothing_published_here")
    with act(setting, by) as doing:
        for record in settle(doing.warehouse, setting.home):
            doing.ledger.append("settled", {"survey": record.survey, "release": record.name})
        told = doing.events()
        recalls = judgement.read_recalls(told)
        if why is not None:
            asked = Recall(survey=name, release=release, reason=why, asked_by=by)
            done = judgement.ask(asked, recalls, published(told))
            doing.note(judgement.ASKED, judgement.body_of(done))
        else:
            done = judgement.agree(name, release, by, recalls, doing.day)
            root = load_root_key(setting.keys, setting.home.path)
            if done != recalls[f"{name}/{release}"]:
                seal_folder(setting.home, root, name, release)
                doing.note(judgement.AGREED, judgement.body_of(done))
            finish_recalls(setting.home, root, doing.ledger)
            write_head(setting.home, name, doing.ledger.verify())
    path = str(setting.home.released / name / release)
    facts = {"survey": name, "release": release, "reason": done.reason.value, "path": path}
    state = "asked" if done.agreed_by is None else "done"
    said = ("asked",) if state == "asked" else ("done", "copies")
    lines = [WORDS[key][voice.language].format(**facts) for key in said]
    voice.tell(
        {**judgement.body_of(done), "asked_by": done.asked_by, "agreed_by": done.agreed_by, "state": state}, lines
    )
    return 0
