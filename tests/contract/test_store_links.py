"""The promises of LinkStore, for both implementations."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from shared.domain.link import Base, Side
from shared.errors import LinkContended
from shared.ports import Commit, Loaded, Stores
from tests.contract.stored import commit, lease, link, row
from tests.contract.stores_world import START

LATER = START + timedelta(minutes=2)
CLAIM = ("sugarcrm", "sales_order", "opp-1")


class TestLinkStore:
    """One suite, every implementation."""

    def test_an_unknown_link_is_in_the_answer(self, stores: Stores) -> None:
        assert stores.links.load(["NONE"]) == {"NONE": Loaded(None, None)}
        assert stores.links.load([]) == {}

    def test_what_was_saved_comes_back_equal_and_exact(self, stores: Stores) -> None:
        saved = stores.links.commit(commit(), START)
        assert saved == link(version=1)
        found = stores.links.load(["LINK1"])["LINK1"].link
        assert found == saved
        assert str(found.sides["sage_50"].seen["total"]) == "1200.100"

    def test_a_caller_cannot_change_what_is_stored(self, stores: Stores) -> None:
        values: dict[str, object] = {"total": Decimal("1.00")}
        stores.links.commit(commit(link(sides={"sage_50": Side("1", seen=values)})), START)
        values["total"] = Decimal("9.99")
        found = stores.links.load(["LINK1"])["LINK1"].link
        assert found and found.sides["sage_50"].seen["total"] == Decimal("1.00")

    @pytest.mark.parametrize("expected", [0, 2, 7])
    def test_a_save_from_another_version_is_refused(self, stores: Stores, expected: int) -> None:
        stores.links.commit(commit(), START)
        with pytest.raises(LinkContended, match="it is at version 1, and this work started from"):
            stores.links.commit(commit(link(kind="held"), expected), START)
        assert stores.links.load(["LINK1"])["LINK1"].link == link(version=1)

    def test_of_two_workers_that_read_one_version_the_second_loses(self, stores: Stores) -> None:
        first = stores.links.commit(commit(), START)
        stores.links.commit(commit(replace(first, pending=True), 1, "worker-a"), START)
        with pytest.raises(LinkContended):
            stores.links.commit(commit(replace(first, rules_version="r2"), 1, "worker-b"), START)
        found = stores.links.load(["LINK1"])["LINK1"].link
        assert found and (found.version, found.pending, found.rules_version) == (2, True, "r1")

    def test_a_save_for_a_link_that_does_not_exist_is_refused(self, stores: Stores) -> None:
        with pytest.raises(LinkContended):
            stores.links.commit(commit(expected=3), START)

    def test_many_links_and_leases_load_together(self, stores: Stores) -> None:
        for number in range(130):
            stores.links.commit(commit(link(f"LINK{number:03}"), lease=lease()), START)
        wanted = [f"LINK{number:03}" for number in range(250)]
        loaded = stores.links.load(wanted)
        assert list(loaded) == wanted
        assert [name for name, one in loaded.items() if one.link and one.lease == lease()] == wanted[:130]
        assert all(one == Loaded(None, None) for one in list(loaded.values())[130:])

    def test_a_500_line_document_fits_and_comes_back(self, stores: Stores) -> None:
        noise = Random(7)
        lines = [
            {"text": noise.randbytes(700).hex(), "price": Decimal(f"{number}.10")} for number in range(500)
        ]
        big = link(
            sides={"sage_50": Side("1042", seen={"lines": lines})},
            row=row(changes=({"after": lines},), seq="000001"),
        )
        stores.links.commit(commit(big, lease=lease(intent=True)), START)
        assert stores.links.load(["LINK1"])["LINK1"].link == replace(big, version=1)
        stores.links.commit(commit(link(), 1), START)
        assert stores.links.load(["LINK1"])["LINK1"].link == link(version=2)

    def test_odd_texts_survive(self, stores: Stores) -> None:
        odd = {"name": "Ünï 😀 ' \" < > & \x00 \ud83d #1%", "%#": "", "none": None, "yes": True, "n": 3}
        stores.links.commit(commit(link(base={"a#b": Base(odd, 1, "x")})), START)
        found = stores.links.load(["LINK1"])["LINK1"].link
        assert found and found.base["a#b"].value == odd


class TestLeases:
    """Who may save while a lease runs, and what stays when it has ended."""

    def test_a_lease_is_saved_with_its_intent(self, stores: Stores) -> None:
        stores.links.commit(commit(lease=lease(intent=True)), START)
        assert stores.links.load(["LINK1"])["LINK1"].lease == lease(intent=True)

    @pytest.mark.parametrize("other", [None, "release", lease("worker-b")])
    def test_another_owner_is_refused_while_it_runs(self, stores: Stores, other: object) -> None:
        stores.links.commit(commit(lease=lease(intent=True)), START)
        with pytest.raises(LinkContended, match="worker-a"):
            stores.links.commit(Commit(link(kind="held"), 1, "worker-b", other), START)  # type: ignore[arg-type]
        assert stores.links.load(["LINK1"])["LINK1"] == Loaded(link(version=1), lease(intent=True))

    def test_its_owner_may_save_renew_and_release(self, stores: Stores) -> None:
        stores.links.commit(commit(lease=lease()), START)
        stores.links.commit(commit(expected=1), START)
        assert stores.links.load(["LINK1"])["LINK1"].lease == lease()
        stores.links.commit(commit(expected=2, lease=lease(seconds=90, intent=True)), START)
        assert stores.links.load(["LINK1"])["LINK1"].lease == lease(seconds=90, intent=True)
        stores.links.commit(commit(expected=3, lease="release"), START)
        assert stores.links.load(["LINK1"])["LINK1"] == Loaded(link(version=4), None)

    def test_it_ends_exactly_at_its_end(self, stores: Stores) -> None:
        stores.links.commit(commit(lease=lease(seconds=60)), START)
        just_before = START + timedelta(seconds=59, microseconds=999_999)
        with pytest.raises(LinkContended):
            stores.links.commit(commit(expected=1, owner="worker-b"), just_before)
        stores.links.commit(commit(expected=1, owner="worker-b"), START + timedelta(seconds=60))

    def test_f26_a_lease_of_a_clock_an_hour_ahead_is_cut_and_keeps_its_intent(self, stores: Stores) -> None:
        stores.links.commit(commit(lease=lease(seconds=3660, intent=True)), START + timedelta(hours=1))
        end = START + timedelta(minutes=15)
        stores.links.cut_lease("LINK1", "worker-b", end)
        stores.links.cut_lease("NONE", "worker-a", end)
        assert stores.links.load(["LINK1"])["LINK1"].lease == lease(seconds=3660, intent=True)
        stores.links.cut_lease("LINK1", "worker-a", end)
        cut = replace(lease(intent=True), until=end)
        assert stores.links.load(["LINK1"])["LINK1"] == Loaded(link(version=1), cut)
        stores.links.cut_lease("LINK1", "worker-a", end + timedelta(minutes=1))
        assert stores.links.load(["LINK1"])["LINK1"].lease == cut, "it is never made longer"
        with pytest.raises(LinkContended, match="until its lease ends"):
            stores.links.commit(commit(expected=1, owner="worker-b"), end - timedelta(seconds=1))
        stores.links.commit(commit(expected=1, owner="worker-b"), end)

    def test_an_ended_lease_can_be_taken_and_keeps_its_intent_until_then(self, stores: Stores) -> None:
        stores.links.commit(commit(lease=lease(intent=True)), START)
        stores.links.commit(commit(expected=1, owner="worker-b"), LATER)
        assert stores.links.load(["LINK1"])["LINK1"].lease == lease(intent=True)
        stores.links.commit(commit(expected=2, owner="worker-b", lease=lease("worker-b", 300)), LATER)
        assert stores.links.load(["LINK1"])["LINK1"].lease == lease("worker-b", 300)
        with pytest.raises(LinkContended):
            stores.links.commit(commit(expected=3, owner="worker-a"), LATER)

    def test_an_ended_lease_of_another_may_be_released(self, stores: Stores) -> None:
        stores.links.commit(commit(lease=lease(intent=True)), START)
        stores.links.commit(commit(expected=1, owner="worker-b", lease="release"), LATER)
        assert stores.links.load(["LINK1"])["LINK1"].lease is None

    def test_two_workers_take_one_ended_lease_and_one_gets_it(self, stores: Stores) -> None:
        stores.links.commit(commit(lease=lease(intent=True)), START)
        stores.links.commit(commit(expected=1, owner="worker-b", lease=lease("worker-b", 300)), LATER)
        with pytest.raises(LinkContended):
            stores.links.commit(commit(expected=1, owner="worker-c", lease=lease("worker-c", 300)), LATER)
        held = stores.links.load(["LINK1"])["LINK1"].lease
        assert held and held.owner == "worker-b"

    def test_nobody_takes_a_lease_for_another(self, stores: Stores) -> None:
        with pytest.raises(ValueError, match="on behalf of worker-b"):
            stores.links.commit(commit(owner="worker-a", lease=lease("worker-b")), START)
