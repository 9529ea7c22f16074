"""The sample data: the same every time, and in every state that it promises."""

from collections import Counter

from local.demo.flows import FLOWS
from local.demo.sugarcrm_sage_50.companies import companies
from local.demo.sugarcrm_sage_50.sample import STATES, sample


def test_it_is_the_same_every_time() -> None:
    assert sample() == sample()


def test_every_state_is_there_as_often_as_it_says() -> None:
    found = Counter(one.state for one in sample().opportunities)
    assert found == {state: count for state, (_, count, _) in STATES.items()} and found.total() == 200


def test_references_are_what_sage_takes_and_unique() -> None:
    references = [one.reference for one in companies()]
    assert len(set(references)) == len(references)
    assert all(len(one) <= 8 and one.isascii() and one.isalnum() and one == one.upper() for one in references)


def test_ids_are_unique_and_accounts_exist() -> None:
    made = sample()
    accounts = {one["id"] for one in made.accounts}
    assert len({one.values["id"] for one in made.opportunities}) == 200
    assert {one.values["account_id"] for one in made.opportunities} - accounts == {None}


def test_the_states_hold() -> None:
    made = sample()
    by_account = {one["id"]: one["sales_account_ref_c"] for one in made.accounts}
    known = {one["accountRef"] for one in made.customers}
    for one in made.opportunities:
        reference = by_account.get(one.values["account_id"])
        assert (reference is None) == (one.state in ("no_account", "no_reference"))
        assert one.state != "unknown_reference" or reference not in known
        if one.state == "lower_case":
            assert reference is not None and reference not in known and reference.upper() in known


def test_names_hold_what_breaks_careless_code() -> None:
    names = [one.values["name"] for one in sample().opportunities if one.state == "odd_name"]
    assert all(any(mark in name for name in names) for mark in "'\"<>&📦\\") and max(map(len, names)) == 300


def test_each_demonstration_names_both_systems_of_its_flow() -> None:
    for name, demo in FLOWS.items():
        assert set(demo.vendors) == {demo.crm, demo.sage} == set(name.split("--")) == set(demo.secrets)
