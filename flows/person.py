"""Requests of the people whose data are held: confirm, correct, erase, withdraw, object.

No identifier is an argument, a parameter or a line of output: it is asked for, used, and forgotten. Whatever an
operator does is an entry of the ledger, signed with her key, that names the request and never the person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from shutil import rmtree
from typing import Any

from flows.receipts import write_receipt
from flows.setting import Setting, find_declaration, is_path, today
from governance import requests as judgement
from storage.disk import on_disk
from storage.heads import read_heads
from storage.keys import ledger_key, load_root_key
from storage.ledger import Ledger
from storage.locks import writer
from storage.marks import MarkKind
from storage.people import traces
from storage.publication import settle
from storage.rewards import drop_rewards
from storage.rewriting import rewrite, search
from storage.roles import OperatingRole, Signer, load_signer
from storage.signatures import People
from storage.warehouse import Warehouse
from terms.findings import Finding, Refused, fault, refuse, wrong_use
from terms.reading import read_survey
from terms.requests import Proof, RequestKind, RequestState, SubjectRequest
from terms.survey import Column, Kind, Survey
from transforms.door import option_columns

RESTRICTIONS = {RequestKind.WITHDRAW: MarkKind.WITHDRAWN, RequestKind.OBJECT: MarkKind.OBJECTED}
REWRITES = frozenset({RequestKind.ERASE, RequestKind.CORRECT})
"""Requests after which old answers must be in no block of the file."""


@dataclass(kw_only=True)
class Counter:
    """Where requests are handled: the home's lock, its warehouse and its ledger, and who acts."""

    setting: Setting
    root: Any
    ledger: Ledger
    signer: Signer
    warehouse: Any = None
    day: date = field(default_factory=today)
    gone: tuple[SubjectRequest, str] | None = None
    """The request and pseudonym of a person who was erased and must be found nowhere once the file is written anew."""
    bytes_searched: int = 0

    def note(self, event: str, request: SubjectRequest, **more: int | str) -> None:
        """A signed entry about a request."""
        body = {"request": request.number, "survey": request.survey, "kind": request.kind.value, **more}
        self.ledger.append_signed(event, body, self.signer)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was done about a request, for the operator alone."""

    request: SubjectRequest
    rows: int = 0
    bytes_searched: int = 0
    receipt: str | None = None


@contextmanager
def counter(setting: Setting, by: str) -> Iterator[Counter]:
    """Open everything that handling a request needs, with the writer's lock held; finish what a killed one left."""
    home = setting.home.create(setting.keys)
    root, signer = load_root_key(setting.keys, home.path), load_signer(setting.keys, by)
    with writer(home):
        ledger = Ledger(home.ledger, ledger_key(root))
        check_actor(ledger, signer)
        finish_under_way(setting, ledger)
        with Warehouse.open(home) as warehouse:
            ledger.verify(warehouse.anchor(), *read_heads(home))
            settle(warehouse, home)
            at = Counter(setting=setting, root=root, ledger=ledger, signer=signer, warehouse=warehouse)
            try:
                yield at
            finally:
                warehouse.anchor_ledger(ledger.verify())
        finish_under_way(setting, ledger)
        if at.gone is not None:
            _prove_gone(at, *at.gone)


def check_actor(ledger: Ledger, signer: Signer, *roles: OperatingRole) -> None:
    """Refuse a key that the ledger does not know, or one whose role may not do this (auditors change nothing)."""
    people = People()
    for entry in ledger.entries():
        people.accept(entry)
    allowed = roles or (OperatingRole.OPERATOR, OperatingRole.APPROVER)
    if people.known.get(signer.actor.name) != signer.actor:
        raise refuse(f"roles.{signer.actor.name}", "role_unknown")
    if signer.actor.role not in allowed:
        raise refuse(f"roles.{signer.actor.name}", "role_not_allowed", role=signer.actor.role.value)


def finish_under_way(setting: Setting, ledger: Ledger) -> None:
    """Finish what was deleted or changed but not yet written anew. Call with the lock held, the warehouse closed.

    The rows left the tables in one transaction with the request's state, so nothing is half-erased; only old blocks
    are left to be written over.
    """
    home = setting.home
    if not home.warehouse.exists():
        return
    with Warehouse.open(home) as warehouse:
        begun = [one for one in warehouse.desk().requests() if one.state is RequestState.UNDER_WAY]
    if not begun:
        return
    if any(request.kind in REWRITES for request in begun):
        rewrite(home)
    with Warehouse.open(home) as warehouse:
        for request in begun:
            _forget_copies(setting, request)
            warehouse.desk().end(request, RequestState.DONE, today())
            body = {"request": request.number, "survey": request.survey, "kind": request.kind.value}
            ledger.append("request_finished", body)
        warehouse.anchor_ledger(ledger.verify())


def open_request(setting: Setting, survey: str, kind: RequestKind, by: str, received: date | None) -> SubjectRequest:
    """Note a request; nothing about the person is asked yet."""
    path = find_declaration(survey)
    declared = read_survey(path)
    declaration = str(path) if is_path(survey) else survey
    with counter(setting, by) as at:
        received_on = received or at.day
        if received_on > at.day:
            raise wrong_use("--received", "day_in_future")
        due = judgement.due_on(received_on)
        request = at.warehouse.desk().open(declared.name, declaration, kind, received_on, due)
        at.note("request_opened", request, due_on=due.isoformat(), division=declared.controller.company)
        return request


def identify(setting: Setting, number: int, by: str, proof: Proof, identifier: str) -> SubjectRequest:
    """Note that an operator has made sure who asks, and bind the request to that person."""
    with counter(setting, by) as at:
        desk = at.warehouse.desk()
        request, survey = _request(at, number)
        identified = judgement.identify(request, at.signer.actor.name, proof)
        respondent = desk.respondent(survey, at.root, identifier)
        desk.identify(identified, survey, at.root, respondent)
        at.note("request_identified", identified, proof=proof.value)
        return identified


def refuse_request(setting: Setting, number: int, by: str) -> SubjectRequest:
    """Close a request without doing what it asks: the person could not be identified, or took it back."""
    with counter(setting, by) as at:
        request, _ = _request(at, number)
        if request.state in (RequestState.DONE, RequestState.REFUSED):
            raise Refused(Finding(place=f"requests.{number}", rule="request_ended", facts={"number": number}))
        ended = at.warehouse.desk().end(request, RequestState.REFUSED, at.day)
        at.note("request_refused", ended)
        return ended


def carry_out(
    setting: Setting,
    number: int,
    kind: RequestKind,
    by: str,
    identifier: str,
    column: str | None = None,
    code: str | None = None,
) -> Answer:
    """Do what a request asks. An unknown person takes the same steps and gets the same words.

    Raises what :func:`governance.requests.carry_out` raises, and ``correction_unknown`` (WrongUse).
    """
    with counter(setting, by) as at:
        desk = at.warehouse.desk()
        request, survey = _request(at, number)
        respondent = desk.respondent(survey, at.root, identifier)
        same = desk.is_about(request, survey, at.root, respondent)
        begun = judgement.carry_out(request, kind, at.signer.actor.name, same_person=same)
        held = desk.held(survey, respondent)
        receipt = None
        if kind is RequestKind.CONFIRM:
            receipt = write_receipt(setting.home, begun, survey, held)
        elif kind is RequestKind.CORRECT:
            desk.correct(begun, survey, respondent, *_correction(survey, column, code))
        elif kind is RequestKind.ERASE:
            desk.erase(begun, survey, at.root, respondent, at.day, judgement.mark_expires(at.day))
        else:
            expires = judgement.mark_expires(at.day)
            desk.restrict(begun, survey, at.root, respondent, RESTRICTIONS[kind], at.day, expires)
        if kind not in REWRITES:
            desk.end(begun, RequestState.DONE, at.day)
        at.note("request_carried_out", begun, proof=begun.proof.value if begun.proof else "")
        if kind is RequestKind.ERASE:
            at.gone = (begun, respondent)
    return Answer(request=begun, rows=len(held), bytes_searched=at.bytes_searched, receipt=receipt)


def _prove_gone(at: Counter, request: SubjectRequest, respondent: str) -> None:
    """Read every byte of the home for what is left of a person. Raises Fault ``erased_person_found``."""
    at.bytes_searched, found = search(at.setting.home, traces(respondent))
    if found:
        raise fault(f"requests.{request.number}", "erased_person_found", number=request.number)
    at.note("erasure_proven", request, megabytes=at.bytes_searched // 10**6)
    with Warehouse.open(at.setting.home) as warehouse:
        warehouse.anchor_ledger(at.ledger.verify())


def _request(at: Counter, number: int) -> tuple[SubjectRequest, Survey]:
    request = at.warehouse.desk().find(number)
    return request, read_survey(find_declaration(request.declaration))


def _correction(survey: Survey, column: str | None, code: str | None) -> tuple[str, str | None]:
    """The stored column and its new code. Raises WrongUse ``correction_unknown``: only declared codes are stored."""
    for declared in survey.columns:
        if column in _corrigible(declared) and code is not None and _is_allowed(declared, code):
            return str(column), code
    raise wrong_use("--column", "correction_unknown")


def _corrigible(declared: Column) -> list[str]:
    """The stored columns of a declared one."""
    if declared.kind is None:
        return []
    return option_columns(declared) or [declared.name]


def _is_allowed(declared: Column, code: str) -> bool:
    if declared.kind is Kind.MULTIPLE:
        return code in ("0", "1")
    if declared.kind is Kind.INTEGER:
        whole = re.fullmatch(r"-?\d{1,9}", code) is not None
        least, most = declared.least, declared.most
        return whole and (least is None or int(code) >= least) and (most is None or int(code) <= most)
    return code in {option.code for option in declared.options}


def _forget_copies(setting: Setting, request: SubjectRequest) -> None:
    """What else may speak of a person: receipts written for her, positions of bad rows; made anew if needed."""
    if request.kind is not RequestKind.ERASE:
        return
    home = setting.home
    on_disk("receipts", lambda: rmtree(home.path / "receipts" / request.survey, ignore_errors=True))
    drop_rewards(home, request.survey)
    on_disk("rejects", lambda: (home.rejects / f"{request.survey}.csv").unlink(missing_ok=True))
