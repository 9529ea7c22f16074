"""A person in everything that the archive may hold, and the same lines without them."""

import json
from decimal import Decimal
from typing import Any

import pytest

from shared.domain import codec
from shared.domain.erasure import Eraser, Person

ANN = Person(
    ids=frozenset({"12x345", "b1946ac92492d2347c6235b4d2611184", "77"}),
    id_names={"id": frozenset(), "accountRef": frozenset({"orderNumber"})},
    texts=frozenset({"Ann O'Connor-Ünal", "ann@example.test", "0161 496 0000", "Ref-77/Ä"}),
)
ROW = {"id": "12x345", "firstname": "Ann", "lastname": "O'Connor-Ünal", "birthday": "1970-01-01"}
OTHER = {"id": "12x346", "firstname": "Bob", "total": Decimal("10.10")}


def exchange(path: str = "/contacts", **parts: Any) -> dict[str, Any]:
    return {"kind": "exchange", "at": "2026-11-30", "system": "vtiger", "path": path, "status": 200, **parts}


LINES = {
    "a list page": exchange(response={"result": [ROW, OTHER]}),
    "her own page": exchange("/contacts/77?fields=all", response={"anything": "Ann"}),
    "an OData key": exchange("/contacts('77')", response="Ann"),
    "a query": exchange("/search?q=ann%40example.test&x=1"),
    "a name in an address": exchange("/search?q=Ann+O%27Connor-%C3%9Cnal"),
    "a create": exchange(
        request={"name": "Ann O'Connor-Ünal", "email": "ANN@example.test", "birthday": "1970-01-01"}
    ),
    "a form": exchange(request={"rest_data": json.dumps({"list": [ROW, {"id": "other"}]})}),
    "escaped twice": exchange(response=json.dumps(json.dumps({"who": "Ann O'Connor-Ünal"}))),
    "v4_1": exchange(
        request=[{"name": "id", "value": "12x345"}, {"name": "birthdate", "value": "1970-01-01"}]
    ),
    "v4_1 list": exchange(
        response={"entry_list": [{"id": {"name": "id", "value": "77"}, "b": "1970-01-01"}]}
    ),
    "a telephone": exchange(response={"note": "call (0161) 4960000 please"}),
    "before and after": {"kind": "record", "id": "77", "link_id": "L", "before": ROW, "after": ROW},
    "a key": exchange(response={"ann@example.test": 1}),
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES)
def test_nothing_of_the_person_is_left(line: dict[str, Any]) -> None:
    eraser = Eraser(ANN)
    left = codec.dumps(eraser.line(line))
    assert not eraser.found(left), left
    for told in ("Connor", "1970-01-01", "12x345", '"77"', "4960000"):
        assert told not in left, left


def test_what_is_about_others_stays_to_the_digit() -> None:
    kept = Eraser(ANN).line(LINES["a list page"])
    assert kept["response"]["result"] == [{"erased": True}, OTHER]
    order = exchange(response={"orderNumber": 77, "accountRef": "77", "net": Decimal("12.50"), "name": "Ann"})
    assert Eraser(ANN).line(order) == order, "a short id alone says nothing of a person"
    assert Eraser(ANN).text("Joann@example.test, 10161 496 00001, 112x345") == (
        "Joann@example.test, 10161 496 00001, 112x345"
    )


def test_a_document_keeps_its_figures_without_the_name() -> None:
    invoice = {"id": "9", "contact": {"id": "77", "displayed_as": "Ann"}, "contact_name": "Ann O'Connor-Ünal"}
    kept = Eraser(ANN).value({**invoice, "total": Decimal("120.00")})
    assert kept == {
        "id": "9", "contact": {"erased": True}, "contact_name": "(erased)", "total": Decimal("120.00"),
    }  # fmt: skip


def test_nobody_with_nothing_to_tell_them_by_is_found_everywhere() -> None:
    nobody = Eraser(Person(frozenset(), {}, frozenset()))
    assert not nobody.found("anything") and nobody.line(LINES["a list page"]) == LINES["a list page"]
