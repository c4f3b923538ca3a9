"""The register of requests: what was asked, who confirmed the identity, how far the answer has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from storage.engine import Engine
from terms.findings import wrong_use
from terms.query import Query
from terms.requests import Proof, RequestKind, RequestState, SubjectRequest

PLACE = "REQUEST"
_COLUMNS = (
    "number, survey, declaration, kind, received_on, due_on, state, identified_by, proof, carried_out_by, ended_on"
)


def open_request(
    engine: Engine, survey: str, declaration: str, kind: RequestKind, received_on: date, due_on: date
) -> SubjectRequest:
    """Note that a request came in, under the next number."""
    with engine.transaction():
        ((number,),) = engine.rows(Query(sql="SELECT coalesce(max(number), 0) + 1 FROM house.requests"))
        request = SubjectRequest(
            number=number,
            survey=survey,
            declaration=declaration,
            kind=kind,
            received_on=received_on,
            due_on=due_on,
            state=RequestState.OPEN,
        )
        engine.execute(
            Query(
                sql=f"INSERT INTO house.requests ({_COLUMNS}) VALUES "
                "($number, $survey, $declaration, $kind, $received_on, $due_on, $state, NULL, NULL, NULL, NULL)",
                parameters={
                    "number": number,
                    "survey": survey,
                    "declaration": declaration,
                    "kind": kind.value,
                    "received_on": received_on.isoformat(),
                    "due_on": due_on.isoformat(),
                    "state": request.state.value,
                },
            )
        )
    return request


def read_requests(engine: Engine) -> tuple[SubjectRequest, ...]:
    """Every request, oldest first."""
    rows = engine.rows(Query(sql=f"SELECT {_COLUMNS} FROM house.requests ORDER BY number"))
    return tuple(_read(row) for row in rows)


def find_request(engine: Engine, number: int) -> SubjectRequest:
    """One request. Raises WrongUse ``request_unknown``."""
    for request in read_requests(engine):
        if request.number == number:
            return request
    raise wrong_use(PLACE, "request_unknown", number=number)


def mark_of_request(engine: Engine, number: int) -> str | None:
    """The mark of whom the operator identified; ``None`` before that."""
    sql = "SELECT mark FROM house.requests WHERE number = $number"
    rows = engine.rows(Query(sql=sql, parameters={"number": number}))
    return rows[0][0] if rows else None


def write_request(engine: Engine, request: SubjectRequest, mark: str | None = None) -> None:
    """Note how far a request has come; ``mark`` only when the identity is confirmed."""
    engine.execute(
        Query(
            sql="UPDATE house.requests SET state = $state, mark = coalesce($mark, mark), identified_by = $by, "
            "proof = $proof, carried_out_by = $carried, ended_on = $ended WHERE number = $number",
            parameters={
                "number": request.number,
                "state": request.state.value,
                "mark": mark,
                "by": request.identified_by,
                "proof": request.proof.value if request.proof else None,
                "carried": request.carried_out_by,
                "ended": request.ended_on.isoformat() if request.ended_on else None,
            },
        )
    )


def end_request(engine: Engine, request: SubjectRequest, state: RequestState, on: date) -> SubjectRequest:
    """Close a request. Its mark goes: what is ended needs no person any more."""
    ended = replace(request, state=state, ended_on=on)
    write_request(engine, ended)
    sql = "UPDATE house.requests SET mark = NULL WHERE number = $number"
    engine.execute(Query(sql=sql, parameters={"number": request.number}))
    return ended


def _read(row: tuple) -> SubjectRequest:
    number, survey, declaration, kind, received_on, due_on, state, identified_by, proof, carried_out_by, ended_on = row
    return SubjectRequest(
        number=number,
        survey=survey,
        declaration=declaration,
        kind=RequestKind(kind),
        received_on=received_on,
        due_on=due_on,
        state=RequestState(state),
        identified_by=identified_by,
        proof=Proof(proof) if proof else None,
        carried_out_by=carried_out_by,
        ended_on=ended_on,
    )
