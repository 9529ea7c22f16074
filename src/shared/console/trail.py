"""What a person did, in the audit trail: written down before it is done, and again with what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from shared.console.sessions import new_key
from shared.domain.record import replace
from shared.ports.audit import AuditTrail, Entry

_LONGEST = 255
_SHOWN = (
    "list",
    "gone",
    "other",
    "verdict",
    "do",
    "queue",
    "cause",
    "letter",
    "kind",
    "rule",
    "field",
    "side",
    "one",
    "pair",
    "vat",
    "country",
    "choice",
    "version",
    "through",
)
"""Fields of a form that the audit trail repeats. No others: some forms hold secrets."""


def begun(
    trail: AuditTrail,
    who: tuple[str, str],
    action: str,
    integration: str,
    form: Mapping[str, Sequence[str]],
    now: datetime,
) -> Entry:
    """`who`: the provider's id of the person, and the name. What fails from here on stays without a
    result."""
    said = {name: _clean(values[0]) for name, values in form.items() if values}
    entry = Entry(
        now,
        *who,
        action,
        integration,
        said.get("system", ""),
        said.get("entity", ""),
        said.get("record", ""),
        "; ".join(f"{name} {_all(form[name])}" for name in _SHOWN if said.get(name)),
        id=new_key()[:12],
    )
    trail.note(entry)
    return entry


def ended(trail: AuditTrail, entry: Entry, result: str) -> None:
    trail.note(replace(entry, result=result[:500]))


def _all(values: Sequence[str]) -> str:
    """What was ticked together, as far as it goes, and how many there were."""
    many = f" ({len(values)} in all)" if len(values) > 1 else ""
    return _clean(", ".join(values)) + many


def _clean(text: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in text[:_LONGEST])
