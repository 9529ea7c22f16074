"""Hooks' bodies into hints, and every unreadable one into a sentence."""

import subprocess
import sys

import pytest

from shared.systems.sugarcrm.webhook import SugarWebhook

SAVE = (
    b'{"isUpdate": true, "dataChanges": [], "bean": "Account", "data": {"id": "abc-1", "name": "x"}, '
    b'"trigger_event": "after_save"}'
)


@pytest.mark.parametrize(
    ("query", "body", "expected"),
    [
        ({"object": "Accounts", "event": "after_save"}, SAVE, ("Accounts", "abc-1")),
        ({}, SAVE, ("Accounts", "abc-1")),
        ({}, b'{"bean": "Opportunity", "data": {"id": "1"}}', ("Opportunities", "1")),
        (
            {"object": "Opportunities", "event": "after_delete"},
            b'{"id": "seed_max_id"}',
            ("Opportunities", "seed_max_id"),
        ),
        ({}, b'{"module": "Contacts", "id": "c", "related_id": "a", "link": "accounts"}', ("Contacts", "c")),
        ({"object": "Accounts"}, b'{"data": [], "id": "c"}', ("Accounts", "c")),
    ],
)
def test_module_and_id(query: dict[str, str], body: bytes, expected: tuple[str, str]) -> None:
    assert SugarWebhook().parse(query, body) == [expected]


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ({"object": "Accounts"}, b""),
        ({"object": "Accounts"}, b"\xff\xfe"),
        ({"object": "Accounts"}, b"[]"),
        ({"object": "Accounts"}, b"null"),
        ({"object": "Accounts"}, b'{"data": {"id": 7}}'),
        ({"object": "Accounts"}, b'{"data": {}}'),
        ({"object": "Accounts"}, b'{"data": {"id": "x/../y"}}'),
        ({"object": "a/b"}, SAVE),
        ({}, b'{"data": {"id": "1"}}'),
        ({}, b'{"bean": 3, "data": {"id": "1"}}'),
        ({"object": "Accounts"}, b"[" * 100_000),
        ({"object": "Accounts"}, b"<html>"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(query: dict[str, str], body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^The hook's .*\.$"):
        SugarWebhook().parse(query, body)


def test_it_imports_the_standard_library_only() -> None:
    code = (
        "import sys; import shared.systems.sugarcrm.webhook; "
        "print([m for m in ('httpx', 'boto3', 'pydantic') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert done.stdout.strip() == "[]"
