"""Judgement about third parties: what may be provided to whom, upon which basis, and who has to agree.

A published release needs nobody's decision: nobody can be identified in it. Whatever is more is an act of two named
persons, for a recipient and a time that are written down; it happens outside this software, which has no path for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from terms.companies import Registers
from terms.findings import Finding, Refused
from terms.provision import Provided, Provision, ProvisionBasis, ProvisionState

LONGEST_DAYS = {
    ProvisionBasis.EMERGENCY: 30,
    ProvisionBasis.LAW: 365,
    ProvisionBasis.CONSENT: 365,
}
"""How long a recipient may hold what is more than a release, before somebody has to look again."""

RECORDED, AGREED, ENDED = "provision_recorded", "provision_agreed", "provision_ended"
"""The events of the ledger that the register is read from."""


def needs_two_persons(provision: Provision) -> bool:
    """Whether two different named persons have to answer for it."""
    return provision.provided is not Provided.RELEASE


def judge_provision(
    provision: Provision, registers: Registers, published: Collection[str], as_of: date
) -> list[Finding]:
    """Everything that forbids this line of the register. ``published``: releases as ``survey/release``."""
    place = "provision"
    findings = []
    recipient = registers.recipients.get(provision.recipient)
    if recipient is None or provision.on not in recipient.known:
        findings.append(Finding(place=f"{place}.recipient", rule="recipient_unknown"))
    if provision.on > as_of:
        findings.append(Finding(place=f"{place}.on", rule="provision_to_come"))
    is_release = provision.provided is Provided.RELEASE
    if is_release is not (provision.basis is ProvisionBasis.STATISTICAL):
        facts = {"basis": provision.basis.value, "provided": provision.provided.value}
        findings.append(Finding(place=f"{place}.basis", rule="provision_basis_wrong", facts=facts))
    elif is_release and f"{provision.survey}/{provision.release}" not in published:
        findings.append(Finding(place=f"{place}.release", rule="provision_not_published"))
    if is_release:
        return findings
    if provision.recorded_by is None:
        findings.append(Finding(place=f"{place}.by", rule="provision_needs_name"))
    longest = LONGEST_DAYS.get(provision.basis, 0)
    ends = provision.expires_on
    if ends is None or not provision.on <= ends <= provision.on + timedelta(days=longest):
        findings.append(Finding(place=f"{place}.expires", rule="provision_expiry", facts={"days": longest}))
    return findings


def agree(provision: Provision, by: str, as_of: date) -> Provision:
    """The provision once a second person agrees.

    Raises Refused ``provision_not_awaiting``, ``provision_same_person``.
    """
    if state(provision, as_of) is not ProvisionState.AWAITING:
        raise Refused(_problem(provision, "provision_not_awaiting"))
    if by == provision.recorded_by:
        raise Refused(_problem(provision, "provision_same_person"))
    return replace(provision, agreed_by=by)


def end(provision: Provision, on: date) -> Provision:
    """The provision once the recipient holds nothing any more, or it was never carried out.

    Raises Refused ``provision_ended``.
    """
    if provision.ended_on is not None:
        raise Refused(_problem(provision, "provision_ended"))
    return replace(provision, ended_on=on)


def state(provision: Provision, as_of: date) -> ProvisionState:
    """How it stands on a day."""
    if provision.ended_on is not None:
        return ProvisionState.ENDED
    if provision.expires_on is not None and as_of > provision.expires_on:
        return ProvisionState.EXPIRED
    if needs_two_persons(provision) and provision.agreed_by is None:
        return ProvisionState.AWAITING
    return ProvisionState.STANDING


def body_of(provision: Provision) -> dict[str, Any]:
    """What the ledger keeps of a recorded provision."""
    return {
        "number": provision.number,
        "basis": provision.basis.value,
        "recipient": provision.recipient,
        "survey": provision.survey,
        "provided": provision.provided.value,
        "release": provision.release,
        "on": provision.on.isoformat(),
        "expires_on": provision.expires_on.isoformat() if provision.expires_on else None,
    }


def read_provisions(events: Iterable[tuple[str, Mapping[str, Any]]]) -> list[Provision]:
    """The register as the ledger's events tell it, oldest first."""
    found: dict[int, Provision] = {}
    for event, body in events:
        if event == RECORDED:
            found[body["number"]] = _read(body)
        elif event == AGREED:
            one, by = found[body["number"]], body.get("by")
            # An entry in nobody's name, or in the name of whoever recorded it, is nobody's agreement.
            found[one.number] = replace(one, agreed_by=by) if by != one.recorded_by else one
        elif event == ENDED:
            found[body["number"]] = replace(found[body["number"]], ended_on=date.fromisoformat(body["on"]))
    return list(found.values())


def _read(body: Mapping[str, Any]) -> Provision:
    return Provision(
        number=body["number"],
        basis=ProvisionBasis(body["basis"]),
        recipient=body["recipient"],
        survey=body["survey"],
        provided=Provided(body["provided"]),
        release=body["release"],
        on=date.fromisoformat(body["on"]),
        expires_on=date.fromisoformat(body["expires_on"]) if body["expires_on"] else None,
        recorded_by=body.get("by"),
    )


def _problem(provision: Provision, rule: str) -> Finding:
    return Finding(place=f"provisions.{provision.number}", rule=rule, facts={"number": provision.number})
