"""Tax rates of Sage Accounting whose percentage changes: Ireland's food, 13.5 to 9 % on 1 July 2026."""

from decimal import Decimal
from typing import Any

import pytest

from shared.mapping.compile import compile_flow
from shared.mapping.tables import tax_rates
from shared.systems.sage_accounting import reference
from tests.contract.sage_accounting.records import changed, invoice, line, one
from tests.contract.sage_accounting_bench import ACCOUNT, INVOICE, Bench

BEFORE, AFTER = "2026-06-30", "2026-07-01"
HISTORY = [["13.5", "2012-01-01", BEFORE], ["9.0", AFTER, "2026-12-31"], ["13.5", "2027-01-01", ""]]


@pytest.fixture
def food(bench: Bench) -> Bench:
    bench.service.options.tax_history = {"GB_LOWER": HISTORY}
    bench.post("/clock", {"shift_seconds": 0, "freeze": "2026-11-30T12:00:00+00:00"})
    return bench


def made(bench: Bench, day: str, **line_values: Any) -> str:
    customer = bench.sage().create(ACCOUNT, {"name": f"Cafe {day}"}, f"c-{day}").id
    lines = [line(tax_rate_id="GB_LOWER", tax_amount=Decimal("1"), **line_values)]
    return bench.sage().create(INVOICE, invoice(customer, date=day, invoice_lines=lines), f"i-{day}").id


def code(bench: Bench, record: str) -> str:
    lines: Any = one(bench.sage("later"), INVOICE, record).values["invoice_lines"]
    return str(lines[0]["tax_rate_id"])


def test_the_table_has_each_percentage_with_its_days(food: Bench) -> None:
    rows = [row for row in food.sage().table("tax_codes") if row["code"] == "GB_LOWER"]
    assert [(row["id"], row["rate"], row["from"], row["to"]) for row in rows] == [
        ("GB_LOWER", "9.0", AFTER, "2026-12-31"),
        ("GB_LOWER 13.5 %", "13.5", "2012-01-01", BEFORE),
        ("GB_LOWER 9.0 %", "9.0", AFTER, "2026-12-31"),
        ("GB_LOWER 13.5 %", "13.5", "2027-01-01", ""),
    ]
    assert tax_rates(rows) == {"GB_LOWER": 9, "GB_LOWER 9.0 %": 9, "GB_LOWER 13.5 %": Decimal("13.5")}
    zero = food.sage().table("tax_codes")[0]
    assert zero["id"] == "GB_ZERO"


def test_a_line_shows_the_percentage_of_its_documents_day(food: Bench) -> None:
    assert code(food, made(food, BEFORE)) == "GB_LOWER 13.5 %"
    assert code(food, made(food, AFTER)) == "GB_LOWER 9.0 %"


def test_the_same_invoice_reads_alike_before_and_after_the_change(food: Bench) -> None:
    flow = compile_flow("vtiger--sage_accounting").entities["invoice"].maps["sage_accounting"]
    record = made(food, BEFORE)
    rates = []
    for now in ("2026-06-30T12:00:00+00:00", "2026-07-02T12:00:00+00:00"):
        food.post("/clock", {"shift_seconds": 0, "freeze": now})
        sage = food.sage(f"at {now}")
        rows_of = tax_rates(sage.table("tax_codes"))
        tables: Any = {"tax_codes": rows_of, "link.product": {}, "link.service": {}}
        rows = one(sage, INVOICE, record).values["invoice_lines"]
        rates.append(flow.read({"invoice_lines": rows}, tables)["lines"][0]["tax_rate"])
    assert rates == [Decimal("13.5"), Decimal("13.5")]


def test_what_is_written_is_the_code_alone(food: Bench) -> None:
    record = made(food, BEFORE)
    lines = [line(tax_rate_id="GB_LOWER 13.5 %", tax_amount=Decimal("2"), description="Bread")]
    answer = changed(food.sage(), INVOICE, record, invoice_lines=lines)
    assert [row["tax_rate_id"] for row in answer.values["invoice_lines"]] == ["GB_LOWER 13.5 %"]
    (stored,) = [row for row in food.records("sales_invoices") if row["id"] == record]
    assert stored["invoice_lines"][0]["tax_rate"]["id"] == "GB_LOWER"


def test_ended_percentages_are_listed_only_where_they_are_asked_for(food: Bench) -> None:
    client = food.sage().context.client

    def listed(**asked: str) -> list[str]:
        rows = client.get("/tax_rates", "list", {"attributes": "all", "items_per_page": "50", **asked})[
            "$items"
        ]
        (found,) = [row for row in rows if row["id"] == "GB_LOWER"]
        return [str(found["percentage"]), *(str(one["percentage"]) for one in found["percentages"])]

    assert listed() == ["9.0", "9.0", "13.5"]
    assert listed(date=BEFORE)[0] == "13.5"
    assert listed(include_historical_data="true") == ["9.0", "13.5", "9.0", "13.5"]


def test_a_rate_without_history_costs_no_word(bench: Bench) -> None:
    assert [row["id"] for row in reference.tax_codes(bench.sage().context.lists, "")] == [
        "GB_ZERO",
        "GB_STANDARD",
        "GB_LOWER",
        "GB_EXEMPT",
        "GB_NO_TAX",
    ]
