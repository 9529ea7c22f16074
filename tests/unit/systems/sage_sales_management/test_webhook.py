"""Webhooks, whose bodies are not documented: an id where there is one, never anything else."""

import json
from typing import Any

import pytest

from shared.systems.sage_sales_management.webhook import SalesWebhook

QUERY = {"object": "quotations", "event": "update"}


@pytest.mark.parametrize(
    "body, ids",
    [
        ({"id": 17}, ["17"]),
        ({"Id": "17"}, ["17"]),
        ({"entityId": 17, "action": "update"}, ["17"]),
        ({"data": {"id": 17, "name": "X"}}, ["17"]),
        ([{"id": 17}, {"id": 18}, {"id": 17}], ["17", "18"]),
        ({}, ["*"]),
        ({"id": True}, ["*"]),
        ({"id": "17; DROP"}, ["*"]),
        ({"id": -1}, ["*"]),
        ("", ["*"]),
    ],
)
def test_an_id_is_found_or_the_whole_list_is_hinted_at(body: Any, ids: list[str]) -> None:
    sent = body if isinstance(body, str) else json.dumps(body)
    assert SalesWebhook().parse(QUERY, sent.encode()) == [("quotations", one) for one in ids]


def test_a_form_is_read_too() -> None:
    assert SalesWebhook().parse(QUERY, b"id=17&entity=salesorder") == [("quotations", "17")]


@pytest.mark.parametrize(
    "query, body, word",
    [
        ({}, b"{}", "object"),
        ({"object": "a/b"}, b"{}", "object"),
        (QUERY, b"{", "JSON"),
        (QUERY, b"\xff", "UTF-8"),
        (QUERY, b"[" * 100_000, "JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    query: dict[str, str], body: bytes, word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        SalesWebhook().parse(query, body)
