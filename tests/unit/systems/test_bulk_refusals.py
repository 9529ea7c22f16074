"""A bulk call of two hundred records, each refused in the vendor's own words: they repeat no secret, and what
people read of each is short."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from shared import bootstrap
from shared.domain import codec
from shared.errors import SyncError
from shared.ports import Patch
from shared.systems.sage_sales_management.batches import Change, changed
from shared.systems.sage_sales_management.bulk_creates import created
from shared.systems.sugarcrm.rest_faults import parts_without
from tests.unit.systems.test_no_secret_escapes import ISSUED, KEY, PASSWORD, everything, opened, signs_in

SECRETS = {"sugarcrm": (PASSWORD, json.dumps(PASSWORD)[1:-1], ISSUED), "sage_sales_management": (KEY, ISSUED)}
COUNT = 200
LONGEST = 1500
PLACES = ("message", "name", "code", "field", "deep")


class Refuses:
    """Answers each part of a bulk call on its own; the secrets stand in `place`."""

    def __init__(self, place: str) -> None:
        self.place = place

    def __call__(self, request: httpx.Request) -> httpx.Response:
        good = signs_in(request)
        if good is not None:
            return good
        sent = json.loads(request.content)
        secrets = SECRETS["sage_sales_management" if isinstance(sent, list) else "sugarcrm"]
        told = f"{everything(request)[:300]} {' '.join(secrets)} \n {'x' * 700}"
        if isinstance(sent, list):
            return httpx.Response(200, json=[self._item(str(one.get("guid")), told) for one in sent])
        return httpx.Response(200, json=[self._part(told) for _ in sent["requests"]])

    def _item(self, guid: str, told: str) -> dict[str, Any]:
        given: dict[str, dict[str, Any]] = {
            "message": {"message": told}, "name": {"name": told}, "code": {"code": told},
            "field": {"message": {"field": told}}, "deep": {"message": [told, {"deep": [told]}]},
        }  # fmt: skip
        return {"guid": guid, "code": "901", "message": "no", **given[self.place]}

    def _part(self, told: str) -> dict[str, Any]:
        contents: dict[str, Any] = {"error": "invalid_parameter", "error_message": "no"}
        given: dict[str, dict[str, Any]] = {
            "message": {"error_message": told}, "name": {"name": told}, "code": {"error": told},
            "field": {"error_message": {"field": told}}, "deep": {"error_message": [[told]]},
        }  # fmt: skip
        return {"status": 422, "contents": contents | given[self.place]}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    made, client = Refuses(request.param), httpx.Client

    def through(**settings: Any) -> httpx.Client:
        return client(**{**settings, "transport": httpx.MockTransport(made)})

    monkeypatch.setattr(httpx, "Client", through)
    monkeypatch.setattr(bootstrap, "guard", lambda *_, **__: lambda url: None)
    yield request.param


def shown(services: Any, answers: list[Any]) -> str:
    """Nothing is too long; all that was said and kept."""
    faults = [one for one in answers if isinstance(one, SyncError)]
    assert len(faults) == len(answers) == COUNT
    assert max(len(str(one)) for one in faults) < LONGEST
    assert not any("\n" in str(one) for one in faults)
    services.keep_exchanges("20261130T100000Z-aaaa")
    archive = services.stores.archive
    lines = [line for name in archive.objects() for line in archive.lines(name)]
    assert lines
    return "\n".join([*map(str, faults), *map(repr, faults), *map(codec.dumps, lines)])


def test_sugarcrm_v11_refuses_two_hundred_records(place: str) -> None:
    services, system, specs = opened("sugarcrm v11")
    spec = next(one for one in specs if one.entity == "sales_order")
    patches = [Patch(f"deal-{number}", {"sales_order_no_c": str(number)}) for number in range(COUNT)]
    text = shown(services, system.update(spec, patches))
    assert not [one for one in SECRETS["sugarcrm"] if one in text]


@pytest.mark.parametrize("doing", ["create", "change"])
def test_sage_sales_management_refuses_two_hundred_records(place: str, doing: str) -> None:
    services, system, _ = opened("sage_sales_management")
    api: Any = vars(system)["api"]
    answers: list[Any] = (
        created(api, "accounts", [{"name": str(number)} for number in range(COUNT)])
        if doing == "create"
        else changed(api, "accounts", [Change(str(number), {"name": "x"}) for number in range(1, COUNT + 1)])
    )
    text = shown(services, answers)
    assert not [one for one in SECRETS["sage_sales_management"] if one in text]


def test_what_was_written_is_a_record_and_stays_as_it_is() -> None:
    done: dict[str, Any] = {"status": 200, "contents": {"id": "1", "name": "acc3ss-Key-9f27"}}
    refused: dict[str, Any] = {"status": 422, "contents": {"error_message": "acc3ss-Key-9f27"}}
    kept = parts_without(("acc3ss-Key-9f27",), [done, refused, "acc3ss-Key-9f27"])
    assert kept == [done, {"status": 422, "contents": {"error_message": "[hidden]"}}, "[hidden]"]
