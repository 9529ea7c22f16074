"""The promises of LinkStore, for both implementations."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from shared.domain.link import Base, Outcome, Side
from shared.domain.rules import FlowRule, Rule
from shared.errors import LinkContended, RuleInvalid
from shared.ports import Commit, Loaded, Stores
from tests.contract.stored import commit, lease, link, row
from tests.contract.stores_world import START, World

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


class TestPointers:
    """Claims, and that a commit is all or nothing."""

    def test_a_claimed_record_is_found(self, stores: Stores) -> None:
        stores.links.commit(commit(claims=(CLAIM, ("sage_50", "sales_order", "10#42"))), START)
        assert stores.links.find("sugarcrm", "sales_order", ["opp-1", "opp-2"]) == {"opp-1": "LINK1"}
        assert stores.links.find("sage_50", "sales_order", ["10#42", "10"]) == {"10#42": "LINK1"}
        assert stores.links.find("sage_50", "invoice", ["10#42"]) == {}

    def test_250_records_are_found(self, stores: Stores) -> None:
        for start in range(0, 250, 50):
            claims = tuple(
                ("sugarcrm", "sales_order", f"opp-{number}") for number in range(start, start + 50)
            )
            stores.links.commit(commit(link(f"LINK{start}"), claims=claims), START)
        found = stores.links.find("sugarcrm", "sales_order", [f"opp-{number}" for number in range(260)])
        assert found == {f"opp-{number}": f"LINK{number // 50 * 50}" for number in range(250)}

    def test_claiming_again_is_no_error(self, stores: Stores) -> None:
        stores.links.commit(commit(claims=(CLAIM, CLAIM)), START)
        stores.links.commit(commit(expected=1, claims=(CLAIM,)), START)
        assert stores.links.find("sugarcrm", "sales_order", ["opp-1"]) == {"opp-1": "LINK1"}

    @pytest.mark.parametrize("expected", [0, 1])
    def test_a_refused_claim_leaves_link_lease_pointers_and_log_as_they_were(
        self, stores: Stores, expected: int
    ) -> None:
        stores.links.commit(commit(link("FIRST"), claims=(CLAIM,)), START)
        if expected:
            stores.links.commit(commit(lease=lease(intent=True)), START)
        before = stores.links.load(["FIRST", "LINK1"])
        free = ("sage_50", "sales_order", "1042")
        with pytest.raises(
            LinkContended, match=r"sugarcrm sales_order opp-1 already belongs to a link other than LINK1"
        ):
            stores.links.commit(
                commit(link(kind="held", row=row()), expected, lease="release", claims=(free, CLAIM)), START
            )
        assert stores.links.load(["FIRST", "LINK1"]) == before
        assert stores.links.find("sage_50", "sales_order", ["1042"]) == {}
        assert [one.link_id for one in stores.links.by_outcome("sales_order", ["held"])] == []

    def test_a_refused_version_leaves_pointers_and_log_as_they_were(self, stores: Stores) -> None:
        stores.links.commit(commit(), START)
        with pytest.raises(LinkContended):
            stores.links.commit(commit(link(row=row()), expected=0, claims=(CLAIM,), lease=lease()), START)
        assert stores.links.find("sugarcrm", "sales_order", ["opp-1"]) == {}
        assert stores.links.load(["LINK1"])["LINK1"] == Loaded(link(version=1), None)

    def test_a_dropped_pointer_is_free_again(self, stores: Stores) -> None:
        stores.links.commit(commit(claims=(CLAIM,)), START)
        stores.links.commit(commit(expected=1, drops=(CLAIM, ("sage_50", "sales_order", "never"))), START)
        assert stores.links.find("sugarcrm", "sales_order", ["opp-1"]) == {}
        stores.links.commit(commit(link("LINK2"), claims=(CLAIM,)), START)
        with pytest.raises(LinkContended):
            stores.links.commit(commit(expected=2, drops=(CLAIM,)), START)
        assert stores.links.find("sugarcrm", "sales_order", ["opp-1"]) == {"opp-1": "LINK2"}

    def test_the_log_row_is_saved_with_the_link(self, stores: Stores) -> None:
        told = row(seq="000001")
        stores.links.commit(commit(link(row=told)), START)
        found = stores.links.load(["LINK1"])["LINK1"].link
        assert found is not None and found.row == told, "whoever comes next brings it to the log"
        stores.log.ensure([found.row])
        assert stores.log.rows(record=("sugarcrm", "sales_order", "opp-1")) == [told]


class TestClaimedAlone:
    """Pointers put by themselves, before the save of the link that needs them."""

    def test_a_record_is_found_before_its_link_knows_it(self, stores: Stores) -> None:
        stores.links.claim("LINK1", (CLAIM, ("sage_50", "sales_order", "10#42")))
        assert stores.links.find("sugarcrm", "sales_order", ["opp-1"]) == {"opp-1": "LINK1"}
        assert stores.links.find("sage_50", "sales_order", ["10#42"]) == {"10#42": "LINK1"}
        assert stores.links.load(["LINK1"]) == {"LINK1": Loaded(None, None)}

    def test_claiming_again_is_no_error_and_keeps_the_link_as_it_is(self, stores: Stores) -> None:
        stores.links.commit(commit(claims=(CLAIM,), lease=lease(intent=True)), START)
        stores.links.claim("LINK1", (CLAIM, CLAIM))
        assert stores.links.load(["LINK1"])["LINK1"] == Loaded(link(version=1), lease(intent=True))

    def test_what_another_link_has_is_refused(self, stores: Stores) -> None:
        stores.links.claim("FIRST", (CLAIM,))
        with pytest.raises(LinkContended, match="sugarcrm sales_order opp-1 already belongs to a link other"):
            stores.links.claim("LINK1", (CLAIM,))
        with pytest.raises(LinkContended, match="sugarcrm sales_order opp-1 already belongs to a link other"):
            stores.links.commit(commit(claims=(CLAIM,)), START)
        assert stores.links.find("sugarcrm", "sales_order", ["opp-1"]) == {"opp-1": "FIRST"}

    def test_erasing_the_link_frees_all_that_it_ever_claimed(self, stores: Stores) -> None:
        """Its origin, its sides, a code that it was given, and a record whose place another one took."""
        code, first, second = (("sage_50", "sales_order", one) for one in ("SO-7", "1041", "1042"))
        stores.links.claim("LINK1", (CLAIM, code))
        moved = replace(link(), sides={**link().sides, "sage_50": Side("1041")})
        stores.links.commit(commit(moved, claims=(first,), claimed=(CLAIM, code)), START)
        stores.links.commit(commit(link(), 1, claims=(second,), left=(first,)), START)
        stores.links.erase("LINK1")
        stores.links.claim("LINK2", (CLAIM, code, first, second))
        assert stores.links.find("sage_50", "sales_order", ["SO-7", "1041", "1042"]) == dict.fromkeys(
            ("SO-7", "1041", "1042"), "LINK2"
        )


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
