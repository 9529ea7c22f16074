from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from shared.domain.record import replace
from shared.mapping.compile import compile_flow
from shared.ports import Snapshot
from shared.systems.sage_50.services import Services

AT = datetime(2026, 11, 30, tzinfo=UTC)
SPEC = compile_flow("vtiger--sage_50").entities["invoice"].maps["sage_50"].spec


def document(number: str, *codes: str) -> Snapshot:
    lines = [{"stockCode": code, "productCode": code, "serviceCode": ""} for code in codes]
    return Snapshot(number, {"invoiceItems": lines}, AT, None)


def codes(one: Snapshot) -> list[tuple[Any, Any]]:
    lines: Any = one.values["invoiceItems"]
    return [(line["productCode"], line["serviceCode"]) for line in lines]


class Items:
    """FIT is a service, W1 kept in stock, N1 not; nothing else is known."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, wanted: Sequence[str]) -> list[Snapshot]:
        self.asked.append([*wanted])
        kinds = {"FIT": 2, "W1": 0, "N1": 1}
        return [Snapshot(code, {"itemType": kinds[code]}, AT, None) for code in wanted if code in kinds]


def test_lines_of_many_documents_are_told_apart_in_one_search() -> None:
    items = Items()
    services = Services(items)
    first, second = services.told(SPEC, [document("1", "FIT", "W1"), document("2", "N1", "GONE")])
    assert codes(first) == [("", "FIT"), ("W1", "")]
    assert codes(second) == [("N1", ""), ("GONE", "")], (
        "what nobody knows is left a product, which is awaited"
    )
    assert items.asked == [["FIT", "GONE", "N1", "W1"]]
    services.told(SPEC, [document("3", "FIT")])
    assert items.asked == [["FIT", "GONE", "N1", "W1"]], "what is known is not asked again"


def test_rules_that_do_not_ask_cost_nothing() -> None:
    items, plain = Items(), replace(SPEC, line_fields=("productCode",))
    assert Services(items).told(plain, [document("1", "FIT")]) == [document("1", "FIT")] and not items.asked


def test_a_document_without_lines_is_left_alone() -> None:
    bare = Snapshot("1", {}, AT, None)
    assert Services(Items()).told(SPEC, [bare]) == [bare]
