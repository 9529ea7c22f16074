"""People belong to organisations: a contact refers to its account, whatever the ids are on each side.

A record waits for the one that it refers to and goes on by itself; two that refer to each other are made one
after the other, and the reference is filled in after.
"""

from tests.properties.family import ACCOUNT, CONTACT, LEFT, RIGHT, family_rig, put, shown
from tests.stories.customers import FLOW, SAGE, VTIGER, Customers

MAIN_CONTACT = 'path = "{}"\nas = "link"\nentity = "contact"'
BOTH_WAYS = {
    f"systems/{VTIGER}/account.toml": "[fields.main_contact]\n" + MAIN_CONTACT.format("cf_main_contact"),
    f"systems/{SAGE}/account.toml": "[fields.main_contact]\n" + MAIN_CONTACT.format("main_contact_id"),
    f"flows/{FLOW}.toml": "",
}


def test_a_person_that_is_heard_of_first_brings_its_organisation() -> None:
    here = Customers()
    here.enter(VTIGER, "smith", name="Smith & Co")
    here.enter(VTIGER, "ann", entity="contact", full_name="Ann Archer", account="smith")
    here.hear(VTIGER, "ann", entity="contact")
    here.says("waiting", "Vtiger", "smith", rule="reference", field="account")
    here.rig.drain()
    (ann,) = here.records(SAGE, "contact")
    assert ann == {"full_name": "Ann Archer", "account": here.id_of(SAGE, "smith")}
    assert here.log() == ["waiting", "created", "created"]


def test_a_person_waits_while_its_organisation_is_held_and_goes_once_that_is_settled() -> None:
    here = Customers()
    here.enter(SAGE, "S1", name="Smith & Co")
    here.enter(SAGE, "S2", name="Smith & Co")
    here.enter(VTIGER, "smith", name="Smith & Co")
    here.enter(VTIGER, "ann", entity="contact", full_name="Ann Archer", account="smith")
    here.hear(VTIGER, "ann", entity="contact")
    here.rig.drain()
    assert here.records(SAGE, "contact") == []
    assert here.log() == ["waiting", "held"]
    here.edit(SAGE, "S2", name="Smith of Leeds")
    here.sync()
    assert [ann["account"] for ann in here.records(SAGE, "contact")] == ["S1"]


def test_a_person_whose_organisation_never_comes_is_still_named() -> None:
    here = Customers()
    here.enter(VTIGER, "ann", entity="contact", full_name="Ann Archer", account="nowhere")
    here.sync()
    here.wait(hours=24)
    assert here.records(SAGE, "contact") == []
    assert {row.outcome.kind for row in here.rows("ann")} == {"waiting"}
    here.says("waiting", "nowhere", rule="reference", field="account", of="ann")


def test_a_person_without_an_organisation_is_refused_in_the_rules_own_words() -> None:
    here = Customers()
    here.enter(VTIGER, "ann", entity="contact", full_name="Ann Archer")
    here.sync()
    assert here.records(SAGE, "contact") == []
    here.says("skipped", "Vtiger", rule="account", field="account")


def test_two_records_that_refer_to_each_other_are_both_made() -> None:
    """The account is made without its main contact, which is patched in once there is one to name."""
    rig = family_rig()
    put(rig, LEFT, ACCOUNT, "smith", name="Smith & Co", main_contact="ann")
    put(rig, LEFT, CONTACT, "ann", name="Ann Archer", account="smith")
    rig.handle([rig.event(LEFT, ACCOUNT, "smith")])
    assert shown(rig, RIGHT, ACCOUNT) == {"right-1": {"name": "Smith & Co", "main_contact": None}}
    rig.run_on(1)
    assert shown(rig, RIGHT, ACCOUNT) == {"right-1": {"name": "Smith & Co", "main_contact": "right-2"}}
    assert shown(rig, RIGHT, CONTACT) == {"right-2": {"name": "Ann Archer", "account": "right-1"}}


def test_a_reference_that_has_to_wait_stays_where_it_was_entered() -> None:
    """The same with rules from files, which write a blank reference as an empty text."""
    here = Customers(BOTH_WAYS)
    here.enter(VTIGER, "smith", name="Smith & Co", main_contact="ann")
    here.enter(VTIGER, "ann", entity="contact", full_name="Ann Archer", account="smith")
    here.hear(VTIGER, "smith")
    assert here.shows(VTIGER).get("main_contact") == "ann"
    here.wait(hours=1)
    assert here.shows(SAGE)["main_contact"] == here.id_of(SAGE, "ann", "contact")


def test_a_person_who_changes_the_organisation_changes_it_on_the_other_side_too() -> None:
    here = Customers()
    for account in ("smith", "jones"):
        here.enter(VTIGER, account, name=account.title())
    here.enter(VTIGER, "ann", entity="contact", full_name="Ann Archer", account="smith")
    here.sync()
    here.edit(VTIGER, "ann", entity="contact", account="jones")
    here.sync()
    assert here.shows(SAGE, "ann", "contact")["account"] == here.id_of(SAGE, "jones")
