"""The desk: everything the warehouse does for a person who asks about her own data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.corrections import note_correction
from storage.engine import Engine
from storage.keys import Key
from storage.marks import MarkKind, count_expired, drop_expired, erased_marks, mark_of, put_mark, restricted
from storage.people import drop_derived, find_respondent, held_about, remove_person
from storage.requests import (
    end_request,
    find_request,
    mark_of_request,
    open_request,
    read_requests,
    write_request,
)
from terms.requests import RequestKind, RequestState, SubjectRequest
from terms.survey import Survey


@dataclass(frozen=True)
class Desk:
    """One warehouse's desk. What a method changes it changes whole or not at all."""

    engine: Engine

    def open(self, survey: str, declaration: str, kind: RequestKind, received_on: date, due_on: date) -> SubjectRequest:
        """Note a request under the next number."""
        return open_request(self.engine, survey, declaration, kind, received_on, due_on)

    def requests(self) -> tuple[SubjectRequest, ...]:
        """Every request, oldest first."""
        return read_requests(self.engine)

    def find(self, number: int) -> SubjectRequest:
        """One request. Raises WrongUse ``request_unknown``."""
        return find_request(self.engine, number)

    def identify(self, identified: SubjectRequest, survey: Survey, root: Key, respondent: str) -> None:
        """Bind a request to the person that an operator has identified."""
        write_request(self.engine, identified, mark_of(root, survey, respondent))

    def is_about(self, request: SubjectRequest, survey: Survey, root: Key, respondent: str) -> bool:
        """Whether this is the person whose identity was confirmed for the request."""
        return mark_of_request(self.engine, request.number) == mark_of(root, survey, respondent)

    def respondent(self, survey: Survey, root: Key, identifier: str) -> str:
        """The pseudonym of whoever names this identifier; see :func:`storage.people.find_respondent`."""
        return find_respondent(self.engine, survey, root, identifier)

    def held(self, survey: Survey, respondent: str) -> list[Mapping[str, Any]]:
        """Every stored row of a person."""
        return held_about(self.engine, survey, respondent)

    def restricted(self, survey: Survey, root: Key) -> tuple[str, ...]:
        """The pseudonyms whose answers may not be used."""
        return restricted(self.engine, survey, root)

    def erase(
        self, begun: SubjectRequest, survey: Survey, root: Key, respondent: str, since: date, expires: date
    ) -> int:
        """Delete a person's rows and keep them out from now on; returns how many rows there were.

        The request stays under way: only once the file is written anew is she gone from the disk.
        """
        with self.engine.transaction():
            put_mark(self.engine, survey, mark_of(root, survey, respondent), MarkKind.ERASED, since, expires)
            rows = remove_person(self.engine, survey, respondent)
            write_request(self.engine, begun)
        return rows

    def correct(self, begun: SubjectRequest, survey: Survey, respondent: str, column: str, code: str | None) -> None:
        """Lay a correction over a person's rows. The request stays under way, as for :meth:`erase`."""
        with self.engine.transaction():
            note_correction(self.engine, survey, respondent, column, code)
            drop_derived(self.engine, survey)
            write_request(self.engine, begun)

    def restrict(
        self,
        begun: SubjectRequest,
        survey: Survey,
        root: Key,
        respondent: str,
        kind: MarkKind,
        since: date,
        expires: date,
    ) -> None:
        """Use a person's answers no more: the layers made from them go, and are made anew without her."""
        with self.engine.transaction():
            put_mark(self.engine, survey, mark_of(root, survey, respondent), kind, since, expires)
            drop_derived(self.engine, survey)
            write_request(self.engine, begun)

    def end(self, request: SubjectRequest, state: RequestState, on: date) -> SubjectRequest:
        """Close a request; what bound it to a person goes."""
        with self.engine.transaction():
            return end_request(self.engine, request, state, on)

    def erased(self, survey: Survey) -> frozenset[str]:
        """The marks of everybody who was erased."""
        return erased_marks(self.engine, survey)

    def expired_marks(self, today: date) -> int:
        """How many marks there are whose time is over."""
        return count_expired(self.engine, today)

    def drop_expired_marks(self, today: date) -> int:
        """Forget marks whose time is over; returns how many."""
        return drop_expired(self.engine, today)
