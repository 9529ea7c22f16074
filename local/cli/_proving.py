"""Proves what is proposed at the vendors, and stores it only then."""

from collections.abc import Iterator
from dataclasses import replace

from local.cli import oauth
from local.cli._services import services
from shared.bootstrap import SIGN_INS
from shared.operations.check_sides import side_findings
from shared.operations.connect import check_system, connect
from shared.operations.proposed import Proposed
from shared.ports import Finding
from shared.settings import Integration

UNSTORED = Finding(
    "warning",
    "credentials and settings",
    "Nothing was stored; what was stored before stays. Mend the errors and connect again.",
)


def prove(
    target: Proposed, name: str, system: str, address: str | None = None, *, renew: bool = False
) -> list[Finding]:
    """Signs in and checks with what is proposed. Without an error that is stored, else nothing is.

    Other connections that a settings file would change, or to whose systems its rules mean something else
    from then on, are proved too, where they were connected before. Raises RuleInvalid.
    """
    findings = [one for other in _others(target, (name, system)) for one in _faults(target, *other)]
    if not findings:
        with services(target, name) as opened:
            findings = connect(opened, system, address, renew, proved=target.keep) + side_findings(opened)
    if target.waiting:
        findings.append(UNSTORED)
    return findings


def prove_all(target: Proposed) -> list[Finding]:
    """The faults of everything that is proposed, at each vendor whose credentials are there; stored where
    there is none. Raises RuleInvalid."""
    connections = [
        (name, system)
        for name in target.touched()
        for system in target.integrations().load(name).connections
        if target.stored(name) is None and _signed_in(target, name, system)
    ]
    found = dict.fromkeys((*connections, *target.replaced(), *_changed(target)))
    findings = [one for each in found for one in _faults(target, *each)]
    if not findings:
        target.keep()
    return findings


def _signed_in(target: Proposed, name: str, system: str) -> bool:
    """Whether there is anything to sign in with; a person has to, at some vendors."""
    if not any(target.secrets(name).waiting.get(system, {}).values()):
        return False
    return system not in SIGN_INS or oauth.signed_in(target, name, system)


def _others(target: Proposed, this: tuple[str, str]) -> list[tuple[str, str]]:
    found = [*target.replaced(), *_changed(target)]
    return [one for one in dict.fromkeys(found) if one != this]


def _changed(target: Proposed) -> Iterator[tuple[str, str]]:
    """Connections in use whose options or rules would be others."""
    for name in target.touched():
        before, after = target.stored(name), target.integrations().load(name)
        for system, connection in after.connections.items() if before else ():
            same = (
                before is not None and connection == before.connections.get(system) and _ruled(before, after)
            )
            if not same and _in_use(target, name, system):
                yield name, system


def _ruled(before: Integration, after: Integration) -> bool:
    return all(getattr(before, kind) == getattr(after, kind) for kind in ("flow", "rules", "directions"))


def _in_use(target: Proposed, name: str, system: str) -> bool:
    if not target.secrets(name).stored(system):
        return False
    return system not in SIGN_INS or oauth.signed_in(target, name, system)


def _faults(target: Proposed, name: str, system: str) -> list[Finding]:
    with services(target, name) as opened:
        found = check_system(opened, system)
    return [replace(one, subject=f"{name} {system}, {one.subject}") for one in found if one.level == "error"]
