"""One pass over the ledger's customers: whose position moved is written to the CRM; then, once a day, all
others are looked at, because days pass and people edit.

A quiet pass reads the ledger's list and nothing else. What was not finished in one invocation is found by the
next: a position counts as told only when the CRM has answered for it.
"""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from shared.bootstrap import Services
from shared.domain.outcomes import credit as said
from shared.mapping.rules import Credit
from shared.operations.credit.accounts import Accounts, Placed, Values
from shared.operations.credit.book import Book
from shared.operations.credit.writing import Due, Writing, at_once
from shared.ports import Debtors, Position
from shared.sync.credit import Told, is_due, is_news, nothing_owed, shown, view
from shared.sync.engine.credit_waits import wake_for_credit

_LANE = "credit_position"
_RESERVE_SECONDS = 45.0
"""Nothing new is begun with less time than this left."""


def follow_positions(services: Services, rules: Credit, run_id: str, again: bool) -> list[str]:
    """Sentences for the line of the run, none of a quiet pass. `again`: everything is looked at, whatever was
    told today. Raises the SyncErrors of both systems."""
    debtors = services.systems[rules.ledger].debtors()
    if debtors is None:
        return []
    accounts = Accounts(services, rules, again=again)
    if not accounts.fields:
        return [said.no_fields(rules.crm, accounts.missing())] if accounts.asked else []
    lanes, now = services.stores.lanes, services.clock.now()
    if not lanes.acquire(_LANE, services.owner, services.deadline, now):
        return ["another pass is running"]
    try:
        return _Pass(services, rules, debtors, accounts, run_id, again).run()
    finally:
        lanes.release(_LANE, services.owner)


class _Pass:
    def __init__(
        self,
        services: Services,
        rules: Credit,
        debtors: Debtors,
        accounts: Accounts,
        run_id: str,
        again: bool,
    ) -> None:
        self._run_id = run_id
        self._services, self._rules, self._debtors, self._accounts = services, rules, debtors, accounts
        self._again, self._book = again, Book(services, rules)
        self._writing = Writing(services, accounts, rules.crm)
        self._group = at_once(services, rules.crm)
        now = services.clock.now()
        self._day = now.date()
        self._today, self._tomorrow = self._day.isoformat(), (self._day + timedelta(days=1)).isoformat()
        self._read = self._moved = self._left = 0
        self._refused: dict[str, str] = {}
        self._foreign: list[str] = []

    def run(self) -> list[str]:
        due = self._follow()
        for start in range(0, len(due), self._group):
            if self._hurried() or self._writing.stop is not None:
                self._left += len(due) - start
                break
            self._settle(due[start : start + self._group], look=True)
            self._book.save()
        if self._writing.stop is not None:
            raise self._writing.stop
        return self._sentences()

    def _follow(self) -> list[Position]:
        """Writes what moved, portion by portion; returns who is due for the daily look."""
        due, seen, whole = list[Position](), set[str](), False
        for portion in self._debtors.portions("", self._book.ids()):
            self._read += len(portion.positions)
            seen |= {one.id for one in portion.positions}
            rows = self._book.rows
            moved = [one for one in portion.positions if is_news(one, rows.get(one.id), self._today)]
            changed = [one.id for one in moved if one.id in rows and rows[one.id].shown != shown(one)]
            self._moved += len(changed)
            wake_for_credit(self._services.stores, self._rules.ledger, changed, self._run_id)
            news = {one.id for one in moved}
            for start in range(0, len(moved), self._group):
                self._settle(moved[start : start + self._group], look=False)
            due += [
                one
                for one in portion.positions
                if one.id not in news and (self._again or is_due(rows.get(one.id), self._today))
            ]
            whole = portion.last
            self._book.save()
            if self._hurried() or self._writing.stop is not None:
                break
        if whole and seen:
            self._book.forget(set(self._book.rows) - seen)
            self._book.save()
        return due

    def _settle(self, positions: Sequence[Position], *, look: bool) -> None:
        """`look`: what the CRM shows is read first, and only what differs is written."""
        if self._hurried() or self._writing.stop is not None:
            self._left += len(positions)
            return
        placed = self._accounts.of(positions)
        here = [one for one in positions if placed[one.id]]
        overdue = self._overdue(here)
        ready = [one for one in here if one.id in overdue]
        self._left += len(here) - len(ready)
        there = self._shown(ready, placed) if look else {}
        self._writing.write(
            Due(one.id, account, self._view(one, overdue[one.id]), values or there.get(account))
            for one in ready
            for account, values in placed[one.id]
        )
        for one in ready:
            self._tell(one)
        for one in positions:
            if not placed[one.id]:
                self._book.put(one.id, self._unplaced(one))

    def _shown(self, ready: Sequence[Position], placed: Placed) -> dict[str, Values]:
        return self._accounts.shown(
            account for one in ready for account, values in placed[one.id] if values is None
        )

    def _overdue(self, positions: Sequence[Position]) -> dict[str, Decimal | None]:
        """As far as time allows; who is not in the answer has its turn later."""
        if "overdue" not in self._accounts.fields:
            return dict.fromkeys(one.id for one in positions)
        silent = [one for one in positions if one.foreign and not self._rules.foreign]
        found: dict[str, Decimal | None] = dict.fromkeys(one.id for one in silent)
        found |= {one.id: Decimal(0) for one in positions if one.id not in found and nothing_owed(one)}
        asked = [one for one in positions if one.id not in found]
        if asked:
            for customer, amount in self._debtors.overdue(asked, self._day):
                found[customer] = amount
                if self._hurried():
                    break
        return found

    def _view(self, one: Position, overdue: Decimal | None) -> dict[str, object]:
        if one.foreign and not self._rules.foreign:
            self._foreign.append(one.reference or one.id)
        return view(one, overdue, foreign=self._rules.foreign)

    def _tell(self, one: Position) -> None:
        if one.id in self._writing.open:
            return
        why = self._writing.refused.get(one.id)
        if why is not None:
            self._refused[one.reference or one.id] = why
        self._book.put(one.id, Told(shown(one), self._today, "told" if why is None else "refused"))

    def _unplaced(self, one: Position) -> Told:
        """A customer that is new to us may get its account in a moment. Where accounts have no links, those
        of the first pass are there or not; looking for them again and again would cost calls."""
        before = self._book.rows.get(one.id)
        if before is not None and before.state == "unplaced":
            until = before.until
        elif before is None and not (self._book.new and self._rules.lookup):
            until = self._tomorrow
        else:
            until = ""
        return Told(shown(one), self._today, "unplaced", until)

    def _hurried(self) -> bool:
        return self._services.seconds_left() < _RESERVE_SECONDS

    def _sentences(self) -> list[str]:
        missing, crm = self._accounts.missing(), self._rules.crm
        found = []
        if self._writing.written and missing:
            found.append(said.left_out(crm, missing))
        if self._writing.written and (lacks := self._debtors.lacks & set(self._accounts.fields)):
            found.append(said.not_kept(self._rules.ledger, sorted(lacks)))
        if self._foreign:
            found.append(said.in_another_currency(self._rules.ledger, list(dict.fromkeys(self._foreign))))
        if self._refused:
            found.append(said.refused(crm, self._refused))
        waiting = self._left + len(self._writing.open)
        found += [said.to_be_continued(waiting)] if waiting else []
        if not (found or self._writing.written or self._again):
            return []
        return [said.passed(self._read, self._moved, self._writing.written), *found]
