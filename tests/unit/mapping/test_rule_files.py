"""M2: every shipped rule file and every example loads, and says what it should."""

from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from shared.mapping.compile import compile_flow, shipped_flows
from shared.mapping.model import Flow
from shared.mapping.object_map import compile_object
from shared.mapping.pricing import price
from shared.mapping.schema import TransformName
from shared.mapping.source import Source
from shared.mapping.transforms import TRANSFORMS
from shared.ports import Condition

ROOT = Path(__file__).parents[3]
SHARED = ROOT / "src" / "shared"
OBJECT_FILES = sorted((SHARED / "systems").glob("*/*.toml"))
EXAMPLES = sorted((ROOT / "examples" / "rules").iterdir())
FLOW = "sugarcrm--sage_50"
TABLES = {"currencies": {"-99": "GBP", "eur-id": "EUR", "": "GBP"}}
LEDGER = {"currencies": {"1": "GBP", "2": "EUR", "": "GBP"}}
WON = {
    "id": "o1",
    "name": "Deal",
    "amount": "12.5",
    "currency_id": "-99",
    "sales_order_no_c": None,
    "date_closed": "2026-11-20",
}


GUIDE = ("sugarcrm--sage_50", "vtiger--sage_accounting")
"""The flows that the guide's examples are written for; other flows of the same systems may share them."""


def texts(name: str) -> dict[str, str]:
    folder = ROOT / "examples" / "rules" / name
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.toml")}


def flow_of(name: str) -> str:
    """The flow that an example is for: the one it names, else the one of the guide's two that has the
    records it names."""
    parts = [file.removesuffix(".toml").split("/") for file in texts(name)]
    flows = {rest[0] for kind, *rest in parts if kind == "flows"}
    systems = {rest[0] for kind, *rest in parts if kind == "systems"}
    found = [flow for flow in shipped_flows() if systems <= set(flow.split("--")) and flows <= {flow}]
    fitting = [flow for flow in GUIDE if flow in found]
    assert len(fitting) == 1, f"{name}: which of {found}?"
    return fitting[0]


def example(name: str) -> Flow:
    return compile_flow(flow_of(name), texts(name))


def order(flow: Flow, values: dict) -> dict:
    maps = flow.entities["sales_order"].maps
    return maps["sage_50"].write(maps["sugarcrm"].read(values, TABLES), LEDGER, [], creating=True)


@pytest.mark.parametrize("path", OBJECT_FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_object_file_compiles(path: Path) -> None:
    name = path.relative_to(SHARED).as_posix()
    made = compile_object(path.parent.name, path.stem, Source(name, path.read_text("utf-8")))
    assert made.readable and made.spec.object and made.fields == made.readable | made.writable


@pytest.mark.parametrize("name", shipped_flows())
def test_every_flow_compiles(name: str) -> None:
    assert compile_flow(name).entities


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_every_example_compiles_and_explains_itself(folder: Path) -> None:
    assert example(folder.name).version != compile_flow(flow_of(folder.name)).version
    for path in folder.rglob("*.toml"):
        comments = [line for line in path.read_text("utf-8").splitlines() if line.startswith("#")]
        assert 3 <= len(comments) <= 6, path


def test_the_transforms_of_the_schema_are_those_that_exist() -> None:
    assert set(get_args(TransformName)) == set(TRANSFORMS)


def test_shipped_worklist() -> None:
    spec = compile_flow(FLOW).entities["sales_order"].maps["sugarcrm"].spec
    assert spec.poll_mode == "worklist"
    assert spec.where == (
        Condition("sales_stage", "equals", "Closed Won"),
        Condition("sales_order_no_c", "blank"),
    )
    assert spec.related[0].link == "accounts" and "sales_account_ref_c" in spec.related[0].fields


def test_shipped_directions() -> None:
    flow = compile_flow(FLOW).entities["sales_order"]
    assert flow.create_once and flow.fields["number"].direction == "from sage_50"
    assert {rule.direction for name, rule in flow.fields.items() if name != "number"} == {"from sugarcrm"}
    assert flow.references[0].by == "reference" and compile_flow(FLOW).entities["account"].lookup_only


def test_the_same_texts_are_compiled_once() -> None:
    assert compile_flow(FLOW) is compile_flow(FLOW, {})
    text = '[line]\nsku = { constant = "A" }\n'
    assert (
        compile_flow(FLOW, {"systems/sugarcrm/sales_order.toml": text}).version != compile_flow(FLOW).version
    )


def test_example_other_field_names() -> None:
    flow = example("other_field_names")
    maps = flow.entities["sales_order"].maps
    assert maps["sugarcrm"].write({"number": "7"}, TABLES, []) == {"so_number_c": "7"}
    assert maps["sugarcrm"].read({"account.sage_ref_c": " smi001"}, TABLES)["customer_ref"] == "SMI001"
    assert Condition("so_number_c", "blank") in maps["sugarcrm"].spec.where


def test_example_trigger() -> None:
    spec = example("trigger_on_sales_status").entities["sales_order"].maps["sugarcrm"].spec
    assert Condition("sales_status", "equals", "Closed Won") in spec.where
    assert "sales_stage" not in {condition.field for condition in spec.where}


def test_example_product_code() -> None:
    assert order(example("other_product_code"), WON)["invoiceItems"][0]["stockCode"] == "CONSULT-DAY"


def test_example_amount() -> None:
    items = order(example("amount_from_another_field"), {**WON, "contract_value_c": "99.00"})["invoiceItems"]
    assert items[0]["unitPrice"] == Decimal("99.00")


def test_example_tax() -> None:
    pricing = example("customer_tax_code").entities["sales_order"].pricing
    assert pricing is not None and pricing.tax_from == "customer"
    pricing = example("gross_prices").entities["sales_order"].pricing
    assert pricing is not None and (pricing.prices, pricing.penny) == ("gross", "accept")
    pricing = example("other_tax_code").entities["sales_order"].pricing
    assert pricing is not None and pricing.tax_code == "T5"


def test_example_extra_fields() -> None:
    made = order(example("extra_fields"), {**WON, "next_step": "call", "lead_source": "Fair"})
    assert (made["notes1"], made["notes2"], made["analysis1"]) == ("From SugarCRM", "call", "Fair")


def test_example_revenue_line_items() -> None:
    flow = example("revenue_line_items")
    items = [
        {
            "name": "Pump",
            "sales_stage": "Closed Won",
            "quantity": "2",
            "discount_price": "10.5",
            "product_code_c": "P1",
        },
        {
            "name": "Lost",
            "sales_stage": "Closed Lost",
            "quantity": "1",
            "discount_price": "1",
            "product_code_c": "P2",
        },
        {
            "name": "Fee",
            "sales_stage": "Closed Won",
            "quantity": None,
            "discount_price": "5",
            "product_code_c": "",
        },
    ]
    made = order(flow, {**WON, "items": items})["invoiceItems"]
    assert [(item["stockCode"], item["quantity"], item["unitPrice"]) for item in made] == [
        ("P1", 2, Decimal("10.5")),
        ("S1", 1, 5),
    ]
    many = flow.entities["sales_order"].maps["sugarcrm"].spec.related[-1]
    assert many.many and set(many.fields) == {
        "product_code_c",
        "name",
        "quantity",
        "discount_price",
        "discount_amount",
        "discount_select",
        "sales_stage",
    }


@pytest.mark.parametrize("percent", [True, False, "1", "0", None])
def test_a14_a_line_items_discount_is_taken_off(percent: bool | str | None) -> None:
    """The price is 100, the discount 20 (per cent or an amount), the opportunity 80: that is what adds up."""
    flow = example("revenue_line_items").entities["sales_order"]
    item: dict[str, bool | str | None] = {
        "name": "Pump",
        "sales_stage": "Closed Won",
        "discount_price": "100",
        "product_code_c": "P1",
    }
    item |= {"quantity": "1", "discount_amount": "20.000000", "discount_select": percent}
    view = flow.maps["sugarcrm"].read({**WON, "amount": "80.00", "items": [item]}, TABLES)
    assert flow.pricing is not None
    priced, _ = price(view, flow.pricing, {"T1": Decimal(20)}, None)
    (made,) = flow.maps["sage_50"].write(priced, LEDGER, [], creating=True)["invoiceItems"]
    assert (made["unitPrice"], made["discount"]) == (100, 20)
    assert (priced["lines"][0]["net"], priced["lines"][0]["tax"]) == (80, 16)


def test_example_key() -> None:
    flow = example("key_in_analysis")
    assert flow.entities["sales_order"].maps["sage_50"].spec.key_path == "analysis1"
    assert order(flow, {**WON, "purchase_order_c": "PO 7"})["customerOrderNumber"] == "PO 7"


def test_example_closed_since() -> None:
    spec = example("closed_since").entities["sales_order"].maps["sugarcrm"].spec
    assert Condition("date_closed", "gte", "2026-12-01") in spec.where and len(spec.where) == 3


def test_example_one_way() -> None:
    entities = example("one_way_from_vtiger").entities
    assert {name: flow.direction for name, flow in entities.items()} == dict.fromkeys(entities, "from vtiger")
    back = {
        name: {field for field, rule in flow.fields.items() if rule.direction != "from vtiger"}
        for name, flow in entities.items()
    }
    assert back == {
        "account": set(),
        "contact": set(),
        "product": {"in_stock"},
        "service": set(),
        "invoice": {"number", "received", "outstanding"},
    }


def test_example_customer_number() -> None:
    written = (
        example("customer_number_field")
        .entities["account"]
        .maps["vtiger"]
        .write({"reference": "ACME01"}, {}, [])
    )
    assert written == {"@Customer number": "ACME01"}


def test_examples_of_conflicts() -> None:
    fields = example("conflicts_held").entities["account"].fields
    assert (fields["name"].conflict, fields["phone"].conflict) == ("hold", "winner")
    fields = example("newest_wins").entities["account"].fields
    assert (fields["phone"].conflict, fields["name"].conflict) == ("newest", "winner")


def test_example_other_deletes() -> None:
    found = {name: flow.deletes for name, flow in example("other_deletes").entities.items()}
    assert found == {
        "account": "hold",
        "contact": "keep",
        "product": "hold",
        "service": "hold",
        "invoice": "keep",
    }


def test_example_issued_at_once() -> None:
    made = example("invoices_issued_at_once").entities["invoice"].maps["vtiger"]
    assert [
        made.read({"invoicestatus": one}, {})["status"]
        for one in ("Created", "Approved", "AutoCreated", "Paid")
    ] == ["issued", "issued", "draft", "paid"]
    assert [made.write({"status": one}, {}, [])["invoicestatus"] for one in ("draft", "issued")] == [
        "AutoCreated",
        "Approved",
    ]


def test_example_invoices_since() -> None:
    maps = example("invoices_since").entities["invoice"].maps
    assert maps["vtiger"].spec.where == (Condition("invoicedate", "gte", "2026-12-01"),)
    assert maps["sage_accounting"].spec.where == (Condition("date", "gte", "2026-12-01"),)


def test_one_opportunity_whole() -> None:
    values = {
        **WON,
        "account_id": "a1",
        "account.name": "Smith & Sons",
        "account.sales_account_ref_c": "smith001",
        "account.billing_address_street": "Unit 2\r\n 1 High St",
        "account.billing_address_city": "Leeds",
        "account.billing_address_state": "",
        "account.billing_address_postalcode": "LS1 1AA",
        "account.phone_office": "0113  1",
        "name": "x" * 300,
    }
    maps = compile_flow(FLOW).entities["sales_order"].maps
    notes: list[str] = []
    made = maps["sage_50"].write(maps["sugarcrm"].read(values, TABLES), LEDGER, notes, creating=True)
    assert made == {
        "customerAccountRef": "SMITH001",
        "orderDate": "2026-11-20",
        "currency": "1",
        "customerTelephoneNumber": "0113 1",
        "address1": "Unit 2",
        "address2": "1 High St",
        "address3": "Leeds",
        "address4": "",
        "address5": "LS1 1AA",
        "delName": "Smith & Sons",
        "invoiceItems": [
            {
                "stockCode": "S1",
                "description": "x" * 60,
                "quantity": 1,
                "unitPrice": Decimal("12.50"),
                "discount": 0,
                "nominal": "4000",
                "departmentNumber": 0,
            }
        ],
    }
    assert notes == ["description of line 1 cut from 300 to 60 characters"]
