"""Web Logic Hooks: registered through the API, queued by saves, really sent by "cron", once, without
retry."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


class Receiver:
    """A small HTTP server that keeps what it is sent."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.status = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Tests are quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook?token=x"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


def _register(sugar: Any, url: str, event: str = "after_save") -> str:
    sugar.sign_in()
    answer = sugar.rest(
        "POST",
        "/WebLogicHooks",
        {
            "name": "Tieout",
            "webhook_target_module": "Opportunities",
            "trigger_event": event,
            "url": url,
            "request_method": "POST",
        },
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def test_saves_of_both_apis_and_of_people_are_sent_later(sugar: Any, receiver: Receiver) -> None:
    _register(sugar, receiver.url)
    sugar.admin("accounts", {"id": "acc-1", "name": "Not hooked"})
    sugar.admin("opportunities", {"id": "o-1", "name": "Deal", "amount": "5.5"})
    sugar.rest("PUT", "/Opportunities/o-1", {"sales_order_no_c": "7"})
    sugar.call(
        "set_entry",
        [sugar.login(), "Opportunities", [{"name": "id", "value": "o-1"}, {"name": "amount", "value": 6}]],
    )
    assert receiver.bodies == []
    assert len(sugar.admin("hooks")["waiting"]) == 3
    assert sugar.admin("cron", {}) == {"sent": 3}
    made, numbered, changed = receiver.bodies
    assert (made["isUpdate"], made["bean"], made["dataChanges"]) == (False, "Opportunity", [])
    assert (made["data"]["id"], made["data"]["sales_order_no_c"]) == ("o-1", None)
    assert (numbered["isUpdate"], numbered["data"]["sales_order_no_c"]) == (True, "7")
    assert changed["data"]["amount"] == "6.000000"


def test_a_failed_delivery_is_lost(sugar: Any, receiver: Receiver) -> None:
    _register(sugar, receiver.url)
    receiver.status = 500
    sugar.admin("opportunities", {"id": "o-1", "name": "Deal"})
    sugar.admin("cron", {})
    receiver.status = 200
    assert sugar.admin("cron", {}) == {"sent": 0}
    assert len(receiver.bodies) == 1
    assert sugar.admin("hooks")["sent"][0]["status"] == 500


def test_an_unreachable_receiver_stops_nothing(sugar: Any) -> None:
    _register(sugar, "http://127.0.0.1:9/none")
    sugar.admin("opportunities", {"id": "o-1", "name": "Deal"})
    sugar.admin("cron", {})
    assert sugar.admin("hooks")["sent"][0]["status"] == 0


def test_deletes_and_links_have_their_own_events(sugar: Any, receiver: Receiver) -> None:
    _register(sugar, receiver.url, "after_delete")
    _register(sugar, receiver.url, "after_relationship_add")
    sugar.admin("accounts", {"id": "acc-1", "name": "Smith"})
    sugar.admin("opportunities", {"id": "o-1", "name": "Deal"})
    sugar.rest("POST", "/Opportunities/o-1/link/accounts/acc-1")
    sugar.rest("DELETE", "/Opportunities/o-1")
    sugar.admin("cron", {})
    linked, deleted = receiver.bodies
    assert (linked["trigger_event"], linked["link"], linked["related_id"]) == (
        "after_relationship_add",
        "accounts",
        "acc-1",
    )
    assert (deleted["trigger_event"], deleted["data"]["id"]) == ("after_delete", "o-1")


def test_a_removed_hook_is_silent(sugar: Any, receiver: Receiver) -> None:
    hook = _register(sugar, receiver.url)
    assert sugar.rest("DELETE", f"/WebLogicHooks/{hook}").json() == {"id": hook}
    sugar.admin("opportunities", {"id": "o-1", "name": "Deal"})
    assert sugar.admin("cron", {}) == {"sent": 0}


def test_cron_runs_by_itself(start: Callable[..., Any], receiver: Receiver) -> None:
    sugar = start(cron_seconds=0.1)
    _register(sugar, receiver.url)
    sugar.admin("opportunities", {"id": "o-1", "name": "Deal"})
    end = time.monotonic() + 10
    while not receiver.bodies and time.monotonic() < end:
        time.sleep(0.05)
    assert [body["data"]["id"] for body in receiver.bodies] == ["o-1"]
