"""What `tieout log` shows: one outcome a record, and one record's whole story."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from local.cli._app import Usage
from local.cli.log import facts, latest, story
from shared.domain.link import LogRow, Outcome, OutcomeKind
from shared.ports import Stores
from shared.stores.memory import MemoryWorld

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def row(minute: int, record: str, kind: OutcomeKind, label: str = "", order: str = "") -> LogRow:
    records = {"sage_50": (order, f"order {order}", "")} if order else {}
    return LogRow(
        at=START + timedelta(minutes=minute),
        run_id=f"20261120T09{minute:02d}00Z-aaaa",
        system="sugarcrm",
        entity="sales_order",
        record_id=record,
        cause="poll",
        outcome=Outcome(kind, f"because {minute}"),
        label=label,
        records=records,
    )


@pytest.fixture
def stores() -> Stores:
    found = MemoryWorld().stores("main")
    found.log.append(
        [row(1, "a", "waiting", "Chairs"), row(2, "b", "skipped"), row(3, "a", "created", "Chairs", "1001")]
    )
    for minute in (1, 2, 3):
        found.log.count(f"20261120T09{minute:02d}00Z-aaaa", {"created": 1})
    return found


def test_each_record_has_its_latest_outcome(stores: Stores) -> None:
    found = {one.record_id: one.outcome.kind for one in story(stores, None, None)}
    assert found == {"a": "created", "b": "skipped"}


@pytest.mark.parametrize("name", ["a", "Chairs", "1001", "order 1001", "sugarcrm/sales_order/a"])
def test_a_record_is_found_by_what_people_call_it(stores: Stores, name: str) -> None:
    assert [one.outcome.kind for one in story(stores, name, None)] == ["waiting", "created"]


def test_an_unknown_record_is_a_fault_of_usage(stores: Stores) -> None:
    with pytest.raises(Usage, match="no record with the id, name or number “zzz”"):
        story(stores, "zzz", None)


def test_json_counts_the_records_and_gives_each_reason(stores: Stores) -> None:
    shown = facts(story(stores, None, None), [])
    assert shown["counts"] == {"created": 1, "skipped": 1}
    assert {one["id"]: one["reason"] for one in shown["records"]} == {"a": "because 3", "b": "because 2"}


def test_two_records_that_were_linked_are_one() -> None:
    """The customer waited on its own until it was found to be the organisation that had just been made."""
    made, waited = (
        row(3, "a", "created", "Chairs", "1001"),
        replace(row(1, "1001", "waiting"), system="sage_50"),
    )
    again = replace(row(4, "1001", "unchanged", order="1001"), system="sage_50")
    assert latest([made, waited]) == [made]
    assert latest([again, made, waited]) == [made]


def test_the_newest_of_several_rows_counts() -> None:
    assert [one.outcome.kind for one in latest([row(3, "a", "created"), row(1, "a", "held")])] == ["created"]
