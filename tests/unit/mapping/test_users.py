"""Users by their e-mail addresses."""

import pytest

from shared.mapping.faults import FieldUnreadable
from shared.mapping.numbers import Spot
from shared.mapping.users import user_reader, user_table, user_writer

SPOT = Spot("owner", "analysis1")
LEDGER = user_table(
    [
        {"id": "Emma Lee", "email": "Emma@example.test "},
        {"id": "EL", "email": "emma@example.test"},
        {"id": "Nobody", "email": ""},
    ]
)
CRM = user_table(
    [
        {"id": "51", "email": "emma@example.test", "several": "0"},
        {"id": "52", "email": "office@example.test", "several": "1"},
        {"id": "53", "email": "office@example.test", "several": "1"},
    ]
)


@pytest.mark.parametrize("name", ["Emma Lee", " emma  LEE", "el", "EL"])
def test_a_user_may_have_several_names(name: str) -> None:
    email = user_reader(SPOT)(name, LEDGER)
    assert email == "emma@example.test" and user_writer(SPOT)(email, CRM) == "51"


@pytest.mark.parametrize("name", ["Nobody", "Bob", "emma@example.test"])
def test_a_name_that_the_table_lacks_is_nobody(name: str) -> None:
    with pytest.raises(FieldUnreadable, match="a name or code of the table of users"):
        user_reader(SPOT)(name, LEDGER)


@pytest.mark.parametrize("value", [None, "", "  "])
def test_blank_is_nobody(value: object) -> None:
    assert user_reader(SPOT)(value, LEDGER) is None and user_writer(SPOT)(None, CRM) == ""


def test_without_a_table_the_field_names_nobody() -> None:
    assert user_reader(SPOT)("North", {}) is None


@pytest.mark.parametrize(
    ("email", "said"),
    [("office@example.test", "one user alone"), ("left@example.test", "address of an active user")],
)
def test_an_address_of_two_or_of_nobody_assigns_nobody(email: str, said: str) -> None:
    with pytest.raises(FieldUnreadable, match=said):
        user_writer(SPOT)(email, CRM)


def test_a_user_of_two_with_one_address_can_still_be_read() -> None:
    assert user_reader(SPOT)("53", CRM) == "office@example.test"


def test_what_is_written_is_read_back_the_same() -> None:
    assert user_reader(SPOT)(user_writer(SPOT)("emma@example.test", LEDGER), LEDGER) == "emma@example.test"
