"""``shoji provide``: the register of what third parties were given. Nothing here hands anything over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import Enum
from typing import Any, TypeVar

from flows.acts import act, events, published, read_date, standing
from flows.judging import registers
from flows.setting import find_declaration, read_setting, today
from flows.voice import Voice
from governance import provision as judgement
from terms.findings import Refused, wrong_use
from terms.provision import Provided, Provision, ProvisionBasis, ProvisionState
from terms.reading import read_survey
from terms.words import Text

Choice = TypeVar("Choice", bound=Enum)

WORDS: dict[str, Text] = {
    "awaiting": Text(
        ja="提供 {number} を記録しました。まだ何も渡さないでください。次(別の担当者が): shoji provide agree {number}",
        en="provision {number} is recorded. Hand nothing over yet. Next, by another person: "
        "shoji provide agree {number}",
    ),
    "standing": Text(ja="提供 {number} を記録しました。", en="provision {number} is recorded."),
    "agreed": Text(
        ja="提供 {number} は二人の名で認められました。期限は {expires} です。渡すのはこのソフトウェアの外です。",
        en="provision {number} is agreed to by two named persons and expires on {expires}. Handing over happens "
        "outside this software.",
    ),
    "ended": Text(ja="提供 {number} を終えました。", en="provision {number} has ended."),
    "line": Text(
        ja="{number}  {state}  {basis}  {recipient}  {scope}  {on} 〜 {expires}",
        en="{number}  {state}  {basis}  {recipient}  {scope}  {on} to {expires}",
    ),
    "public": Text(
        ja="-  公表  statistical  public  {scope}  {on}", en="-  published  statistical  public  {scope}  {on}"
    ),
    "none": Text(ja="提供の記録はありません。", en="nothing was provided to anybody."),
}


def record(
    basis: str,
    recipient: str,
    survey: str,
    what: str | None,
    release: str | None,
    on: str | None,
    expires: str | None,
    by: str | None,
    home: str | None,
    voice: Voice,
) -> int:
    """Note that something is provided to somebody: a release at once, anything else once a second person agrees."""
    if (what is None) is (release is None):
        raise wrong_use("--what", "provision_one_scope")
    proposed = Provision(
        number=0,
        basis=chosen(ProvisionBasis, basis, "--basis"),
        recipient=recipient,
        survey=read_survey(find_declaration(survey)).name,
        provided=Provided.RELEASE if release else chosen(Provided, what or "", "--what"),
        release=release,
        on=read_date(on, "--on") if on else today(),
        expires_on=read_date(expires, "--expires") if expires else None,
        recorded_by=by,
    )
    known = registers()
    with act(read_setting(home), by) as doing:
        told = doing.events()
        problems = judgement.judge_provision(proposed, known, standing(told), doing.day)
        if problems:
            raise Refused(*problems)
        recorded = replace(proposed, number=len(judgement.read_provisions(told)) + 1)
        doing.note(judgement.RECORDED, judgement.body_of(recorded))
    state = judgement.state(recorded, today())
    voice.tell(provision_json(recorded, today()), [_say(state.value, voice, number=recorded.number)])
    return 0


def agree(number: int, by: str, home: str | None, voice: Voice) -> int:
    """Note that a second person agrees."""
    with act(read_setting(home), by) as doing:
        agreed = judgement.agree(_find(judgement.read_provisions(doing.events()), number), by, doing.day)
        doing.note(judgement.AGREED, {"number": number})
    voice.tell(provision_json(agreed, today()), [_say("agreed", voice, number=number, expires=agreed.expires_on)])
    return 0


def end(number: int, by: str, home: str | None, voice: Voice) -> int:
    """Note that the recipient holds nothing any more, or that nothing was handed over after all."""
    with act(read_setting(home), by) as doing:
        ended = judgement.end(_find(judgement.read_provisions(doing.events()), number), doing.day)
        doing.note(judgement.ENDED, {"number": number, "on": doing.day.isoformat()})
    voice.tell(provision_json(ended, today()), [_say("ended", voice, number=number)])
    return 0


def list_provisions(home: str | None, voice: Voice) -> int:
    """The register, and beside it what was published: the only provision that needs nobody's decision."""
    told, day = events(read_setting(home)), today()
    provisions = judgement.read_provisions(told)
    public = published(told)
    content = {
        "provisions": [provision_json(one, day) for one in provisions],
        "published": [{"release": release, "on": on} for release, on in public.items()],
    }
    lines = [_line(one, day, voice) for one in provisions]
    lines += [_say("public", voice, scope=release, on=on) for release, on in public.items()]
    voice.tell(content, lines or [_say("none", voice)])
    return 0


def provision_json(provision: Provision, day: date) -> dict[str, Any]:
    """A line of the register for machines."""
    state = judgement.state(provision, day).value
    persons = {"recorded_by": provision.recorded_by, "agreed_by": provision.agreed_by}
    ended = provision.ended_on.isoformat() if provision.ended_on else None
    return {**judgement.body_of(provision), **persons, "ended_on": ended, "state": state}


def _line(provision: Provision, day: date, voice: Voice) -> str:
    state = judgement.state(provision, day)
    return _say(
        "line",
        voice,
        number=provision.number,
        state=state.value.upper() if state is ProvisionState.EXPIRED else state.value,
        basis=provision.basis.value,
        recipient=provision.recipient,
        scope=f"{provision.survey}/{provision.release or provision.provided.value}",
        on=provision.on,
        expires=provision.expires_on or "-",
    )


def _find(provisions: list[Provision], number: int) -> Provision:
    for provision in provisions:
        if provision.number == number:
            return provision
    raise wrong_use("PROVISION", "provision_unknown", number=number)


def chosen(kind: type[Choice], text: str, option: str) -> Choice:
    """The member of that value. Raises WrongUse ``choice_unknown`` with those there are."""
    for one in kind:
        if one.value == text:
            return one
    raise wrong_use(option, "choice_unknown", choices=", ".join(str(one.value) for one in kind))


def _say(key: str, voice: Voice, **facts: object) -> str:
    return WORDS[key][voice.language].format(**facts)
