"""What ``shoji person`` and ``shoji role`` do; returns the exit code."""

from __future__ import annotations

import sys
from datetime import date
from enum import Enum
from typing import Any, TypeVar

import typer

from flows import person, roles
from flows.setting import read_day, read_setting, today
from flows.voice import Voice
from governance.requests import urgent
from storage.keys import ledger_key, load_root_key
from storage.ledger import Ledger
from storage.roles import OperatingRole
from storage.warehouse import Warehouse
from terms.findings import wrong_use
from terms.reading import read_survey
from terms.requests import Proof, RequestKind, RequestState, SubjectRequest
from terms.words import Text

Choice = TypeVar("Choice", bound=Enum)

WORDS: dict[str, Text] = {
    "opened": Text(
        ja="請求 {number} を受け付けました。期限は {due}、担当は {division}({contact})です。次: 本人確認のあと "
        "shoji person identify {number}",
        en="request {number} is noted: due on {due}, with {division} ({contact}). Next, once you have made sure who "
        "asks: shoji person identify {number}",
    ),
    "identified": Text(
        ja="請求 {number}: 本人確認を記録しました。次(別の担当者が): shoji person {kind} {number}",
        en="request {number}: the identity check is recorded. Next, by another operator: shoji person {kind} {number}",
    ),
    "done": Text(ja="請求 {number}: 対応しました。", en="request {number}: carried out."),
    "receipt": Text(ja="本人に渡すもの: {path}", en="for the person: {path}"),
    "rows": Text(ja="保管していた行: {rows}", en="rows that were held: {rows}"),
    "searched": Text(
        ja="{megabytes} MB を読み直し、何も残っていないことを確かめました。元のエクスポートファイルには残っています。",
        en="{megabytes} MB read back: nothing is left. The export files it came from still hold it.",
    ),
    "published": Text(ja="公表済みの結果は変わりません。", en="What is published does not change."),
    "refused": Text(ja="請求 {number} を対応せずに終えました。", en="request {number} is closed, not carried out."),
    "line": Text(
        ja="{number}  {survey}  {kind}  {state}  期限 {due}{flag}",
        en="{number}  {survey}  {kind}  {state}  due {due}{flag}",
    ),
    "overdue": Text(ja="  期限切れ", en="  OVERDUE"),
    "soon": Text(ja="  まもなく", en="  soon"),
    "none": Text(ja="請求はありません。", en="there are no requests."),
    "role_added": Text(
        ja="{name} の鍵を作りました: {path}(本人だけが読めるところへ移してください)",
        en="made the key of {name}: {path} (move it to where only that person can read it)",
    ),
    "role_ended": Text(ja="{name} の鍵は、これから何もできません。", en="the key of {name} opens nothing from now on."),
    "role": Text(ja="{name}  {role}", en="{name}  {role}"),
    "ask": Text(ja="本人の識別子(表示されません)", en="The person's identifier (not shown)"),
}


def _say(key: str, voice: Voice, **facts: object) -> str:
    return WORDS[key][voice.language].format(**facts)


def _chosen(kind: type[Choice], text: str, option: str) -> Choice:
    for one in kind:
        if one.value == text:
            return one
    raise wrong_use(option, "no_such_choice", known=", ".join(str(one.value) for one in kind))


def _identifier(voice: Voice) -> str:
    """Asked for on a terminal without an echo, or one line of standard input: arguments can be read by everybody."""
    if sys.stdin.isatty():
        return str(typer.prompt(WORDS["ask"][voice.language], hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def open_request(survey: str, kind: str, by: str, received: str | None, home: str | None, voice: Voice) -> int:
    """Note a request and say where it goes."""
    asked = _chosen(RequestKind, kind, "--kind")
    received_on = read_day(received) if received else None
    request = person.open_request(read_setting(home), survey, asked, by, received_on)
    controller = read_survey(person.find_declaration(survey)).controller
    division = controller.division[voice.language]
    facts = {"number": request.number, "due": request.due_on, "division": division, "contact": controller.contact}
    voice.tell(_json(request, today()), [_say("opened", voice, **facts)])
    return 0


def identify(number: int, by: str, proof: str, home: str | None, voice: Voice) -> int:
    """Record an identity check."""
    how = _chosen(Proof, proof, "--proof")
    request = person.identify(read_setting(home), number, by, how, _identifier(voice))
    voice.tell(_json(request, today()), [_say("identified", voice, number=number, kind=request.kind.value)])
    return 0


def carry_out(
    kind: str, number: int, by: str, home: str | None, voice: Voice, column: str | None = None, code: str | None = None
) -> int:
    """Do what a request asks. What is said does not depend on whether the person was known."""
    answer = person.carry_out(
        read_setting(home), number, RequestKind(kind), by, _identifier(voice), column=column, code=code
    )
    lines = [_say("done", voice, number=number)]
    content = _json(answer.request, today()) | {"state": RequestState.DONE.value}
    if answer.receipt:
        lines.append(_say("receipt", voice, path=answer.receipt))
        content["receipt"] = answer.receipt
    else:
        lines.append(_say("published", voice))
    if answer.bytes_searched:
        lines.append(_say("searched", voice, megabytes=max(answer.bytes_searched // 10**6, 1)))
    if voice.operator:
        lines.append(_say("rows", voice, rows=answer.rows))
        content |= {"rows": answer.rows, "bytes_searched": answer.bytes_searched}
    voice.tell(content, lines)
    return 0


def refuse_request(number: int, by: str, home: str | None, voice: Voice) -> int:
    """Close a request without carrying it out."""
    request = person.refuse_request(read_setting(home), number, by)
    voice.tell(_json(request, today()), [_say("refused", voice, number=number)])
    return 0


def list_requests(home: str | None, voice: Voice) -> int:
    """Requests by due date; what is overdue or nearly so is marked."""
    setting, day = read_setting(home), today()
    requests: tuple[SubjectRequest, ...] = ()
    if setting.home.warehouse.exists():
        with Warehouse.open(setting.home, read_only=True) as warehouse:
            requests = warehouse.desk().requests()
    ordered = sorted(requests, key=lambda one: (one.ended_on is not None, one.due_on, one.number))
    near = {request.number for request in urgent(requests, day)}
    lines = [_line(request, near, day, voice) for request in ordered] or [_say("none", voice)]
    voice.tell([_json(request, day) for request in ordered], lines)
    return 0


def _line(request: SubjectRequest, near: set[int], day: date, voice: Voice) -> str:
    flag = ""
    if request.number in near:
        flag = _say("overdue" if request.due_on < day else "soon", voice)
    facts = {"kind": request.kind.value, "state": request.state.value, "due": request.due_on, "flag": flag}
    return _say("line", voice, number=request.number, survey=request.survey, **facts)


def _json(request: SubjectRequest, day: date) -> dict[str, Any]:
    return {
        "request": request.number,
        "survey": request.survey,
        "kind": request.kind.value,
        "state": request.state.value,
        "received_on": request.received_on.isoformat(),
        "due_on": request.due_on.isoformat(),
        "overdue": request.ended_on is None and request.due_on < day,
    }


def add_role(name: str, role: str, by: str | None, home: str | None, voice: Voice) -> int:
    """Make a key file and enter its holder in the ledger."""
    setting = read_setting(home)
    given = _chosen(OperatingRole, role, "--role")
    path = roles.add(setting, name, given, by)
    voice.tell({"name": name, "role": given.value, "key": str(path)}, [_say("role_added", voice, name=name, path=path)])
    return 0


def end_role(name: str, by: str, home: str | None, voice: Voice) -> int:
    """End a role."""
    roles.end(read_setting(home), name, by)
    voice.tell({"name": name}, [_say("role_ended", voice, name=name)])
    return 0


def list_roles(home: str | None, voice: Voice) -> int:
    """Who may act, as the ledger says."""
    setting = read_setting(home)
    root = load_root_key(setting.keys, setting.home.path)
    known = roles.known(Ledger(setting.home.ledger, ledger_key(root)))
    listed = [{"name": actor.name, "role": actor.role.value} for actor in known]
    voice.tell(listed, [_say("role", voice, **one) for one in listed])
    return 0
