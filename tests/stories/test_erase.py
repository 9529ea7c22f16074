"""A person asks to be forgotten: what Tieout keeps of them goes, and the sync goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain import codec
from shared.domain.decision import decision
from shared.domain.link import Link, Outcome, Side, Wait
from shared.errors import LinkContended, RuleInvalid
from shared.operations import erase as module
from shared.operations.erase import Receipt, erase, subject
from shared.ports import Commit, Missing, Parked, Run
from shared.ports.audit import Entry
from tests.stories.customers import SAGE, VTIGER, Customers

WHO = {"name": "Ann Smith", "email": "ann@smith.test", "phone": "0161 496 0000"}


def forget(
    here: Customers, system: str, record: str, entity: str = "account", change: bool = True
) -> Receipt:
    services, trail = here.rig.services(), here.rig.world.console.audit
    one = subject(services, system, entity, here.id_of(system, record, entity))
    return erase(services, one, change, trail=trail)


def everything(here: Customers) -> str:
    """All rows and parts of all stores, as text; but the queue's, which another test looks at."""
    services = here.rig.world._services
    stored = [kind for name in ("dynamodb", "s3") for kind in services[name].rows.values()]
    rows = [f"{key} {text}" for kind in stored for key, text in kind.items()]
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
    here.rig.stores.links.commit(Commit(_invoice(), 0, "w"), now)
    for system, record in ids.items():
        stores.sweeps.put(system, "account", {"ids": [record, "jones"], "gone": [record], "kept": []})
        stores.cursors.save(
            system, "account", {"seen": {"deleted": {record: "t", "jones": "t"}}, "gone": [record]}
        )
    stores.cursors.save("credit", ids[SAGE], {"K": ["12.50", now - timedelta(days=1)]})
    stores.log.put_run(
        Run("20261122T101500Z-poll", "poll", "account", VTIGER, now, now, "done", "Ann Smith has no e-mail")
    )
    stores.gate.pause(SAGE, "Sage refuses: Ann Smith may not be changed")
    stores.calls.add("2026-11-22", {VTIGER: 7})
    for number, (record, detail) in enumerate(
        [("smith", f"other {ids[SAGE]}"), ("jones", "other smith; verdict same")]
    ):
        where = (here.rig.stores.integration, VTIGER, "account", record)
        told = (*where, detail, "Ann Smith and Jones are two")
        said = Entry(now, "p-1", "bob@firm.test", "decide", *told, id=str(number))
        here.rig.world.console.audit.note(said)
    stores.archive.write("20261122T101500Z-a1b2", [
        {"kind": "record", "id": "smith", "system": VTIGER, "entity": "account", "after": WHO},
        {"kind": "exchange", "path": "/list", "response": [{"id": "smith", **WHO}, {"id": "jones", "n": 1}]},
    ])  # fmt: skip


def _invoice() -> Link:
    """A document that waits for Ann: its vendor shows no name."""
    why = Outcome("waiting", "customer Ann Smith is being made", waits_for=(SAGE, "account", "Ann Smith"))
    return Link(
        "L" * 24, "invoice", VTIGER, "bill", sides={VTIGER: Side("bill", "1", {"total": "1"})}, outcome=why,
        held={"due_date": "because Ann Smith has no terms"},
    )  # fmt: skip


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
        "kept lists", "links", "positions of lists", "outcomes of others", "words of runs",
        "paused connections", "the audit trail",
    }  # fmt: skip
    left = everything(here)
    for told in ("Ann Smith", "ann@smith.test", "0161", "smith"):
        assert told not in left and told not in codec.dumps(receipt), told
    assert [one.entity for one in here.rig.links()] == ["invoice"]
    assert here.rig.links()[0].sides[VTIGER].seen == {"total": "1"}
    assert '"jones"' in left


def test_who_did_what_stays_and_a_sweep_goes_on_where_it_was() -> None:
    here = Customers.linked_smith(**WHO)
    scattered(here)
    part = here.rig.stores.sweeps.put(VTIGER, "account", {"ids": ["smith", "jones"], "gone": [], "kept": []})
    receipt = forget(here, VTIGER, "smith")
    trail = {one.id: one for one in here.rig.world.console.audit.newest(here.rig.stores.integration)}
    assert trail["0"].record_id == f"erased {receipt.record[:16]}" and trail["0"].name == "bob@firm.test"
    assert (trail["1"].record_id, trail["1"].detail) == ("jones", "other (erased); verdict same")
    assert here.rig.stores.sweeps.get([part]) == [{"ids": ["jones"], "gone": [], "kept": []}]
    assert here.rig.stores.cursors.load(VTIGER, "account") == {
        "seen": {"deleted": {"jones": "t"}},
        "gone": [],
    }
    assert here.rig.stores.cursors.load("credit", here.id_of(SAGE, "smith")) is None
    assert here.rig.stores.calls.of("2026-11-22") == {VTIGER: 7}


def test_what_counts_against_a_credit_stays_until_it_is_settled_and_is_told() -> None:
    here = Customers.linked_smith(**WHO)
    customer, soon = here.id_of(SAGE, "smith"), here.rig.clock.now() + timedelta(minutes=5)
    here.rig.stores.cursors.save("credit", customer, {"K": ["12.50", soon]})
    assert forget(here, VTIGER, "smith").left == {"positions of lists": 1}
    assert here.rig.stores.cursors.load("credit", customer) is not None


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


@pytest.mark.parametrize(
    "part",
    [
        "_archive",
        "_log",
        "_waits",
        "_parks",
        "_missing",
        "_link",
        "of_lists",
        "of_others",
        "of_runs",
        "of_gates",
        "of_trail",
    ],
)
def test_an_erasure_that_forgets_one_place_is_caught(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It neither looks there nor erases; so the receipt is clean, and only what is stored tells."""
    monkeypatch.setattr(module, part, _none)
    with pytest.raises(AssertionError):
        test_a_person_is_gone_from_everything_and_the_receipt_names_nobody(VTIGER)
