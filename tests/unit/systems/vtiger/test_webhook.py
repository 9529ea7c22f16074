"""A webhook says which record, in any of the shapes an administrator may have mapped, and nothing hostile
gets through."""

import json
from typing import Any

import pytest

from shared.systems.vtiger.webhook import VtigerWebhook

QUERY = {"object": "Accounts", "event": "after_save"}


@pytest.mark.parametrize(
    "query, body, found",
    [
        (QUERY, b'{"id": "11x123"}', [("Accounts", "11x123")]),
        (QUERY, b'{"id": 123, "modifiedtime": "x"}', [("Accounts", "123")]),
        (QUERY, b"record_id=123&secret=s", [("Accounts", "123")]),
        (QUERY, b'{"data": {"id": "12x5"}, "module": "Contacts"}', [("Accounts", "12x5")]),
        ({}, b"id=11x7&module=Contacts", [("Contacts", "11x7")]),
        ({}, b'{"elementType": "Invoice", "record": {"id": "7x1"}}', [("Invoice", "7x1")]),
        (QUERY, b'[{"id": "1"}, {"id": "2"}, {"id": "1"}]', [("Accounts", "1"), ("Accounts", "2")]),
    ],
)
def test_hints(query: dict[str, str], body: bytes, found: list[tuple[str, str]]) -> None:
    assert VtigerWebhook().parse(query, body) == found


@pytest.mark.parametrize(
    "query, body, words",
    [
        (QUERY, b"", "no parameters"),
        (QUERY, b"[]", "no parameters"),
        (QUERY, b"[1]", "no parameters"),
        (QUERY, b"{", "starts like JSON"),
        (QUERY, b"\xff", "not UTF-8"),
        (QUERY, b'{"id": true}', "no record id"),
        (QUERY, b'{"id": "11x1; DROP"}', "no record id"),
        (QUERY, b"id=-1", "no record id"),
        ({}, b"id=1", "module is named neither"),
        ({"object": "../x"}, b"id=1", "module is named neither"),
        ({}, b'{"id": "1", "module": ["Accounts"]}', "module is named neither"),
        (QUERY, json.dumps({"id": "1" * 40}).encode(), "no record id"),
        (QUERY, b"[" * 100_000, "starts like JSON"),
    ],
)
def test_refusals(query: dict[str, str], body: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        VtigerWebhook().parse(query, body)


def test_nothing_but_sentences_is_raised() -> None:
    for body in (b"null", b"0", b'"text"', b"{}", b"=", b"&", b'{"data": 5}'):
        found: Any = None
        try:
            found = VtigerWebhook().parse(QUERY, body)
        except ValueError as fault:
            found = str(fault)
        assert found
