"""Seven days of cycles of fifteen minutes with everything that happens in an office: at the end both sides
are equal, and every single deed is accounted for."""

import pytest

from tests.e2e.pair_connections import reconnect
from tests.e2e.pair_equal import unequal
from tests.e2e.pair_world import ENTITIES, FLOW_FILE, pair_world
from tests.e2e.week import Week

BOTH = ("vtiger", "sage_accounting")


@pytest.mark.slow
def test_a_week_ends_with_both_sides_equal_and_every_deed_accounted_for() -> None:
    with pair_world(brake={"records": 9, "percent": 100}) as here:
        week = Week(here)
        for day in (monday, tuesday, wednesday, thursday, friday, saturday, sunday):
            day(week)
            here.reconcile()
            week.night(8)
        week.until_quiet(12)
        assert unequal(here, *week.apart) == [], here.tell()
        assert week.unaccounted() == [], here.tell()
        here.quiet(2)
        assert len(here.sales.all("Invoice")) == len(here.books.invoices()) >= 8
        assert here.failed == [] and here.stores.waits.all() == [] and here.stores.parks.count() == 0


def monday(week: Week) -> None:
    """Both offices enter what they have."""
    for entity in ENTITIES:
        for side in BOTH:
            for _ in range(1 if entity == "service" else 3):
                week.make(entity, side)
        if entity in ("account", "product"):
            week.until_quiet()
    week.until_quiet()
    busy(week, 3)


def tuesday(week: Week) -> None:
    """Sage is down from ten to two, while Vtiger's office works on."""
    busy(week, 2)
    week.here.faults(week.here.books.desk, {"kind": "503", "times": -1})
    for _ in range(4):
        week.edit("account", "vtiger")
        week.edit("product", "vtiger")
        week.make("invoice", "vtiger")
        week.cycles(2)
        week.here.wait(1800)
    week.here.books.desk.delete("/faults")
    week.clash("account", "billing_town")
    week.until_quiet()


def wednesday(week: Week) -> None:
    """The rules are edited at noon; people and invoices move on."""
    week.move()
    week.release()
    week.until_quiet()
    week.here.change(
        rules={
            FLOW_FILE: '[account.fields]\nbilling_town = { conflict = "newest" }\n'
            '[contact.fields]\njob_title = { direction = "from vtiger" }\n'
        }
    )
    week.until_quiet()
    week.edit("contact", "sage_accounting", name="job_title")
    week.clash("account", "billing_town")
    week.here.books.edit("contacts", week.here.books.customers()[0]["id"], notes="for Sage alone")
    week.until_quiet()


def thursday(week: Week) -> None:
    """Answers are lost, on either side, in the middle of writing; so is that of a token's refresh."""
    for desk, match in (
        (week.here.books.desk, {"method": "POST|PUT", "path": "/v3.1/"}),
        (week.here.sales.desk, {"operation": "create|revise"}),
    ):
        week.here.faults(
            desk,
            *(
                {"kind": kind, "match": match, "times": 1, "skip": 1}
                for kind in ("lost_reply", "late_commit", "500", "truncated_json")
            ),
        )
        for entity in ("account", "product", "invoice"):
            for side in BOTH:
                week.make(entity, side)
        week.until_quiet()
    week.here.faults(week.here.books.desk, {"kind": "lost_reply", "match": {"path": "/token"}, "times": 1})
    week.edit("account", "vtiger")
    week.cycles(2)
    if week.here.stores.gate.read(["sage_accounting"])["sage_accounting"].state == "paused":
        reconnect(week.here.world, week.here.books)
    week.until_quiet()


def friday(week: Week) -> None:
    """Invoices are released and paid, sessions end, some things are deleted."""
    week.here.sales.desk.post("/expire")
    week.here.books.desk.post("/tokens", {"expire": "access"})
    for _ in range(2):
        week.release()
        week.until_quiet()
        week.pay()
        busy(week, 1)
    week.here.faults(
        week.here.sales.desk, {"kind": "expired_session", "times": 2, "match": {"operation": "query"}}
    )
    week.make("service", "vtiger")
    removed = week.make("product", "sage_accounting")
    week.until_quiet()
    pair = next(
        link
        for link in week.here.stores.links.all("product")
        if removed in {side.id for side in link.sides.values()}
    )
    week.here.books.delete("products", removed)
    week.apart |= {one.id for one in pair.sides.values()}
    week.until_quiet()


def saturday(week: Week) -> None:
    """Vtiger is down in the morning; then somebody edits every organisation at once, and is asked."""
    week.here.faults(week.here.sales.desk, {"kind": "503", "times": -1})
    for _ in range(3):
        week.edit("account", "sage_accounting")
        week.cycles(2)
        week.here.wait(1800)
    week.here.sales.desk.delete("/faults")
    week.until_quiet()
    pairs = [link for link in week.here.stores.links.all("account") if len(link.sides) == 2]
    assert len(pairs) > 9
    for pair in pairs[:10]:
        week.edit("account", "vtiger", pair, "billing_postcode")
    week.cycles(2)
    assert "account.vtiger" in week.here.state.braked
    week.here.set_state(released=("account.vtiger",))
    week.until_quiet()
    assert week.here.state.braked == {}


def sunday(week: Week) -> None:
    """The sales office tidies up: what it deletes is found by the sweep."""
    week.delete("service", "vtiger")
    week.make("account", "vtiger")
    week.clash("product", "description")
    week.clash("invoice", "reference")
    week.until_quiet()


def busy(week: Week, times: int) -> None:
    """A quarter of an hour of which each has a few edits on either side."""
    for _ in range(times):
        for entity in ENTITIES:
            week.edit(entity)
        week.clash("account", "phone")
        week.cycles(2)
