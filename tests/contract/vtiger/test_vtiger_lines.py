"""Lines of an invoice in Vtiger, over real HTTP: what goes back when they are written again."""

from decimal import Decimal
from typing import Any

import pytest

from shared.ports import Patch
from tests.contract.system_bench import snap
from tests.contract.vtiger.test_vtiger_invoices import goods
from tests.contract.vtiger_bench import Server
from tests.unit.systems.vtiger.fakes import INVOICE

CHANGING = ("id", "sequence_no", "parent_id")


def entered(server: Server, *lines: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """An invoice saved on the screen, and its lines as a reading shows them."""
    account, product, _ = goods(server)
    header = {
        "subject": "I",
        "account_id": account,
        "bill_street": "1",
        "ship_street": "1",
        "productid": product,
        "hdnTaxType": "individual",
        "currency_id": "21x1",
        "conversion_rate": "1",
    }
    rows = [{"productid": product, "quantity": "2", "listprice": "10", "tax1": "20", **one} for one in lines]
    made = server.save("Invoice", {**header, "LineItems": rows})
    return made, lines_of(server, made)


def lines_of(server: Server, record_id: str) -> list[dict[str, Any]]:
    found: Any = snap(server.system.read(INVOICE, [record_id])[record_id]).values["LineItems"]
    return list(found)


def stored(server: Server, record_id: str) -> list[dict[str, Any]]:
    """Without what each save gives anew. Vtiger's screen leaves empty what its API fills with a zero."""
    rows = server.record("Invoice", record_id)["LineItems"]
    return [
        {
            name: "" if value in (None, "0.00000000", "0.000") else value
            for name, value in row.items()
            if name not in CHANGING
        }
        for row in rows
    ]


@pytest.mark.parametrize("door", ["old", "cloud"])
def test_an_untouched_line_goes_back_with_all_its_fields(door: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(door)
    own = {"description": "engraved “A”", "comment": "x", "discount_percent": "12.5"}
    made, lines = entered(server, own, {"comment": "second"})
    assert lines[0]["further"] == {"description": "engraved “A”"} and lines[0]["discount_amount"] == "2.50"
    before = stored(server, made)
    asked = [{**lines[1], "quantity": Decimal(5)}, lines[0]]
    answer = snap(server.system.update(INVOICE, [Patch(made, {"LineItems": asked})])[0])
    after = stored(server, made)
    assert after[1] == before[0]
    assert {name for name in before[1] if before[1][name] != after[0][name]} == {"quantity"}
    assert [one["comment"] for one in answer.values["LineItems"]] == ["second", "x"]  # type: ignore[index, union-attr]


def test_a_percentage_gives_way_to_the_amount_that_is_asked_for(old: Server) -> None:
    made, (line,) = entered(old, {"discount_percent": "10"})
    old.system.update(INVOICE, [Patch(made, {"LineItems": [{**line, "quantity": Decimal(4)}]})])
    (found,) = lines_of(old, made)
    assert (found["quantity"], Decimal(found["discount_amount"])) == ("4.000", Decimal("2.00"))
    (found,) = stored(old, made)
    assert not found["discount_percent"]


def test_the_id_of_a_line_goes_to_another_at_the_next_save(old: Server) -> None:
    made, lines = entered(old, {"comment": "first"}, {"comment": "second"})
    rows = old.record("Invoice", made)["LineItems"]
    old.save("Invoice", {"id": made, "LineItems": [{**rows[1]}]})
    (left,) = lines_of(old, made)
    assert left["comment"] == "second" and left["row"] == lines[0]["row"], "so it is no identity"
