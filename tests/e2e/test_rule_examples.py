"""The shipped examples of changed rules, each run end to end: what an integrator copies must really work."""

from pathlib import Path

import httpx
import pytest

from local.vendors.sugarcrm.options import SugarOptions
from tests.e2e.world import World, world

EXAMPLES = Path(__file__).parents[2] / "examples" / "rules"


def rules(name: str) -> dict[str, str]:
    folder = EXAMPLES / name
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.toml")
    }


def ordered(here: World, **values: object) -> dict[str, object]:
    record = here.opportunity(**values)
    here.tick()
    here.drain()
    assert here.outcome(record).kind == "created", here.outcome(record)
    return dict(here.orders()[-1])


def test_revenue_line_items_need_a_sugar_that_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    with world(monkeypatch, api="v4_1", rules=rules("revenue_line_items")) as here:
        here.opportunity(sales_status="Closed Won")
        here.tick()
        run = next(one for one in here.aws.stores("main").log.runs(9) if one.entity == "sales_order")
        assert run.state == "stopped" and "no field 'sales_status'" in run.message, run


def test_revenue_line_items_become_order_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {
        name: text.replace("product_code_c", "mft_part_num")
        for name, text in rules("revenue_line_items").items()
    }
    with world(monkeypatch, rules=own) as here:
        httpx.post(f"{here.sage}/_admin/products", json=[{"stockCode": "CHAIR-01", "description": "Chair"}])
        record = here.opportunity(name="Fit-out", amount="0", sales_stage="Prospecting")
        for code, quantity, price in (("CHAIR-01", "4", "25.50"), ("", "1", "99.99")):
            httpx.post(
                f"{here.sugar}/_admin/revenue_line_items",
                json={
                    "name": f"Line {code}",
                    "opportunity_id": record,
                    "account_id": "acc-1",
                    "mft_part_num": code,
                    "quantity": quantity,
                    "discount_price": price,
                    "likely_case": str(float(price) * int(quantity)),
                    "sales_stage": "Closed Won",
                },
            ).raise_for_status()
        here.tick()
        here.drain()
        lines = here.orders()[0]["invoiceItems"]
        found = sorted(
            (line["stockCode"], float(line["quantity"]), round(float(line["unitPrice"]), 6)) for line in lines
        )
        assert found == [("CHAIR-01", 4.0, 25.5), ("S1", 1.0, 99.99)]


def test_gross_prices_are_taken_apart_to_the_penny(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {name: text.replace('"accept"', '"refuse"') for name, text in rules("gross_prices").items()}
    with world(monkeypatch, rules=own) as here:
        order = ordered(here, amount="120.00")
        assert float(order["invoiceItems"][0]["unitPrice"]) == 100.0  # type: ignore[index]
        refused = here.opportunity(amount="10.05")
        here.tick()
        here.drain()
        outcome = here.outcome(refused)
        assert outcome.kind == "skipped" and "10.05" in outcome.reason
        assert len(here.orders()) == 1


def test_a_penny_that_cannot_be_reached_is_noted_where_the_rule_accepts_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with world(monkeypatch, rules=rules("gross_prices")) as here:
        record = here.opportunity(amount="10.05")
        here.tick()
        here.drain()
        assert here.outcome(record).kind == "created"
        assert any("10.05" in note for note in here.outcome(record).notes)


def test_other_field_names(monkeypatch: pytest.MonkeyPatch) -> None:
    options = SugarOptions(cron_seconds=0, order_field="so_number_c", account_field="sage_ref_c")
    with world(monkeypatch, rules=rules("other_field_names"), sugar=options, connected=False) as here:
        here.account(sales_account_ref_c=None, sage_ref_c="SMITH001")
        here.customer()
        record = here.opportunity()
        here.tick()
        here.drain()
        assert here.shown(record)["so_number_c"] == str(here.orders()[0]["orderNumber"])


def test_extra_fields_and_constants(monkeypatch: pytest.MonkeyPatch) -> None:
    with world(monkeypatch, rules=rules("extra_fields")) as here:
        order = ordered(here, next_step="Deliver in March", lead_source="Trade Show")
        assert (order["notes1"], order["notes2"], order["analysis1"]) == (
            "From SugarCRM",
            "Deliver in March",
            "Trade Show",
        )


def test_our_key_in_analysis(monkeypatch: pytest.MonkeyPatch) -> None:
    options = SugarOptions(cron_seconds=0, extra_opportunity_fields=("purchase_order_c",))
    with world(monkeypatch, rules=rules("key_in_analysis"), sugar=options) as here:
        order = ordered(here, purchase_order_c="PO-77")
        assert len(str(order["analysis1"])) == 24 and order["customerOrderNumber"] == "PO-77"


def test_the_customers_own_tax_code(monkeypatch: pytest.MonkeyPatch) -> None:
    with world(monkeypatch, rules=rules("customer_tax_code")) as here:
        here.customer(defTaxCode=5)
        order = ordered(here)
        assert int(order["invoiceItems"][0]["taxCode"]) == 5  # type: ignore[index]


def test_another_product_code(monkeypatch: pytest.MonkeyPatch) -> None:
    with world(monkeypatch, rules=rules("other_product_code")) as here:
        httpx.post(
            f"{here.sage}/_admin/products", json=[{"stockCode": "CONSULT-DAY", "description": "A day"}]
        )
        order = ordered(here)
        assert order["invoiceItems"][0]["stockCode"] == "CONSULT-DAY"  # type: ignore[index]


def test_the_trigger_on_sales_status(monkeypatch: pytest.MonkeyPatch) -> None:
    with world(monkeypatch, rules=rules("trigger_on_sales_status")) as here:
        order = ordered(here, sales_stage="Prospecting", sales_status="Closed Won")
        assert order["orderNumber"]
