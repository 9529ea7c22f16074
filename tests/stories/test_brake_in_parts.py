"""The brake and a list of which one poll takes only a part: where calls are limited, or the limit is high."""

from dataclasses import replace
from typing import Any

import pytest

from shared.operations import poll as polling
from tests.properties.rig import NAME
from tests.stories.customers import SAGE, VTIGER
from tests.stories.products import Products

KNOWN = 300


def mass_edit(edited: int, per_minute: int | None, records: int) -> Products:
    here = Products.on_both(KNOWN)
    stored = here.rig.world.integrations
    settings = stored.load(NAME)
    limited: Any = {"per_minute": str(per_minute)} if per_minute else {}
    ledger = settings.connections[SAGE]
    connections = {**settings.connections, SAGE: replace(ledger, options={**ledger.options, **limited})}
    brake = {"records": records, "percent": 100}
    stored.save(replace(settings, connections=connections, brake=brake))
    here.edit_all(VTIGER, "WRONG", *range(edited))
    return here


def polls(here: Products, count: int) -> int:
    """How many products are overwritten after so many polls."""
    for _ in range(count):
        here.rig.clock.advance(900)
        here.rig.poll()
        here.rig.drain()
    return [one["description"] for one in here.records(SAGE)].count("WRONG")


def asked(here: Products) -> bool:
    return f"product.{VTIGER}" in here.rig.world.integrations.state(NAME).braked


def test_a_mass_edit_does_not_pass_a_part_at_a_time_where_calls_are_limited() -> None:
    here = mass_edit(KNOWN, per_minute=5, records=100)
    assert polls(here, 4) == 0
    assert asked(here)


def test_nor_where_more_may_change_than_one_poll_queues(monkeypatch: pytest.MonkeyPatch) -> None:
    here = mass_edit(KNOWN, per_minute=None, records=150)
    monkeypatch.setattr(polling, "BUDGET", 60)
    assert polls(here, 4) == 0
    assert asked(here)


def test_what_was_let_go_on_goes_on_until_the_list_has_gone_through() -> None:
    here = mass_edit(KNOWN, per_minute=5, records=100)
    assert polls(here, 1) == 0
    here.rig.release(f"product.{VTIGER}")
    assert 0 < polls(here, 1) < KNOWN, "the calls allow a part in each poll"
    assert polls(here, 6) == KNOWN
    assert not asked(here)
    here.edit_all(VTIGER, "AGAIN", *range(KNOWN))
    assert polls(here, 2) == KNOWN, "the answer was for that one mass edit"
    assert asked(here)


def test_fewer_changes_than_are_allowed_go_by_parts_without_a_question() -> None:
    here = mass_edit(250, per_minute=1, records=280)
    assert 0 < polls(here, 1) < 250
    assert polls(here, 4) == 250
    assert not asked(here)
