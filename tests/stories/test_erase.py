"""A person asks to be forgotten: what Tieout keeps of them goes, and the sync goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain import codec
from shared.domain.decision import decision
from shared.domain.link import Wait
from shared.errors import LinkContended, RuleInvalid
from shared.operations import erase as module
from shared.operations.erase import Receipt, erase, subject
from shared.ports import Missing, Parked
from tests.stories.customers import SAGE, VTIGER, Customers

WHO = {"name": "Ann Smith", "email": "ann@smith.test", "phone": "0161 496 0000"}


def forget(
    here: Customers, system: str, record: str, entity: str = "account", change: bool = True
) -> Receipt:
    services = here.rig.services()
    return erase(services, subject(services, system, entity, here.id_of(system, record, entity)), change)


def everything(here: Customers) -> str:
    """All rows of all stores, as text; but the queue's, which another test looks at."""
    stored = here.rig.world._services["dynamodb"].rows
    rows = [f"{key} {text}" for kind in stored.values() for key, text in kind.items()]
    archive = here.rig.stores.archive
    return "\n".join([*rows, *(codec.dumps(archive.lines(name)) for name in archive.objects())])


def scattered(here: Customers) -> None:
    """Ann in every other place that keeps records."""
    stores, now = here.rig.stores, here.rig.clock.now()
    own, other = here.event(VTIGER, "smith"), here.event(VTIGER, "bill", "invoice")
    seen = {"contact_name": "Ann Smith"}
    stores.waits.add(Wait(SAGE, "account", "Ann Smith", replace(other, snapshot=seen)))
    stores.waits.add(Wait(SAGE, "product", "P1", own))
    stores.parks.park([Parked(own, now + timedelta(days=2), "Sage is away")])
    stores.parks.park([Parked(other, now + timedelta(days=3), "Ann Smith is being made")])
    stores.missing.note(VTIGER, "account", [Missing("smith", now, "Ann Smith")])
    ids = {VTIGER: "smith", SAGE: here.id_of(SAGE, "smith")}
    stores.decisions.put([decision("account", ids, "same", "r", now)])
    stores.cache.put("list.x", {"part": {"rows": {"smith": ["v", WHO]}}}, now + timedelta(days=1))
    stores.archive.write("20261122T101500Z-a1b2", [
        {"kind": "record", "id": "smith", "system": VTIGER, "entity": "account", "after": WHO},
        {"kind": "exchange", "path": "/list", "response": [{"id": "smith", **WHO}, {"id": "jones", "n": 1}]},
    ])  # fmt: skip


@pytest.mark.parametrize("system", [VTIGER, SAGE])
def test_a_person_is_gone_from_everything_and_the_receipt_names_nobody(system: str) -> None:
    here = Customers.linked_smith(**WHO)
    scattered(here)
    before = everything(here)
    dry = forget(here, system, "smith", change=False)
    assert everything(here) == before, "a dry run changes nothing"

    receipt = forget(here, system, "smith")
    assert receipt.left == {} and dict(receipt.found) == dict(dry.found)
    assert {place for place, count in receipt.found.items() if count} == {
        "lines of the archive", "rows of the log", "waits", "parked records", "missing records", "decisions",
        "kept lists", "links",
    }  # fmt: skip
    left = everything(here)
    for told in ("Ann Smith", "ann@smith.test", "0161"):
        assert told not in left and told not in codec.dumps(receipt), told
    assert here.rig.links() == []
    assert '"jones"' in left


def test_what_another_record_waited_for_is_looked_at_again() -> None:
    here = Customers.linked_smith(**WHO)
    scattered(here)
    forget(here, VTIGER, "smith")
    queued = here.rig.world.receive("invoice", 100)
    assert [(event.record_id, event.snapshot) for event in queued] == [("bill", None)]
    (parked,) = here.rig.stores.parks.due(here.rig.clock.now() + timedelta(days=9), 100)
    assert (parked.event.record_id, parked.reason) == ("bill", "(erased) is being made")


def test_one_who_is_gone_from_both_systems_does_not_come_back() -> None:
    here = Customers.linked_smith(**WHO)
    here.enter(VTIGER, "jones", name="Jones Ltd")
    for system in (VTIGER, SAGE):
        here.delete(system, "smith")
    forget(here, VTIGER, "smith")
    here.sync()
    here.wait(minutes=2, hours=24)
    assert "Ann Smith" not in everything(here)
    assert [set(link) for link in here.linked()] == [{VTIGER, SAGE}], "Jones is carried over as ever"


def test_one_whom_both_systems_still_have_is_found_again_and_not_doubled() -> None:
    here = Customers.linked_smith(**WHO)
    forget(here, VTIGER, "smith")
    here.edit(VTIGER, "smith", phone="0161 496 0001")
    here.sync()
    here.wait(minutes=2)
    assert [set(link) for link in here.linked()] == [{VTIGER, SAGE}]
    assert len(here.native(VTIGER)) == len(here.native(SAGE)) == 1


def test_a_document_is_no_person_and_a_stranger_is_named() -> None:
    here = Customers.linked_smith(**WHO)
    with pytest.raises(RuleInvalid, match="no person"):
        subject(here.rig.services(), VTIGER, "invoice", "1")
    with pytest.raises(KeyError, match="no link and no log of account 99 in Vtiger"):
        subject(here.rig.services(), VTIGER, "account", "99")


def test_a_record_that_is_being_worked_on_is_left_until_later() -> None:
    here = Customers.linked_smith(**WHO)
    here.edit(VTIGER, "smith", phone="0161 496 0009")

    def ask() -> None:
        with pytest.raises(LinkContended, match="being worked on"):
            subject(here.rig.services(), VTIGER, "account", "smith")

    with here.at(f"{SAGE}.update", ask):
        here.sync()


def _none(*_: object) -> int:
    return 0


@pytest.mark.parametrize("part", ["_archive", "_log", "_waits", "_parks", "_missing", "_link"])
def test_an_erasure_that_forgets_one_place_is_caught(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It neither looks there nor erases; so the receipt is clean, and only what is stored tells."""
    monkeypatch.setattr(module, part, _none)
    with pytest.raises(AssertionError):
        test_a_person_is_gone_from_everything_and_the_receipt_names_nobody(VTIGER)
