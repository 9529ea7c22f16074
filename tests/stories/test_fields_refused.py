"""A field that a vendor refuses: the record goes without it, unless that is its key, and the log names it."""

from collections.abc import Sequence
from typing import Any

import pytest

from shared.errors import OutcomeUnknown, RecordRejected, SyncError
from shared.ports import ObjectSpec, Patch, Snapshot
from tests.stories.customers import SAGE, VTIGER, Customers, Vendor


class Picky(Vendor):
    """Refuses these values by the name of their field, and repeats a refusal for a key that it knows, for
    days."""

    refuses: dict[str, str]
    asked: list[str]
    known: dict[str, RecordRejected]
    reason = "this field is invalid"

    def create(self, spec: ObjectSpec, values: Any, key: str) -> Snapshot:
        self.asked.append(key)
        if key in self.known:
            raise self.known[key]
        if refusal := self.refusal(values):
            self.known[key] = refusal
            raise refusal
        return super().create(spec, values, key)

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        self.asked += [patch.key for patch in patches]
        return [self.refusal(one.values) or super(Picky, self).update(spec, [one])[0] for one in patches]

    def refusal(self, values: Any) -> RecordRejected | None:
        named = [path for path, value in self.refuses.items() if values.get(path) == value]
        return RecordRejected([f"{path}: {self.reason}" for path in named], named[:1]) if named else None


def picky(here: Customers, system: str, **refuses: str) -> Picky:
    vendor = here.rig.systems[system]
    vendor.__class__ = Picky
    assert isinstance(vendor, Picky)
    vendor.refuses, vendor.asked, vendor.known = refuses, [], {}
    return vendor


EMAIL = "main_contact_person/email"


def test_a_new_record_goes_without_the_field_that_the_vendor_refuses() -> None:
    here = Customers()
    sage = picky(here, SAGE, **{EMAIL: "ann@smith.test"})
    here.enter(VTIGER, "smith", name="Smith Ltd", email="ann@smith.test", phone="01904 1")
    here.sync()
    here.says("created", "ann@smith.test", "this field is invalid", "made without it", field="email")
    assert here.shows(SAGE)["phone"] == "01904 1" and "email" not in here.shows(SAGE)
    assert len(set(sage.asked)) == 2, "the second try has a key of its own"
    assert len(here.records(SAGE)) == 1
    here.forget()
    here.wait(hours=50)
    assert here.log() == [] and len(sage.asked) == 2
    here.edit(VTIGER, email="anna@smith.test")
    here.sync()
    assert here.shows(SAGE)["email"] == "anna@smith.test"


def test_a_change_goes_without_it_and_leaves_the_old_value() -> None:
    here = Customers.linked_smith(name="Smith Ltd", email="ann@smith.test", phone="1")
    sage = picky(here, SAGE, **{EMAIL: "bob@smith.test"})
    here.edit(VTIGER, email="bob@smith.test", phone="2")
    here.sync()
    here.says("updated", "phone", "bob@smith.test", "keeps what it has", field="email")
    assert here.shows(SAGE)["phone"] == "2" and here.shows(SAGE)["email"] == "ann@smith.test"
    assert here.shows(VTIGER)["email"] == "bob@smith.test"
    assert len(set(sage.asked)) == 2
    here.forget()
    here.wait(hours=50)
    assert here.log() == []
    here.edit(SAGE, email="carol@smith.test")
    here.sync()
    assert here.shows(VTIGER)["email"] == "carol@smith.test"


def test_nothing_but_the_refused_field_was_changed() -> None:
    here = Customers.linked_smith(name="Smith Ltd", phone="1")
    picky(here, VTIGER, phone="not dialled")
    here.edit(SAGE, phone="not dialled")
    here.sync()
    here.says("unchanged", "not dialled", "in everything else", field="phone")
    assert here.shows(VTIGER)["phone"] == "1"


def test_two_refused_fields_named_one_at_a_time() -> None:
    here = Customers()
    picky(here, SAGE, **{EMAIL: "ann@smith.test", "main_contact_person/telephone": "12"})
    here.enter(VTIGER, "smith", name="Smith Ltd", email="ann@smith.test", phone="12")
    here.sync()
    here.says("created", "ann@smith.test", "12", field="email, phone")


@pytest.mark.parametrize("path", ["name", "reference"])
def test_what_a_record_is_known_by_is_never_left_out(path: str) -> None:
    here = Customers()
    sage = picky(here, SAGE, **{path: "SMITH"})
    here.enter(VTIGER, "smith", **{"name": "Smith Ltd", path: "SMITH"})
    here.sync()
    here.says("held", "this field is invalid", rule="rejected")
    assert here.records(SAGE) == [] and len(sage.asked) == 1


def test_a_value_that_another_record_has_is_never_left_out() -> None:
    here = Customers()
    sage = picky(here, SAGE, **{EMAIL: "ann@smith.test"})
    sage.reason = "this address is already in use"
    here.enter(VTIGER, "smith", name="Smith Ltd", email="ann@smith.test")
    here.sync()
    here.says("held", "already in use", rule="rejected")


def test_the_answer_of_the_second_try_is_lost_and_there_is_one_record() -> None:
    here = Customers()
    sage = picky(here, SAGE, **{EMAIL: "ann@smith.test"})
    here.enter(VTIGER, "smith", name="Smith Ltd", email="ann@smith.test")
    made, keys = sage.create, list[str]()

    def lose_the_second(spec: ObjectSpec, values: Any, key: str) -> Snapshot:
        keys.append(key)
        found = made(spec, values, key)
        if len(keys) == 2:
            raise OutcomeUnknown("no answer came")
        return found

    sage.create = lose_the_second  # type: ignore[method-assign]
    here.sync()
    here.wait(minutes=10, hours=2)
    assert len(here.records(SAGE)) == 1 and "email" not in here.shows(SAGE)
    assert keys[0] != keys[1] == keys[2]
    assert here.linked() == [{VTIGER: "smith", SAGE: here.id_of(SAGE, "smith")}]
