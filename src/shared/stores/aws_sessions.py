"""Sessions and begun sign-ins in the state table, under two partitions of their own that start with `#`, as
no integration's name does. Keys are stored as their SHA-256; DynamoDB removes what is over."""

import hashlib
from datetime import datetime, timedelta

from shared.domain import codec
from shared.ports.sessions import Away, Session, Started
from shared.stores import _console_forms as forms
from shared.stores._attributes import Item
from shared.stores._keys import epoch, joined, moment, stamp
from shared.stores._table import Condition, Table, under

SESSIONS = "#sessions"
SIGN_INS = "#sign-ins"
_STARTED_LASTS = timedelta(hours=1)
"""Longer than anybody may take: only for the removal of what was left."""


class AwsSessionStore:
    """`SessionStore` on the state table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def begin(self, key: str, session: Session) -> None:
        """1 request."""
        self._table.put(
            {
                "pk": SESSIONS,
                "sk": digest(key),
                "data": codec.dumps(session),
                "seen": stamp(session.seen_at),
                "expires": epoch(session.ends_at),
            }
        )

    def load(self, key: str) -> Session | None:
        """1 request."""
        row = self._table.get(SESSIONS, digest(key))
        return None if row is None else _session(row)

    def seen(self, key: str, at: datetime) -> None:
        """1 request."""
        there = Condition("attribute_exists(#pk) AND #seen < :seen")
        self._table.update(SESSIONS, digest(key), "SET #seen = :seen", {":seen": stamp(at)}, there)

    def end(self, key: str) -> None:
        """1 request."""
        self._table.delete(SESSIONS, digest(key))

    def end_all(self, person: str = "") -> int:
        """1 request a megabyte, and 1 for 25 of those that are ended."""
        rows = list(self._table.query(under(SESSIONS)))
        found = [row["sk"] for row in rows if concerns(_session(row), person)]
        self._table.write_many(deletes=[(SESSIONS, key) for key in found])
        return len(found)


class AwsSignInStore:
    """`SignInStore` on the state table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def begin(self, state: str, started: Started) -> None:
        """1 request."""
        self._table.put(
            {
                "pk": SIGN_INS,
                "sk": f"state#{digest(state)}",
                "data": codec.dumps(started),
                "expires": epoch(started.at + _STARTED_LASTS),
            }
        )

    def take(self, state: str) -> Started | None:
        """2 requests; of two callers at once only one deletes the row."""
        key = f"state#{digest(state)}"
        row = self._table.get(SIGN_INS, key)
        if row is None or not self._table.delete(SIGN_INS, key, Condition("attribute_exists(#pk)")):
            return None
        return forms.started(codec.loads(row["data"]))

    def leave(self, state: str, away: Away) -> None:
        """1 request."""
        ends = {"expires": epoch(away.at + _STARTED_LASTS)}
        self._table.put({"pk": SIGN_INS, "sk": _away(state), "data": codec.dumps(away), **ends})

    def look(self, state: str) -> Away | None:
        """1 request."""
        row = self._table.get(SIGN_INS, _away(state))
        return None if row is None else forms.away(codec.loads(row["data"]))

    def back(self, state: str) -> Away | None:
        """2 requests; of two callers at once only one deletes the row."""
        found = self.look(state)
        there = Condition("attribute_exists(#pk)")
        return found if found and self._table.delete(SIGN_INS, _away(state), there) else None

    def attempt(self, source: str, window: str, most: int, until: datetime) -> bool:
        """1 request."""
        fewer = Condition("attribute_not_exists(#attempts) OR #attempts < :most", {":most": most})
        change = "SET #expires = :expires ADD #attempts :one"
        values = {":expires": epoch(until), ":one": 1}
        return self._table.update(SIGN_INS, f"from#{joined(source, window)}", change, values, fewer)


def _session(row: Item) -> Session:
    return forms.session(codec.loads(row["data"]), moment(row["seen"]))


def _away(state: str) -> str:
    return f"away#{digest(state)}"


def digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "backslashreplace")).hexdigest()


def concerns(one: Session, person: str) -> bool:
    return person in ("", one.person, one.name)
