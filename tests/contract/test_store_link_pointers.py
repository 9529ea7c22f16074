"""The promises of LinkStore about pointers from records to links, for both implementations."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.link import Side
from shared.errors import LinkContended
from shared.ports import Loaded, Stores
from tests.contract.stored import commit, lease, link, row
from tests.contract.stores_world import START

LATER = START + timedelta(minutes=2)
CLAIM = ("sugarcrm", "sales_order", "opp-1")


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
