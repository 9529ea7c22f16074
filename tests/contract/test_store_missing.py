"""The promises of MissingStore, for both implementations."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.ports import Missing, Stores
from shared.settings import IntegrationState
from tests.contract.stores_world import START, OnMoto, World

LIST = ("sage_accounting", "product")
DESK, CHAIR = Missing("p1", START, "Desk"), Missing("p2", START + timedelta(hours=1), "Chair", "listed")
ASKED = Missing("", START + timedelta(hours=2), verdict="asked", of=60)


class TestMissingStore:
    """One suite, every implementation."""

    def test_what_is_noted_is_listed_whole_and_by_id(self, stores: Stores) -> None:
        stores.missing.note(*LIST, [CHAIR, DESK])
        assert stores.missing.listed(*LIST) == [DESK, CHAIR]
        assert stores.missing.listed("vtiger", "product") == stores.missing.listed(LIST[0], "service") == []

    def test_whoever_notes_a_record_again_changes_nothing(self, stores: Stores) -> None:
        stores.missing.note(*LIST, [DESK])
        stores.missing.note(*LIST, [replace(DESK, at=START + timedelta(days=1), verdict="asked"), CHAIR])
        assert stores.missing.listed(*LIST) == [DESK, CHAIR]

    def test_a_verdict_is_changed_only_where_it_is_the_one_that_was_read(self, stores: Stores) -> None:
        stores.missing.note(*LIST, [DESK, CHAIR])
        stale = replace(CHAIR, verdict="believed")
        assert stores.missing.settle(*LIST, [DESK, stale, Missing("nobody", START)], ASKED) == ["p1"]
        asked = replace(ASKED, id="p1", label="Desk")
        assert stores.missing.listed(*LIST) == [asked, CHAIR]
        kept = Missing("", START, verdict="kept", of=0)
        assert stores.missing.settle(*LIST, [DESK], kept) == []
        assert stores.missing.settle(*LIST, [asked], kept) == ["p1"]
        assert stores.missing.listed(*LIST)[0] == Missing("p1", START, "Desk", "kept")

    def test_what_is_dropped_is_no_longer_listed_and_dropping_again_is_no_error(self, stores: Stores) -> None:
        stores.missing.note(*LIST, [DESK, CHAIR])
        for _ in range(2):
            stores.missing.drop(*LIST, ["p1", "nobody"])
        assert stores.missing.listed(*LIST) == [CHAIR]

    @pytest.mark.parametrize("record_id", ["a#b", "a%23b", "é" * 300, "x" * 2000])
    def test_any_id_is_kept_exactly(self, stores: Stores, record_id: str) -> None:
        one = Missing(record_id, START, "")
        stores.missing.note(*LIST, [one])
        assert stores.missing.listed(*LIST) == [one]

    def test_a_flag_is_in_the_state_and_outlives_whoever_writes_the_rest(self, world: World) -> None:
        missing, known = world.stores("acme").missing, world.integrations
        missing.flag(*LIST)
        assert known.state("acme") == IntegrationState(missing=("product.sage_accounting",))
        before = known.state("acme")
        missing.flag("vtiger", "account")
        assert known.change_state("acme", before, replace(before, live=True))
        both = ("account.vtiger", "product.sage_accounting")
        assert known.state("acme") == IntegrationState(live=True, missing=both)
        for _ in range(2):
            missing.unflag(*LIST)
            missing.unflag("vtiger", "account")
        assert known.state("acme") == IntegrationState(live=True)

    def test_two_integrations_never_meet(self, world: World) -> None:
        ours, theirs = world.stores("acme").missing, world.stores("acme-2").missing
        ours.note(*LIST, [DESK])
        ours.flag(*LIST)
        theirs.drop(*LIST, ["p1"])
        assert theirs.listed(*LIST) == [] and world.integrations.state("acme-2").missing == ()
        assert ours.listed(*LIST) == [DESK]


def test_rows_that_nobody_is_asked_about_end_by_themselves(moto: OnMoto) -> None:
    missing = moto.stores("acme").missing
    missing.note(*LIST, [DESK, CHAIR])
    missing.settle(*LIST, [DESK], ASKED)
    rows = {one["id"]["S"]: one for one in moto.clients.dynamodb.scan(TableName="state")["Items"]}
    assert "expires" not in rows["p1"] and "expires" in rows["p2"]
