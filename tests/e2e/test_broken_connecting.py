"""Checks the checkers of connecting in the console: each attack fails, and succeeds as soon as the one check
that stands against it is taken away."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from local.vendors._serve import serve
from local.vendors.hyperaccounts.app import build_app as hyperaccounts
from local.vendors.hyperaccounts.options import HyperOptions
from local.vendors.sage_accounting.app import build_app as sage_accounting
from local.vendors.sage_accounting.options import SageAccountingOptions
from shared.console import way_to_vendor
from shared.console.actions import connecting
from shared.console.sessions import SignedIn
from shared.domain.record import replace
from shared.operations.connect_asked import _Work
from shared.stores.memory.asked import MemoryAskedStore
from shared.stores.memory.console import MemorySignInStore
from tests.browser.console_world import KEY
from tests.e2e.connect_world import SAGE_SECRET, Office
from tests.sign_in_provider import session_of

Attack = Callable[[dict[str, str]], bool]
Break = Callable[[pytest.MonkeyPatch], None]


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, str]]:
    with (
        serve(sage_accounting(SageAccountingOptions(auto_allow=True))) as sage,
        serve(hyperaccounts(HyperOptions())) as sage_50,
    ):
        yield {"sage_accounting": sage.url, "sage_50": sage_50.url}


def sage_office(servers: dict[str, str]) -> Office:
    url = servers["sage_accounting"]
    page = f"{url}/oauth2/auth/central"
    return Office("sage_accounting", url, token_url=f"{url}/token", authorize_url=page)


def ends_anothers_sign_in(servers: dict[str, str]) -> bool:
    """A thief begins with an account of his own, and has the victim's browser come back."""
    office = sage_office(servers)
    brought = office.begin(**SAGE_SECRET)
    office.cookie, _ = session_of(office.world.console, "admin", key="victim")
    return office.come_back(brought).status == 303


def comes_back_twice(servers: dict[str, str]) -> bool:
    office = sage_office(servers)
    brought = office.begin(**SAGE_SECRET)
    office.come_back(brought)
    return office.come_back(brought).status == 303


def comes_back_the_next_day(servers: dict[str, str]) -> bool:
    office = sage_office(servers)
    brought = office.begin(**SAGE_SECRET)
    away = office.world.console.sign_ins.look(brought["state"])
    assert away is not None
    office.world.console.sign_ins.leave(brought["state"], replace(away, at=away.at - timedelta(hours=20)))
    return office.come_back(brought).status == 303


def comes_back_as_a_viewer(servers: dict[str, str]) -> bool:
    office = sage_office(servers)
    brought = office.begin(**SAGE_SECRET)
    office.cookie, _ = session_of(office.world.console, "viewer", key=KEY)
    return office.come_back(brought).status == 303


def stores_keys_that_do_not_work(servers: dict[str, str]) -> bool:
    office = Office("sage_50", servers["sage_50"])
    office.press("save", token="wrong")
    office.work()
    return office.secret() == {"token": "wrong"}


def does_it_twice(servers: dict[str, str]) -> bool:
    office = Office("sage_50", servers["sage_50"])
    office.press("test")
    (message,) = office.world.polls.receive(10)
    office.world.polls.send([message])
    first = office.work()
    office.world.polls.send([message])
    return bool(first and office.work())


def puts_another_company_behind_a_live_integration(servers: dict[str, str]) -> bool:
    office = Office("sage_50", servers["sage_50"], live=True)
    office.press("save", token="demo-token")
    office.work()
    return office.secret() == {"token": "demo-token"}


def any_session(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(way_to_vendor, "equal", lambda one, other: True)


def a_state_for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MemorySignInStore, "back", MemorySignInStore.look)


def no_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(way_to_vendor, "BEGUN_LASTS", timedelta(days=1))


def any_role(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(SignedIn, "role", lambda self, name: "admin")


def stored_before_it_is_proved(patch: pytest.MonkeyPatch) -> None:
    proved = _Work.proved

    def hasty(self: _Work) -> Any:
        self.target.keep()
        return proved(self)

    patch.setattr(_Work, "proved", hasty)


def a_row_for_ever(patch: pytest.MonkeyPatch) -> None:
    take = MemoryAskedStore.take

    def kept(self: MemoryAskedStore, asked_id: str, now: Any) -> Any:
        row = self._rows.get(asked_id)
        found = take(self, asked_id, now)
        self._rows.put(row, asked_id)
        return found

    patch.setattr(MemoryAskedStore, "take", kept)


def nobody_asks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(connecting, "_unsure", lambda visit: False)


CASES: list[tuple[Attack, Break]] = [
    (ends_anothers_sign_in, any_session),
    (comes_back_twice, a_state_for_ever),
    (comes_back_the_next_day, no_end),
    (comes_back_as_a_viewer, any_role),
    (stores_keys_that_do_not_work, stored_before_it_is_proved),
    (does_it_twice, a_row_for_ever),
    (puts_another_company_behind_a_live_integration, nobody_asks),
]


@pytest.mark.parametrize(("attack", "break_it"), CASES, ids=[attack.__name__ for attack, _ in CASES])
def test_an_attack_fails_for_the_reason_that_it_says(
    servers: dict[str, str], monkeypatch: pytest.MonkeyPatch, attack: Attack, break_it: Break
) -> None:
    assert not attack(servers)
    break_it(monkeypatch)
    assert attack(servers)
