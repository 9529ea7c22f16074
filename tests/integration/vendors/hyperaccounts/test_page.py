"""The office's own page and calls: what a person or a test does at the emulated service."""

from typing import Any

import httpx
import pytest

from tests.integration.vendors.hyperaccounts.office import LINE, order


def test_every_write_is_logged_and_every_call_counted(http: httpx.Client) -> None:
    http.delete("/_admin/calls")
    http.delete("/_admin/writes")
    order(http)
    http.get("/api/customer/EXA001")
    assert http.get("/_admin/calls").json() == {"POST salesorder": 1, "GET customer": 1}
    written = http.get("/_admin/writes").json()
    assert [(one["route"], one["key"]) for one in written] == [("POST salesOrder", "1001")]


def test_a_person_deletes_a_customer(http: httpx.Client) -> None:
    assert http.delete("/_admin/customers/exa001").json() == "EXA001"
    assert "not found" in order(http)["message"]
    assert http.delete("/_admin/customers/exa001").status_code == 400


def test_the_page_escapes_everything(http: httpx.Client) -> None:
    http.post("/_admin/customers", json={"accountRef": "BAD001", "name": "<script>alert('x')</script>"})
    order(
        http,
        customerAccountRef="BAD001",
        customerOrderNumber='"><b>',
        invoiceItems=[{**LINE, "description": "<i>&"}],
    )
    page = http.get("/_admin/").text
    assert "<script" not in page and "<b>" not in page and "<i>" not in page
    assert "&lt;script&gt;" in page and "&lt;i&gt;&amp;" in page


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("options", {"colour": 1}),
        ("options", {"exclusive": "yes"}),
        ("clock", {"freeze": "never"}),
        ("customers", [1]),
        ("orders/99", {}),
        ("faults", [{"kind": "nonsense"}]),
    ],
)
def test_mistakes_in_the_office_are_named(http: httpx.Client, path: str, body: Any) -> None:
    answer = http.post(f"/_admin/{path}", json=body)
    assert answer.status_code == 400 and answer.json()["error"]


def test_the_token_is_never_shown(http: httpx.Client) -> None:
    assert http.get("/_admin/options").json()["token"] == "[hidden]"
