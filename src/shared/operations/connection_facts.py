"""What was last learned of a connection: which company or account it leads to, what the check found, what
there is to choose from, and what became of the last thing that was asked for in the console.

Kept by whoever learns it (`tieout connect`, `tieout check`, the function that does what the console asks
for), read by the console, its API and the MCP server, none of which calls a vendor. No secret is in it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.bootstrap import SIGN_INS
from shared.domain.record import record
from shared.errors import BadCredentials
from shared.ports import Cache, Finding, Stores
from shared.ports.asked import Asked

_CHECKED, _ANSWERED, _CHOICES, _ENDED = (
    f"connection_{one}" for one in ("check", "answer", "choices", "ended")
)
_KEPT = timedelta(days=3650)
_ACCOUNT = ("connection", "business", "sign-in")
"""Subjects whose first finding says where the connection leads to."""
_LONGEST, _MOST = 500, 60


@record
class Answer:
    """What became of what somebody asked for. `asked_at` finds it again."""

    kind: str
    by: str
    asked_at: datetime
    at: datetime
    findings: tuple[Finding, ...]

    @property
    def done(self) -> bool:
        return all(one.level != "error" for one in self.findings)


@record
class Choice:
    """What a sign-in may work on, such as a business."""

    id: str
    name: str
    active: bool


@record
class Known:
    """`account`: the sentence that names company or account. `client`: the app's id at a vendor whose page
    shows it anyway. `ended`: who disconnected it, and when."""

    account: str = ""
    findings: tuple[Finding, ...] = ()
    checked_at: datetime | None = None
    client: str = ""
    answer: Answer | None = None
    choices: tuple[Choice, ...] = ()
    ended_by: str = ""
    ended_at: datetime | None = None


def note_check(stores: Stores, system: str, findings: Sequence[Finding], now: datetime) -> None:
    """2 requests. Where nothing is wrong it was reached with what is stored now, so that somebody
    disconnected it is history."""
    named = next((one.message for one in findings if one.level == "ok" and one.subject in _ACCOUNT), "")
    row = {"account": named[:_LONGEST], "findings": _told(findings), "at": now.isoformat()}
    _put(stores.cache, _CHECKED, system, {**row, "client": _client(stores, system)}, now)
    if all(one.level != "error" for one in findings):
        _put(stores.cache, _ENDED, system, {"by": "", "at": ""}, now)


def note_answer(stores: Stores, asked: Asked, findings: Sequence[Finding], now: datetime) -> None:
    """1 request."""
    row = {"kind": asked.kind, "by": asked.by, "asked_at": asked.at.isoformat(), "at": now.isoformat()}
    _put(stores.cache, _ANSWERED, asked.system, {**row, "findings": _told(findings)}, now)


def note_choices(stores: Stores, system: str, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """1 request. `rows`: id, name and active of each."""
    kept = [{"id": str(one["id"]), "name": str(one["name"]), "active": bool(one["active"])} for one in rows]
    _put(stores.cache, _CHOICES, system, {"rows": kept[:_MOST]}, now)


def note_ended(stores: Stores, asked: Asked, now: datetime) -> None:
    """3 requests: what was known of it is known no more."""
    _put(stores.cache, _CHECKED, asked.system, {"account": "", "findings": [], "at": "", "client": ""}, now)
    _put(stores.cache, _CHOICES, asked.system, {"rows": []}, now)
    _put(stores.cache, _ENDED, asked.system, {"by": asked.by, "at": now.isoformat()}, now)


def known(stores: Stores, systems: Sequence[str], now: datetime) -> dict[str, Known]:
    """4 requests, however many systems."""
    kinds = (_CHECKED, _ANSWERED, _CHOICES, _ENDED)
    found = {kind: stores.cache.get(kind, systems, now) for kind in kinds}
    return {one: _known({kind: rows.get(one, {}) for kind, rows in found.items()}) for one in systems}


def _known(rows: Mapping[str, Mapping[str, Any]]) -> Known:
    checked, answered, ended = rows[_CHECKED], rows[_ANSWERED], rows[_ENDED]
    return Known(
        checked.get("account", ""),
        _findings(checked),
        _moment(checked.get("at")),
        checked.get("client", ""),
        _answer(answered) if answered else None,
        tuple(Choice(**one) for one in rows[_CHOICES].get("rows", ())),
        ended.get("by", ""),
        _moment(ended.get("at")),
    )


def _answer(row: Mapping[str, Any]) -> Answer:
    asked_at, at = (datetime.fromisoformat(row[name]) for name in ("asked_at", "at"))
    return Answer(row["kind"], row["by"], asked_at, at, _findings(row))


def _client(stores: Stores, system: str) -> str:
    if system not in SIGN_INS:
        return ""
    try:
        return stores.secrets.get(system).get(SIGN_INS[system].client, "")
    except BadCredentials:
        return ""


def _put(cache: Cache, kind: str, system: str, row: Mapping[str, Any], now: datetime) -> None:
    cache.put(kind, {system: row}, now + _KEPT)


def _told(findings: Sequence[Finding]) -> list[list[str]]:
    """The worst first, so that what is cut off is what is well."""
    order = ("error", "warning", "ok")
    rows = sorted(findings, key=lambda one: order.index(one.level))
    return [[one.level, one.subject[:_LONGEST], one.message[:_LONGEST]] for one in rows[:_MOST]]


def _findings(row: Mapping[str, Any]) -> tuple[Finding, ...]:
    return tuple(Finding(*one) for one in row.get("findings", ()))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
