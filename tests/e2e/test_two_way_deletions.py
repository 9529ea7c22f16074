"""Deletions, each way: kept, archived or held as the flow says, asked about in number, and never taken from
an error."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.bootstrap import REGISTRY
from shared.operations.missing import answer, questions
from shared.operations.undo import undo
from shared.ports import Page, System
from tests.e2e.pair_equal import mended, pair_of_accounts
from tests.e2e.pair_world import FLOW_FILE, PairWorld, pair_world


@pytest.fixture
def here() -> Iterator[PairWorld]:
    with pair_world() as made:
        yield made


def deleting(deletes: str) -> dict[str, str]:
    return {
        FLOW_FILE: "".join(
            f'[{entity}]\ndeletes = "{deletes}"\n' for entity in ("account", "product", "service")
        )
    }


@pytest.mark.parametrize("deletes", ["keep", "hold"])
@pytest.mark.parametrize("side", ["vtiger", "sage_accounting"])
def test_a_deletion_is_told_and_nothing_is_deleted_elsewhere(deletes: str, side: str) -> None:
    with pair_world(rules=deleting(deletes)) as here:
        organisation, customer = pair_of_accounts(here)
        here.forget_writes()
        if side == "vtiger":
            here.sales.delete(organisation)
            here.settle()
            assert here.reconcile().gone == 1
        else:
            here.books.delete("contacts", customer)
        here.settle()
        outcome = here.story("account", organisation if side == "vtiger" else customer)[0].outcome
        assert (outcome.kind, outcome.rule) == ("held" if deletes == "hold" else "skipped", "deletes"), (
            here.tell()
        )
        assert "was deleted in " + ("Vtiger" if side == "vtiger" else "Sage Accounting") in outcome.reason
        assert "left as it is" in outcome.reason
        assert here.writes() == {"vtiger": [], "sage_accounting": []}
        here.quiet(2)
        here.reconcile()
        here.quiet(1)


@pytest.mark.parametrize("side", ["vtiger", "sage_accounting"])
@pytest.mark.parametrize("entity", ["product", "service"])
def test_archive_puts_the_other_item_out_of_use_once(here: PairWorld, side: str, entity: str) -> None:
    record = getattr(here.sales, entity)()
    here.settle()
    sage = here.books.all(f"{entity}s")[0]["id"]
    if side == "vtiger":
        here.sales.delete(record)
        here.reconcile()
    else:
        here.books.delete(f"{entity}s", sage)
    here.settle()
    if side == "vtiger":
        assert here.books.one(f"{entity}s", sage)["active"] is False, here.tell()
    else:
        assert here.sales.one(record)["discontinued"] == "0", here.tell()
    here.quiet(2)
    here.reconcile()
    here.quiet(2)


def test_a_record_edited_after_its_twin_was_deleted_is_held(here: PairWorld) -> None:
    organisation, customer = pair_of_accounts(here)
    here.books.delete("contacts", customer)
    here.sales.edit(organisation, phone="0113 9")
    here.settle()
    held = here.story("account", organisation)[0].outcome
    assert held.kind == "held" and held.rule == "deletes", here.tell()
    here.quiet(2)


@pytest.mark.parametrize("side", ["vtiger", "sage_accounting"])
def test_c4_what_was_put_out_of_use_is_restored_by_an_undo(here: PairWorld, side: str) -> None:
    record = here.sales.product()
    here.settle()
    sage = here.books.all("products")[0]["id"]
    if side == "vtiger":
        here.sales.delete(record)
        here.reconcile()
    else:
        here.books.delete("products", sage)
    here.settle()
    run = next(row.run_id for row in here.log() if row.outcome.kind == "updated")
    services = here.services()
    assert [one.kind for one in undo(services, run)] == ["restored"]
    services.close()
    here.settle()
    if side == "vtiger":
        assert here.books.one("products", sage)["active"] is True, here.tell()
    else:
        assert here.sales.one(record)["discontinued"] == "1", here.tell()
    here.quiet(2)
    here.reconcile()
    here.quiet(1)


@pytest.mark.parametrize("fault", ["500", "html", "503", "truncated_json", "429"])
def test_no_error_is_ever_taken_for_a_deletion(here: PairWorld, fault: str) -> None:
    organisation, customer = pair_of_accounts(here)
    for desk in (here.sales.desk, here.books.desk):
        here.faults(desk, {"kind": fault, "times": 6, "match": {"method": "GET"}})
    here.reconcile()
    here.cycle()
    here.reconcile()
    for desk in (here.sales.desk, here.books.desk):
        desk.delete("/faults")
    here.wait(1800)
    here.settle()
    assert all(not side.gone for link in here.stores.links.all("account") for side in link.sides.values()), (
        here.tell()
    )
    mended(here)
    assert here.books.one("contacts", customer)["deleted_at"] is None and organisation


class Blind:
    """A system whose lists come back empty though its records are there: a sharing rule, or an index being
    built anew."""

    def __init__(self, system: System) -> None:
        self._system = system

    def changes(self, *_: Any, **__: Any) -> Iterator[Page]:
        yield Page((), {}, True)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._system, name)


@pytest.mark.parametrize("system", ["vtiger", "sage_accounting"])
def test_a_list_that_comes_back_empty_is_confirmed_record_by_record(here: PairWorld, system: str) -> None:
    pair_of_accounts(here)
    here.registry = {**REGISTRY, system: lambda parts: Blind(REGISTRY[system](parts))}  # type: ignore[dict-item,return-value]
    swept = here.reconcile()
    assert swept.gone == 0 and "came back empty although 1 account record is linked" in swept.stopped
    here.cycle()
    here.registry = REGISTRY
    mended(here)


def test_more_deletions_than_expected_are_asked_about(here: PairWorld) -> None:
    organisations = [here.sales.organisation(f"Firm {n}") for n in range(24)]
    here.settle()
    for one in organisations[:22]:
        here.sales.delete(one)
    assert here.reconcile().gone == 22
    here.settle()
    (asked,) = questions(here.state, here.stores.missing)
    assert "22 of 24 account records are no longer in Vtiger: Firm" in asked.text
    assert not any(side.gone for link in here.stores.links.all("account") for side in link.sides.values())
    here.quiet(1)
    services = here.services()
    assert len(answer(services, asked, gone=True)) == 22
    services.close()
    here.settle()
    assert sum(side.gone for link in here.stores.links.all("account") for side in link.sides.values()) == 22
    assert here.state.missing == ()
    assert len(here.books.customers()) == 24, "held, never deleted"
    here.quiet(1)
