"""What is done through the API: the buttons of the pages, with their checks, roles and audit trail."""

import json
from typing import Any

import pytest

from shared.console.api.addresses import DONE
from shared.console.reply import Reply
from tests.browser.console_world import Console
from tests.browser.sample import customers
from tests.properties.rig import NAME
from tests.stories.customers import SAGE as LEDGER
from tests.stories.customers import VTIGER, Customers
from tests.stories.test_accepted import in_conflict
from tests.unit.console.schema import faults
from tests.unit.console.test_preview_page import sales, works_off

SMITH = {"system": VTIGER, "entity": "account", "record": "smith"}
LEAVE_OUT = {"choice": "leave-out", **SMITH}


def read(page: Console, path: str, **query: str) -> Any:
    reply = page.get(f"api/{path}", **query)
    assert (reply.status, reply.kind) == (200, "application/json"), reply.body[:300]
    found, whole = json.loads(reply.body), json.loads(page.get("api/openapi.json").body)
    described = whole["paths"][f"/{path}"]["get"]["responses"]["200"]["content"]["application/json"]
    assert faults(found, described["schema"], whole) == []
    return found


def do(page: Console, path: str, code: int | None = None, /, **form: Any) -> Any:
    status = code or 200
    token = read(page, "session")["token"]
    reply: Reply = page.ask("POST", f"/{NAME}/api/{path}", form={"token": token, **form})
    assert (reply.status, reply.kind) == (status, "application/json"), reply.body[:300]
    found, whole = json.loads(reply.body), json.loads(page.get("api/openapi.json").body)
    described = whole["paths"][f"/{path}"]["post"]["responses"][str(status)]["content"]["application/json"]
    assert faults(found, described["schema"], whole) == []
    return found


def refused(reply: Reply, status: int) -> bool:
    return (reply.status, reply.kind) == (status, "application/json")


def trail(page: Console) -> list[tuple[str, str, str]]:
    found = page.deployment.console.stores.audit.newest(NAME, 100, None)
    return [(one.action, one.detail, one.result) for one in found]


def test_a_preview_is_begun_followed_and_read_whole() -> None:
    here, page = sales()
    assert read(page, "previews") == {"entities": ["sales_order"], "previews": []}
    done = do(page, "make-preview", entity="sales_order")
    assert (done["code"], done["count"]) == ("previewing", 1) and "nothing written" in done["says"]
    works_off(page)
    (one,) = read(page, "previews")["previews"]
    assert one["state"] == "done" and one["counts"] == {"create": 2, "skip": 1}
    assert one["totals"]["create"] == {"GBP": "2100.50"} and one["by"] == "ann@example.com"
    whole = read(page, "preview", entity="sales_order", run=one["run"])
    assert len(whole["records"]) == one["read"] == 3
    (skipped,) = read(page, "preview", entity="sales_order", would="skip")["records"]
    assert skipped["name"] == "<script>alert(1)</script>" and skipped["amount"] is None
    assert here.orders() == []
    assert trail(page)[0][0] == "preview" and "through the API" in trail(page)[0][1]


def test_the_value_of_one_side_is_accepted() -> None:
    here = in_conflict()
    page = Console(here.rig)
    offered = read(page, "choices", **SMITH)
    (mine,) = [one for one in offered["accept"] if one["side"] == VTIGER]
    assert mine["field"] == "phone" and mine["value"] == "222" and not offered["left_out"]
    here.rig.clock.advance(60)
    done = do(page, "decide", choice="accept", **SMITH, **mine)
    assert done["code"] == "accepted" and done["follow"]["record"] == "smith"
    here.rig.drain()
    assert here.shows(LEDGER)["phone"] == "222"
    action, detail, result = trail(page)[0]
    assert action == "accept" and "side vtiger" in detail and "through the API" in detail and result
    moved = do(page, "decide", 409, choice="accept", **SMITH, **mine)
    assert "nothing was written" in moved["error"]


def test_a_record_is_left_out_and_taken_up() -> None:
    here = Customers.linked_smith(name="Smith Ltd")
    page = Console(here.rig)
    assert do(page, "decide", choice="leave-out", **SMITH)["code"] == "left-out"
    here.rig.drain()
    assert read(page, "choices", **SMITH)["left_out"]
    assert "nothing done" in do(page, "decide", 409, choice="leave-out", **SMITH)["error"]
    assert do(page, "decide", choice="take-up", **SMITH)["code"] == "taken-up"
    here.rig.drain()
    assert not read(page, "choices", **SMITH)["left_out"]
    assert [one for one, _, _ in trail(page)] == ["take-up", "skip", "skip"]


def test_look_alikes_are_the_same_or_not() -> None:
    page = customers()
    held = {"system": VTIGER, "entity": "account", "record": "11x3"}
    other, *_ = read(page, "choices", **held)["look_alikes"]
    assert "decided so" in do(page, "decide", 409, choice="same", **held, other="nobody")["error"]
    assert do(page, "decide", choice="different", **held, other=[other["id"]])["code"] == "decided"


@pytest.mark.parametrize("path", [one.removeprefix("api/") for one in DONE])
class TestWhoMay:
    """One suite with the pages: token, site, role, session, method."""

    def test_nobody_without_the_token_a_session_or_the_role(self, path: str) -> None:
        page = Console(Customers.linked_smith(name="Smith Ltd").rig)
        for token in ("", "forged", page.token + "x"):
            assert refused(page.post(f"api/{path}", token, **LEAVE_OUT), 403)
        form = {"token": page.token, **LEAVE_OUT}
        assert refused(page.ask("POST", f"/{NAME}/api/{path}", form=form, signed_in=False), 401)
        sent = page.ask("POST", f"/{NAME}/api/{path}", form=form, headers={"sec-fetch-site": "cross-site"})
        assert sent.status == 403
        assert page.get(f"api/{path}", **LEAVE_OUT).status == 404
        no = Console(page.rig, None, "viewer").post(f"api/{path}", **LEAVE_OUT)
        assert refused(no, 403) and "may look" in json.loads(no.body)["error"]
        assert refused(Console(page.rig, None, "admin:another").post(f"api/{path}", **LEAVE_OUT), 404)
        assert page.polls.sent == [] and trail(page) == []


@pytest.mark.parametrize(
    "form",
    [
        {"choice": "drop", **SMITH},
        {**SMITH},
        {"choice": "put-back", **SMITH, "field": "phone", "side": VTIGER},
        {"choice": "leave-out", **SMITH, "record": "<script>" * 100},
        {"choice": "leave-out", **SMITH, "system": "elsewhere"},
    ],
)
def test_what_is_no_choice_of_ours_is_not_found(form: dict[str, str]) -> None:
    page = Console(Customers.linked_smith(name="Smith Ltd").rig)
    assert "there is no such" in do(page, "decide", 404, **form)["error"]


@pytest.mark.parametrize("stamp", ["", "x", "~~~~", "9" * 300, "1~vtiger:a~sage:<script>"])
def test_a_forged_stamp_writes_nothing(stamp: str) -> None:
    page = Console(in_conflict().rig)
    form = {**SMITH, "choice": "accept", "field": "phone", "side": VTIGER, "stamp": stamp}
    assert "<script>" not in json.dumps(do(page, "decide", 409, **form))


def test_accepting_is_not_putting_back() -> None:
    """What belongs to another choice is not taken along."""
    here = in_conflict()
    page = Console(here.rig)
    (mine,) = [one for one in read(page, "choices", **SMITH)["accept"] if one["side"] == VTIGER]
    done = do(page, "decide", choice="accept", **SMITH, **{**mine, "at": "2026-01-01", "seq": "1"})
    assert done["code"] == "accepted"
