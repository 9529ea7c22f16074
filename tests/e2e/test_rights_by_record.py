"""The role of the integration's user covers some records only: the others are told, each by itself, and stop
nothing."""

from dataclasses import replace

import pytest

from local.vendors.sugarcrm.options import USERS, SugarOptions
from tests.e2e.world import World, world

SYNC = next(one for one in USERS if one.user_name == "sync")


def options(*own_only: str) -> SugarOptions:
    users = tuple(replace(one, own_only=own_only) if one is SYNC else one for one in USERS)
    return SugarOptions(cron_seconds=0, users=users)


def won(at: World) -> list[str]:
    """Five of them, of which the third is somebody else's."""
    owners = [SYNC.id, SYNC.id, "somebody", SYNC.id, SYNC.id]
    return [
        at.opportunity(name=f"Deal {place}", amount=f"{place}00.00", assigned_user_id=owner)
        for place, owner in enumerate(owners, 1)
    ]


def cycle(at: World) -> None:
    at.tick()
    at.drain()


def reason(at: World, record_id: str) -> str:
    outcome = at.outcome(record_id)
    assert outcome is not None
    return f"{outcome.kind}: {outcome.reason}"


def test_one_that_may_not_be_viewed_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    with world(monkeypatch, api="v4_1", sugar=options("view")) as at:
        hidden = won(at)[2]
        cycle(at)
        assert sorted(one["itemsNet"] for one in at.orders()) == [100, 200, 400, 500]
        assert "may view other records of Opportunities, but not" in reason(at, hidden)
        assert reason(at, hidden).startswith("held")
        at.opportunity(name="Deal 6", amount="600.00", assigned_user_id=SYNC.id)
        cycle(at)
        assert len(at.orders()) == 5


@pytest.mark.parametrize("api", ["v11", "v4_1"])
def test_an_order_whose_number_may_not_be_written_is_told_and_made_once(
    monkeypatch: pytest.MonkeyPatch, api: str
) -> None:
    with world(monkeypatch, api=api, sugar=options("edit")) as at:
        theirs = won(at)[2]
        cycle(at)
        assert len(at.orders()) == 5
        assert "may edit other records of Opportunities, but not" in reason(at, theirs)
        at.opportunity(name="Deal 6", amount="600.00", assigned_user_id=SYNC.id)
        for _ in range(2):
            cycle(at)
        assert sorted(one["itemsNet"] for one in at.orders()) == [100, 200, 300, 400, 500, 600]
        assert at.shown(theirs)["sales_order_no_c"] is None
        at.opportunity(id=theirs, edit=True, assigned_user_id=SYNC.id)
        at.hook({"data": {"id": theirs}})
        at.drain()
        assert all(one["sales_order_no_c"] for one in at.won())
        assert len(at.orders()) == 6
