"""The promises of TokenStore, for both implementations."""

from datetime import timedelta
from random import Random

import pytest

from shared.ports import Stores, Token, TokenTimes
from tests.contract.stores_world import START

END = START + timedelta(hours=1)


def token(generation: int = 1, **values: str) -> Token:
    return Token(values or {"access_token": "abc é"}, END, generation)


class TestTokenStore:
    """One suite, every implementation."""

    def test_there_is_none_at_first(self, stores: Stores) -> None:
        assert stores.tokens.load("sugarcrm") is None

    @pytest.mark.parametrize("length", [1, 3_000, 4_096, 9_000])
    def test_a_token_of_any_length_comes_back(self, stores: Stores, length: int) -> None:
        saved = token(access_token=Random(length).randbytes(length).hex())
        assert stores.tokens.save("sugarcrm", saved, 0)
        assert stores.tokens.load("sugarcrm") == saved
        assert stores.tokens.load("sage_50") is None

    def test_a_newer_generation_is_never_overwritten(self, stores: Stores) -> None:
        assert stores.tokens.save("sugarcrm", token(1), 0)
        assert stores.tokens.save("sugarcrm", token(2, a="second"), 1)
        assert not stores.tokens.save("sugarcrm", token(2, a="late"), 1)
        assert not stores.tokens.save("sugarcrm", token(1, a="first"), 0)
        assert stores.tokens.load("sugarcrm") == token(2, a="second")

    def test_its_times_are_told_without_opening_it(self, stores: Stores) -> None:
        assert stores.tokens.times("sugarcrm") is None
        stores.tokens.save("sugarcrm", token(), 0)
        assert stores.tokens.times("sugarcrm") == TokenTimes(END, None)
        until = END + timedelta(days=31)
        stores.tokens.save("sugarcrm", token(2, refresh_until=until.isoformat()), 1)
        assert stores.tokens.times("sugarcrm") == TokenTimes(END, until)

    def test_one_that_was_forgotten_is_gone_and_another_can_be_stored(self, stores: Stores) -> None:
        stores.tokens.save("sugarcrm", token(), 0)
        stores.tokens.forget("sugarcrm")
        stores.tokens.forget("sugarcrm")
        assert stores.tokens.load("sugarcrm") is None and stores.tokens.times("sugarcrm") is None
        assert stores.tokens.save("sugarcrm", token(), 0)

    def test_a_generation_that_was_never_stored_is_not_expected(self, stores: Stores) -> None:
        assert not stores.tokens.save("sugarcrm", token(5), 4)
        assert stores.tokens.load("sugarcrm") is None

    def test_one_worker_refreshes_and_the_lock_ends_by_itself(self, stores: Stores) -> None:
        assert stores.tokens.lock("sugarcrm", "a", END, START)
        assert not stores.tokens.lock("sugarcrm", "b", END, START)
        assert stores.tokens.lock("sage_50", "b", END, START)
        stores.tokens.unlock("sugarcrm", "b")
        assert not stores.tokens.lock("sugarcrm", "b", END, START)
        assert stores.tokens.lock("sugarcrm", "b", END + timedelta(hours=1), END)
        stores.tokens.unlock("sugarcrm", "b")
        assert stores.tokens.lock("sugarcrm", "a", END, START)
        assert stores.tokens.load("sugarcrm") is None

    def test_two_integrations_never_meet(self, stores: Stores, others: Stores) -> None:
        assert stores.tokens.save("sugarcrm", token(), 0)
        assert stores.tokens.lock("sugarcrm", "a", END, START)
        assert others.tokens.load("sugarcrm") is None
        assert others.tokens.lock("sugarcrm", "b", END, START)
        assert others.tokens.save("sugarcrm", token(1, a="theirs"), 0)
        assert stores.tokens.load("sugarcrm") == token()
