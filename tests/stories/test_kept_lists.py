"""What a worker keeps of both lists from one batch to the next is never older than the lists.

Each story has a batch that reads the lists, a change, and a batch of the same worker that must know of it.
"""

from collections.abc import Callable

import pytest

from shared.sync.engine import known_facts, who
from shared.sync.matching.facts import Facts, facts_of
from tests.properties.broken import Swap
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.test_who_is_who import names, pairs

TREES = ("Alder", "Birch", "Cedar", "Damson", "Elm", "Fir")
VAT = "GB123456780"


def read_once(rules: str = "", **values: str) -> Customers:
    """One batch was handled that read both lists: Sage's has Zebra Ltd."""
    here = Customers(rules)
    here.enter(SAGE, "S1", **{"name": "Zebra Ltd", **values})
    here.enter(VTIGER, "first", name="Brand New Ltd")
    here.hear(VTIGER, "first")
    here.rig.clock.advance(15)
    return here


def test_a_customer_renamed_since_is_known_by_its_new_name() -> None:
    here = read_once()
    here.edit(SAGE, "S1", name="Yak Ltd")
    here.enter(VTIGER, "yak", name="Yak Ltd")
    here.enter(VTIGER, "zebra", name="Zebra Ltd")
    here.hear(VTIGER, "yak", "zebra")
    assert dict(pairs(here))["yak"] == "S1", "not known by its new name"
    assert names(here, SAGE) == ["Brand New Ltd", "Yak Ltd", "Zebra Ltd"]


def test_a_customer_deleted_since_is_nobodys_counterpart() -> None:
    here = read_once()
    here.delete(SAGE, "S1")
    here.enter(VTIGER, "zebra", name="Zebra Ltd")
    here.hear(VTIGER, "zebra")
    assert names(here, SAGE) == ["Brand New Ltd", "Zebra Ltd"], "joined with one that is gone"


def test_a_customer_that_another_worker_made_since_is_found() -> None:
    here = read_once()
    here.enter(VTIGER, "yak", name="Yak Ltd")

    def meanwhile() -> None:
        here.enter(SAGE, "S2", name="Yak Ltd")
        here.enter(VTIGER, "other", name="Other Ltd")
        here.hear(VTIGER, "other")
        here.rig.clock.advance(15)

    here.enter(VTIGER, "second", name="Second Ltd")
    with here.at(f"{SAGE}.create", meanwhile):
        here.hear(VTIGER, "second", "yak")
    assert dict(pairs(here))["yak"] == "S2", "made a second time"
    assert names(here, SAGE) == ["Brand New Ltd", "Other Ltd", "Second Ltd", "Yak Ltd", "Zebra Ltd"]


def test_a_number_that_many_carry_by_now_proves_nothing_any_more() -> None:
    here = read_once(vat_number=VAT)
    for number, name in enumerate(TREES[:5], 2):
        here.enter(SAGE, f"S{number}", name=f"{name} Ltd", vat_number=VAT)
    here.enter(VTIGER, "holly", name="Holly Ltd", vat_number=VAT)
    here.hear(VTIGER, "holly")
    assert "Holly Ltd" in names(here, SAGE), "still taken for a number"


def test_under_new_rules_a_record_is_known_by_other_keys() -> None:
    here = read_once('account.match = [["reference"], ["name"]]', vat_number=VAT)
    here.new_rules("")
    here.enter(VTIGER, "holly", name="Holly Ltd", vat_number=VAT)
    here.hear(VTIGER, "holly")
    assert "Holly Ltd" not in names(here, SAGE), "not known by a key that is one by now"
    here.says("held", "Zebra Ltd", rule="match", of="holly")


def test_a_person_who_works_elsewhere_by_now_is_found_there() -> None:
    here = Customers()
    for one in ("acme", "borg"):
        here.enter(VTIGER, one, name=f"{one} Ltd")
    here.sync()
    firms = {one: here.id_of(SAGE, one) for one in ("acme", "borg")}
    here.enter(SAGE, "P1", "contact", full_name="Ann Other", account=firms["acme"])
    here.enter(VTIGER, "first", "contact", full_name="Jo Bloggs", account="acme")
    here.hear(VTIGER, "first", entity="contact")
    here.rig.clock.advance(15)
    here.edit(SAGE, "P1", "contact", account=firms["borg"])
    here.enter(VTIGER, "ann", "contact", full_name="Ann Other", account="borg")
    here.hear(VTIGER, "ann", entity="contact")
    assert [one["full_name"] for one in here.records(SAGE, "contact")].count("Ann Other") == 1, "made twice"


def test_what_did_not_change_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    here, made = Customers(), list[str]()
    for number in range(60):
        here.enter(SAGE, f"S{number}", name=f"Firm{number} Ltd")
        here.enter(VTIGER, f"V{number}", name=f"Client{number} Ltd")

    def counted(record_id: str, *given: object) -> object:
        made.append(record_id)
        return facts_of(record_id, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(who, "facts_of", counted)
    here.hear(VTIGER, "V0")
    assert len(made) >= 120
    here.rig.clock.advance(15)
    made.clear()
    here.hear(VTIGER, "V1")
    assert len(made) <= 4, f"{made}"


def _with_anything(self: who.Who) -> known_facts.KnownFacts:
    if self._facts is None:
        kept = who.kept_of(self.ctx, self.entity)
        self._tables = {one: self.ctx.tables.of(one) for one in self.systems}
        self._facts, kept.facts = kept.facts or known_facts.KnownFacts(None), None
    return self._facts


def _of_any_row(
    self: known_facts.KnownFacts,
    system: str,
    record_id: str,
    values: known_facts.Values,
    account: str,
    make: known_facts.Make,
) -> Facts:
    if (system, record_id) not in self._facts:
        self._facts[system, record_id] = (values, make(record_id, values, account))
    return self._facts[system, record_id][1]


WRONG: dict[str, tuple[Callable[[], None], str, Swap]] = {
    "follows nothing from one batch to the next": (
        test_a_customer_renamed_since_is_known_by_its_new_name,
        "not known by its new name",
        (known_facts.Followed, "_other_rows", lambda self, listed: []),
    ),
    "does not follow who works where": (
        test_a_person_who_works_elsewhere_by_now_is_found_there,
        "made twice",
        (known_facts.Followed, "_other_rows", lambda self, listed: []),
    ),
    "takes the facts of a record for those of its row": (
        test_a_customer_renamed_since_is_known_by_its_new_name,
        "not known by its new name",
        (known_facts.KnownFacts, "of", _of_any_row),
    ),
    "keeps facts that were made with other rules": (
        test_under_new_rules_a_record_is_known_by_other_keys,
        "not known by a key",
        (who.Who, "_known", _with_anything),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_story_fails_where_old_facts_are_served(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    story, why, (module, step, replacement) = WRONG[name]
    monkeypatch.setattr(module, step, replacement)
    with pytest.raises(AssertionError, match=why):
        story()
