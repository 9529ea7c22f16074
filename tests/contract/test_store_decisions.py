"""The promises of DecisionStore, for both implementations."""

from shared.domain.decision import Decision, decision
from shared.domain.record import replace
from shared.ports import Stores
from tests.contract.stores_world import START


def said(one: str, other: str, verdict: str = "same", run: str = "r1", entity: str = "account") -> Decision:
    ids = {"vtiger": one, "sage_accounting": other}
    return decision(entity, ids, "same" if verdict == "same" else "different", run, START)


class TestDecisionStore:
    """One suite, every implementation."""

    def test_what_was_said_comes_back_whole(self, stores: Stores) -> None:
        stores.decisions.put([said("11x1", "a#1"), said("11x2", "a", "different")])
        found = stores.decisions.of("account")
        assert sorted(found, key=str) == sorted(
            [said("11x1", "a#1"), said("11x2", "a", "different")], key=str
        )
        assert found[0].ids.keys() == {"vtiger", "sage_accounting"}

    def test_the_last_word_about_a_pair_counts(self, stores: Stores) -> None:
        stores.decisions.put([said("11x1", "a")])
        stores.decisions.put([said("11x1", "a", "different", "r2")])
        assert [(one.verdict, one.run_id) for one in stores.decisions.of("account")] == [("different", "r2")]

    def test_what_was_said_before_is_kept_with_its_occasions(self, stores: Stores) -> None:
        one = replace(said("11x1", "a"), earlier=(("different", "r2"), ("same", "r1")))
        stores.decisions.put([one])
        assert stores.decisions.of("account") == [one]

    def test_entities_are_kept_apart(self, stores: Stores) -> None:
        stores.decisions.put(
            [said("1", "a"), said("1", "a", entity="account_2"), said("1", "a", entity="contact")]
        )
        assert [one.entity for one in stores.decisions.of("account")] == ["account"]

    def test_what_is_taken_back_is_gone(self, stores: Stores) -> None:
        many = [said(f"11x{number}", "a") for number in range(60)]
        stores.decisions.put(many)
        stores.decisions.remove(many[:59])
        stores.decisions.remove(many[:1])
        assert stores.decisions.of("account") == many[59:]

    def test_two_integrations_never_meet(self, stores: Stores, others: Stores) -> None:
        stores.decisions.put([said("11x1", "a")])
        assert others.decisions.of("account") == []
