"""The API: what the pages show, as JSON that its own description describes, to whom the pages are shown."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from shared.console.api.addresses import ADDRESSES, API, DONE
from shared.domain import codec
from tests.browser.console_world import Console
from tests.browser.sample import LONG, customers, orders
from tests.properties.rig import NAME
from tests.stories.orders import SUGAR
from tests.unit.console.schema import faults, resolved

RECORD = {"system": SUGAR, "entity": "sales_order"}


@pytest.fixture(scope="module")
def console() -> Console:
    return orders()


def asked(console: Console, path: str, **query: str) -> Any:
    reply = console.get(f"api/{path}", **query)
    assert (reply.status, reply.kind) == (200, "application/json"), reply.body[:300]
    return json.loads(reply.body)


def queries(console: Console, path: str) -> Iterator[dict[str, str]]:
    if path == "preview":
        yield (
            {"entity": "sales_order"}
            if console.get("api/preview", entity="sales_order").status == 200
            else {"entity": "account"}
        )
    elif path in ("record", "choices"):
        for one in ("opp-0", "opp-3", "refund", "long", "blank-0"):
            yield {**RECORD, "record": one}
    else:
        yield {}
    if path == "log":
        yield {"outcome": "skipped", "entity": "sales_order", "since": "2026-01-01"}
        yield {"before": asked(console, "log")["next"]}


@pytest.mark.parametrize("path", [one.path for one in ADDRESSES])
def test_every_answer_is_as_it_is_described(console: Console, path: str) -> None:
    for make in (console, customers()) if path not in ("record", "choices") else (console,):
        whole = asked(make, "openapi.json")
        described = whole["paths"][f"/{path}"]["get"]["responses"]["200"]["content"]["application/json"]
        for query in queries(make, path):
            found = asked(make, path, **query)
            assert faults(found, described["schema"], whole) == []


def test_the_checker_finds_what_is_not_described(console: Console) -> None:
    whole = asked(console, "openapi.json")
    schema = {"$ref": "#/components/schemas/Log"}
    good = asked(console, "log")
    assert good["rows"]
    for wrong in (
        {**good, "more": 1},
        {"rows": good["rows"]},
        {**good, "next": None},
        {**good, "looked_to": "yesterday"},
        {**good, "rows": [{**good["rows"][0], "attempt": "0"}]},
        {**good, "rows": [{**good["rows"][0], "item": {**good["rows"][0]["item"], "outcome": "lost"}}]},
    ):
        assert faults(wrong, schema, whole)


def test_the_description_is_whole(console: Console) -> None:
    """As OpenAPI 3.1 wants it: every reference leads somewhere, every operation and parameter is complete."""
    whole = asked(console, "openapi.json")
    assert whole["openapi"].startswith("3.1.") and {"title", "version"} <= whole["info"].keys()
    assert whole["servers"] == [{"url": f"/{NAME}/api"}]
    operations = [one for path in whole["paths"].values() for one in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations) == len(API) - 1 + len(DONE)
    routes = {f"/{path.removeprefix('api/')}": "get" for path in API if path != "api/openapi.json"}
    routes |= {f"/{path.removeprefix('api/')}": "post" for path in DONE}
    assert {path: [*one] for path, one in whole["paths"].items()} == {
        path: [method] for path, method in routes.items()
    }
    for path, one in zip(whole["paths"], operations, strict=True):
        assert path.startswith("/") and one["summary"] and "200" in one["responses"]
        if "requestBody" in one:
            (form,) = one["requestBody"]["content"].values()
            assert "token" in form["schema"]["required"] and {"403", "409"} <= one["responses"].keys()
        assert all(answer["description"] for answer in one["responses"].values())
        for parameter in one["parameters"]:
            assert {"name", "in", "required", "schema", "description"} == parameter.keys()
    references = [part.split('"')[0] for part in json.dumps(whole).split('"$ref": "')[1:]]
    assert references and all(resolved(one, whole)["type"] == "object" for one in references)
    used = {one.rpartition("/")[2] for one in references}
    assert used == set(whole["components"]["schemas"]), "nothing is described that nobody answers"
    for name in whole["security"][0]:
        assert name in whole["components"]["securitySchemes"]


def test_it_tells_what_the_pages_tell(console: Console) -> None:
    found = asked(console, "to-do")
    home = console.get().body
    for group in found["groups"]:
        for one in group["records"][:1]:
            assert one["record"] == "long" or one["name"] in home
    held = asked(console, "record", **RECORD, record="refund")
    assert held["item"]["outcome"] == "held" and held["item"]["reason"] in console.get(
        "record", **RECORD, record="refund"
    ).body.replace("&#39;", "'")
    rows = asked(console, "log", q="fenwick", outcome="created")["rows"]
    assert rows and all("Fenwick" in one["item"]["name"] for one in rows)
    letters = asked(console, "dead-letters")
    assert sum(len(one["letters"]) for one in letters["causes"]) == sum(letters["counts"].values())
    assert asked(console, "connections")["connections"][1]["state"] == "cooling"


def test_the_whole_log_is_there_page_by_page(console: Console) -> None:
    seen, before = list[tuple[str, str]](), ""
    for _ in range(20):
        page = asked(console, "log", before=before)
        seen += [(one["item"]["at"], one["item"]["record"]) for one in page["rows"]]
        before = page["next"]
        if not before:
            break
    assert len(seen) == len(console.rig.stores.log.rows(limit=1000)) and LONG not in str(seen)


class TestWhoMayAsk:
    """One suite: nobody learns more than from the pages."""

    @pytest.mark.parametrize("path", list(API))
    def test_nobody_without_a_session(self, console: Console, path: str) -> None:
        reply = console.ask("GET", f"/{NAME}/{path}", signed_in=False)
        assert reply.status == 401 and json.loads(reply.body) == {"error": "nobody is signed in"}

    def test_a_viewer_reads_all_of_it(self) -> None:
        here = Console(orders().rig, None, "viewer")
        assert all(here.get(path).status in (200, 404) for path in API if path != "api/record")
        assert here.get("api/session").body.count('"acts":false') == 1
        assert here.get("api/record", **RECORD, record="opp-0").status == 200

    def test_who_has_no_role_here_finds_nothing(self, console: Console) -> None:
        other = Console(console.rig, None, "admin:another")
        for path in API:
            reply = other.get(path)
            assert reply.status == 404 and json.loads(reply.body) == {
                "error": "there is no such page or record"
            }

    @pytest.mark.parametrize("path", [*API, "api/", "api/nowhere", "api/settings"])
    def test_nothing_is_written_through_it(self, console: Console, path: str) -> None:
        before = codec.dumps(console.rig.links())
        assert console.post(path, do="drop").status in (403, 404)
        assert console.send("DELETE", path).status == 404 and console.send("PUT", path).status == 404
        assert codec.dumps(console.rig.links()) == before

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {**RECORD, "record": ""},
            {**RECORD, "record": "nobody-knows"},
            {"system": "elsewhere", "entity": "sales_order", "record": "opp-0"},
            {**RECORD, "record": "x" * 10_000},
        ],
    )
    def test_a_record_that_is_none_is_not_found_in_json(
        self, console: Console, query: dict[str, str]
    ) -> None:
        reply = console.get("api/record", **query)
        assert (reply.status, reply.kind) == (404, "application/json")

    @pytest.mark.parametrize(
        "query", [{"outcome": "lost"}, {"since": "yesterday"}, {"before": "<x>"}, {"run": "a b"}]
    )
    def test_a_parameter_that_is_none_is_not_found(self, console: Console, query: dict[str, str]) -> None:
        assert console.get("api/log", **query).status == 404
