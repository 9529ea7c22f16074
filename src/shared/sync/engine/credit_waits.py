"""Orders past a limit wait for their customer's credit to change: noted here, and woken here."""

from collections.abc import Sequence

from shared.domain.link import MARK, ChangeEvent, Wait
from shared.ports import Stores
from shared.sync.engine.waits import wake

_ENTITY = "account"


def wait_for_credit(stores: Stores, ledger: str, customer: str, event: ChangeEvent) -> None:
    stores.waits.add(Wait(ledger, _ENTITY, _key(customer), event))


def wake_for_credit(stores: Stores, ledger: str, customers: Sequence[str], run_id: str) -> int:
    """How many were woken; 1 request where some moved, and one more for each that is waited for."""
    if not customers:
        return 0
    waited = set(stores.waits.keys(ledger, _ENTITY))
    return wake(stores, ledger, _ENTITY, [key for one in customers if (key := _key(one)) in waited], run_id)


def _key(customer: str) -> str:
    return f"{MARK}credit {customer}"
