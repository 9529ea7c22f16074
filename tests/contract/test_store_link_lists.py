"""The promises of LinkStore about lists of links, for both implementations."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.link import Outcome
from shared.domain.rules import FlowRule, Rule
from shared.errors import RuleInvalid
from shared.ports import Loaded, Stores
from tests.contract.stored import commit, lease, link
from tests.contract.stores_world import START, World

LATER = START + timedelta(minutes=2)
CLAIM = ("sugarcrm", "sales_order", "opp-1")


class TestListing:
    """Lists by outcome and entity, isolation, and erasing."""

    def test_a_link_moves_when_its_outcome_changes(self, stores: Stores) -> None:
        saved = stores.links.commit(commit(link(kind="waiting")), START)
        assert list(stores.links.by_outcome("sales_order", ["waiting", "held"])) == [saved]
        moved = stores.links.commit(
            commit(replace(saved, outcome=Outcome("held", "a person decides")), 1), START
        )
        assert list(stores.links.by_outcome("sales_order", ["waiting"])) == []
        assert list(stores.links.by_outcome("sales_order", ["held", "waiting"])) == [moved]
        assert list(stores.links.by_outcome("invoice", ["held"])) == []

    def test_what_is_skipped_as_it_is_meant_leaves_nothing_to_do(self, stores: Stores) -> None:
        """A thousand deleted records stand in the way of nobody who looks for what is open."""
        amount, gone = (
            Outcome("skipped", "blank", FlowRule("amount")),
            Outcome("skipped", "gone", Rule.DELETED),
        )
        asks = stores.links.commit(commit(replace(link("L1"), outcome=amount)), START)
        meant = stores.links.commit(commit(replace(link("L2"), outcome=gone)), START)
        assert list(stores.links.unsettled("sales_order", ["skipped"], 9)) == [asks]
        assert sorted(one.link_id for one in stores.links.by_outcome("sales_order", ["skipped"])) == [
            "L1",
            "L2",
        ]
        assert list(stores.links.unsettled("sales_order", ["held"], 9)) == []
        stores.links.commit(commit(replace(meant, outcome=Outcome("held", "edited", Rule.DELETES)), 1), START)
        stores.links.commit(commit(replace(asks, outcome=gone), 1), START)
        assert list(stores.links.unsettled("sales_order", ["skipped"], 9)) == []
        assert [one.link_id for one in stores.links.unsettled("sales_order", ["held"], 9)] == ["L2"]
        assert list(stores.links.unsettled("invoice", ["held"], 9)) == []

    @pytest.mark.parametrize("most", [2, 3, 50])
    def test_of_each_kind_that_is_open_so_many_are_listed(self, stores: Stores, most: int) -> None:
        """However many of one kind there are, they hide none of another."""
        kinds = ["failed", "held", "skipped", "waiting"]
        for kind, number in zip(kinds, (1, 9, 4, 2), strict=True):
            for at in range(number):
                stores.links.commit(commit(link(f"{kind}{at}", kind)), START)
        stores.links.commit(commit(link("fine", "created")), START)
        found = Counter(
            one.outcome.kind for one in stores.links.unsettled("sales_order", kinds, most) if one.outcome
        )
        wanted = zip(kinds, (1, 9, 4, 2), strict=True)
        assert found == {kind: min(number, most) for kind, number in wanted}
        assert {one.link_id for one in stores.links.unsettled("sales_order", ["failed"], 9)} == {"failed0"}

    def test_all_links_are_listed_whatever_their_outcome(self, stores: Stores) -> None:
        for number, kind in enumerate(["created", None, "failed"]):
            stores.links.commit(commit(link(f"L{number}", kind)), START)
        stores.links.commit(commit(link("I1", entity="invoice"), claims=(CLAIM,), lease=lease()), START)
        assert {one.link_id for one in stores.links.all()} == {"L0", "L1", "L2", "I1"}
        assert {one.link_id for one in stores.links.all("sales_order")} == {"L0", "L1", "L2"}
        assert [stores.links.count(entity) for entity in ("sales_order", "invoice", "account")] == [3, 1, 0]

    def test_more_than_one_page_is_listed(self, stores: Stores) -> None:
        for number in range(120):
            stores.links.commit(commit(link(f"L{number:03}", "held")), START)
        assert sorted(one.link_id for one in stores.links.by_outcome("sales_order", ["held"])) == [
            f"L{number:03}" for number in range(120)
        ]
        assert stores.links.count("sales_order") == 120

    def test_two_integrations_never_meet(self, stores: Stores, others: Stores) -> None:
        stores.links.commit(commit(claims=(CLAIM,), lease=lease()), START)
        assert others.links.load(["LINK1"]) == {"LINK1": Loaded(None, None)}
        assert others.links.find("sugarcrm", "sales_order", ["opp-1"]) == {}
        assert list(others.links.all()) == list(others.links.by_outcome("sales_order", ["created"])) == []
        assert others.links.count("sales_order") == 0
        assert others.links.commit(commit(link(kind="held"), claims=(CLAIM,)), START).version == 1
        others.links.erase("LINK1")
        assert stores.links.load(["LINK1"])["LINK1"] == Loaded(link(version=1), lease())
        assert stores.links.find("sugarcrm", "sales_order", ["opp-1"]) == {"opp-1": "LINK1"}

    def test_an_erased_link_leaves_nothing_and_can_begin_anew(self, stores: Stores) -> None:
        taken = ("sage_50", "sales_order", "1042")
        stores.links.commit(commit(claims=(CLAIM, taken), lease=lease(intent=True)), START)
        stores.links.commit(commit(expected=1, drops=(taken,)), START)
        stores.links.commit(commit(link("LINK2"), claims=(taken,)), START)
        stores.links.erase("LINK1")
        stores.links.erase("NEVER")
        assert stores.links.load(["LINK1"]) == {"LINK1": Loaded(None, None)}
        assert stores.links.find("sugarcrm", "sales_order", ["opp-1"]) == {}
        assert stores.links.find("sage_50", "sales_order", ["1042"]) == {"1042": "LINK2"}
        assert stores.links.commit(commit(), START).version == 1

    @pytest.mark.parametrize("name", ["ac#me", "", "a/b", "a b", "#integrations", "a" * 64, "-a", "a\n"])
    def test_a_name_that_could_run_into_a_key_is_refused(self, world: World, name: str) -> None:
        with pytest.raises(RuleInvalid, match="cannot be used"):
            world.stores(name)
