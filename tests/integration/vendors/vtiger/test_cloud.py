"""The cloud's door: Basic authentication, real statuses, flood control, webhooks."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest


@pytest.fixture
def cloud(start: Any) -> Any:
    return start(door="cloud", minute_limit=5, daily_limit=7)


@pytest.fixture
def listener() -> Iterator[Any]:
    heard: list[tuple[dict[str, str], Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((dict(self.headers), json.loads(body)))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook", heard
    server.shutdown()
    server.server_close()


def test_every_call_signs_in_and_errors_have_statuses(start: Any) -> None:
    cloud = start(door="cloud", minute_limit=0)
    me = cloud.cloud("GET", "me").json()["result"]
    assert (me["id"], me["user_name"]) == ("19x5", "tieout")
    path = "/restapi/v1/vtiger/default/me"
    for sign_in in (None, ("tieout", "wrong"), ("nobody", "x")):
        assert cloud.http.get(path, auth=sign_in).status_code == 401
    element = {"accountname": "Acme", "assigned_user_id": "19x5"}
    made = cloud.cloud("POST", "create", elementType="Accounts", element=element)
    assert made.status_code == 200 and made.headers["x-vtiger-version"]
    again = cloud.cloud("POST", "create", elementType="Accounts", element=element)
    assert (again.status_code, again.json()["error"]["code"]) == (400, 0)
    assert cloud.cloud("GET", "retrieve", id="11x99").status_code == 403
    assert cloud.cloud("GET", "frobnicate").status_code == 404
    assert cloud.cloud("GET", "delete", id="11x2").status_code == 405
    sent = {"elementType": "Contacts", "element": {"lastname": "X", "assigned_user_id": "19x5"}}
    told = cloud.http.post(
        "/restapi/v1/vtiger/default/create", json=sent, auth=("tieout", "TieoutAccessKey1")
    )
    assert told.json()["result"]["lastname"] == "X"
    assert (
        cloud.cloud("GET", "sync", modifiedTime=1, elementType="Contacts").json()["result"]["more"] is False
    )
    assert cloud.cloud("GET", "query", query="SELECT count(*) FROM Accounts;").json()["result"] == [
        {"count": "1"}
    ]
    cloud.admin("faults", [{"kind": "expired_session", "match": {"operation": "query"}}])
    assert cloud.cloud("GET", "query", query="SELECT id FROM Accounts;").status_code == 401


def test_each_door_is_there_or_not(start: Any, cloud: Any) -> None:
    assert "Sign in" in cloud.http.get("/webservice.php", params={"operation": "listtypes"}).text
    answer = start(door="webservice").cloud("GET", "me")
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/html")


def test_flood_control_counts_minutes_and_days(cloud: Any) -> None:
    cloud.admin("clock", {"freeze": "2026-11-21T10:00:30"})
    left = [cloud.cloud("GET", "me").headers["x-floodcontrol-remaining"] for _ in range(5)]
    assert left == ["4", "3", "2", "1", "0"]
    refused = cloud.cloud("GET", "me")
    assert (refused.status_code, refused.headers["x-floodcontrol-minutelimit"]) == (429, "5")
    assert refused.headers["x-floodcontrol-reset"] == "1795255260"
    cloud.admin("clock", {"freeze": "2026-11-21T10:01:00"})
    answers = [cloud.cloud("GET", "me") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert (
        answers[-1].headers["x-ratelimit-remaining"] == "0"
        and answers[-1].headers["x-floodcontrol-remaining"] == "3"
    )


def test_webhooks_tell_of_saves_by_api_and_by_persons(start: Any, listener: Any) -> None:
    url, heard = listener
    hook = {"module": "Accounts", "url": url, "parameters": {"event": "save"}, "headers": {"X-Secret": "s"}}
    cloud = start(door="cloud", webhooks=[hook])
    cloud.admin("clock", {"freeze": "2026-11-21T10:00:00"})
    account = cloud.admin("records/Accounts", {"accountname": "Acme"})["id"]
    cloud.cloud("POST", "revise", element={"id": account, "phone": "1"})
    cloud.admin("records/Contacts", {"lastname": "Smith"})
    cloud.http.delete(f"/_admin/records/Accounts/{account}")
    assert (len(cloud.admin("webhooks")["waiting"]), cloud.admin("cron", {}), cloud.admin("cron", {})) == (
        2,
        {"sent": 2},
        {"sent": 0},
    )
    told = {"id": "2", "module": "Accounts", "modifiedtime": "2026-11-21 10:00:00", "event": "save"}
    assert [body for _, body in heard] == [told, told]
    assert {headers["X-Secret"] for headers, _ in heard} == {"s"}
    assert [one["status"] for one in cloud.admin("webhooks")["sent"]] == [202, 202]


def test_an_open_source_server_tells_only_with_a_module_of_the_customers(start: Any, listener: Any) -> None:
    url, heard = listener
    vtiger = start(door="webservice", webhook_url=url)
    vtiger.login()
    vtiger.create("Accounts", accountname="Acme")
    assert vtiger.admin("cron", {}) == {"sent": 0}
    vtiger.admin("options", {"server_module": True, "cron_seconds": 0.2})
    vtiger.create("Contacts", lastname="Smith")
    for _ in range(50):
        if heard:
            break
        threading.Event().wait(0.1)
    assert [body["module"] for _, body in heard] == ["Contacts"]
