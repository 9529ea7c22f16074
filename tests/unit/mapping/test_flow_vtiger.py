"""What the shipped flow vtiger--sage_accounting says."""

from decimal import Decimal

import pytest

from shared.mapping.check import refuse
from shared.mapping.compile import compile_flow
from shared.mapping.faults import RuleRefused
from shared.mapping.links import LinkField
from shared.mapping.rules import Figures, Lock

NAME = "vtiger--sage_accounting"
FLOW = compile_flow(NAME)
_ADDRESS = "street town county postcode country"
_BILLING, _DELIVERY = ({f"{kind}_{part}" for part in _ADDRESS.split()} for kind in ("billing", "delivery"))
BOTH_WAYS = {
    "account": {"name", "reference", "email", "phone", "vat_number"} | _BILLING | _DELIVERY,
    "contact": {"full_name", "email", "mobile", "phone", "job_title", "account"},
    "product": {"sku", "description", "price", "cost", "tax_rate", "active"},
    "service": {"sku", "description", "price", "tax_rate", "active"},
    "invoice": {
        "account",
        "invoice_date",
        "due_date",
        "reference",
        "currency",
        "exchange_rate",
        "status",
        "shipping",
        "lines",
    }
    | _BILLING,
}
FROM_SAGE = {"product": {"name", "in_stock"}, "invoice": {"number", "name", "received", "outstanding"}}


@pytest.mark.parametrize("entity", BOTH_WAYS)
def test_fields_and_their_directions(entity: str) -> None:
    fields = FLOW.entities[entity].fields
    ways = {
        way: {name for name, rule in fields.items() if rule.direction == way}
        for way in ("both", "from sage_accounting")
    }
    assert ways == {"both": BOTH_WAYS[entity], "from sage_accounting": FROM_SAGE.get(entity, set())}
    assert len(fields) == sum(map(len, ways.values()))


def test_what_is_given_once_and_then_left_alone() -> None:
    once = {
        entity: {name for name, rule in flow.fields.items() if rule.once}
        for entity, flow in FLOW.entities.items()
    }
    assert {entity: names for entity, names in once.items() if names} == {
        "product": {"name"},
        "invoice": {"name", "exchange_rate"},
    }


def test_matches_winners_and_deletions() -> None:
    assert {
        entity: (flow.winner[0], flow.match, flow.deletes, flow.taken)
        for entity, flow in FLOW.entities.items()
    } == {
        "account": ("sage_accounting", (("reference",), ("vat_number",), ("name",)), "hold", "hold"),
        "contact": ("vtiger", (("account", "email"), ("account", "full_name")), "hold", "hold"),
        "product": ("vtiger", (("sku",),), "archive", "hold"),
        "service": ("vtiger", (("sku",),), "archive", "hold"),
        "invoice": (
            "sage_accounting",
            (("number",), ("account", "invoice_date", "amount", "reference")),
            "hold",
            "create",
        ),
    }
    for entity in ("product", "service"):
        assert all(one.spec.archive for one in FLOW.entities[entity].maps.values()), (
            "there is a state to archive to"
        )


def test_what_must_be_filled_in_on_a_new_record() -> None:
    required = {
        (entity, system): set(made.required)
        for entity, flow in FLOW.entities.items()
        for system, made in flow.maps.items()
    }
    assert required == {
        ("account", "vtiger"): {"name"},
        ("account", "sage_accounting"): {"name"},
        ("contact", "vtiger"): {"full_name"},
        ("contact", "sage_accounting"): {"full_name", "account"},
        ("product", "vtiger"): {"name"},
        ("product", "sage_accounting"): {"description"},
        ("service", "vtiger"): {"sku"},
        ("service", "sage_accounting"): {"description"},
        ("invoice", "vtiger"): {"name", "account", "billing_street", "lines.quantity", "lines.unit_price"},
        ("invoice", "sage_accounting"): {
            "account",
            "invoice_date",
            "lines.description",
            "lines.quantity",
            "lines.unit_price",
        },
    }


def test_the_invoice_is_held_to_its_figures_and_locked_once_released() -> None:
    invoice = FLOW.entities["invoice"]
    assert invoice.figures == Figures("amount", "sage_accounting", "vtiger")
    assert invoice.lock == Lock("sage_accounting", "status", ("draft",))
    statuses = {
        "DRAFT": "draft",
        "PRO_FORMA": "draft",
        "UNPAID": "issued",
        "PART_PAID": "issued",
        "PAID": "paid",
        "CREDITED": "credited",
        "VOID": "void",
    }
    read, write = (getattr(invoice.maps["sage_accounting"], way) for way in ("read", "write"))
    assert {native: read({"status_id": native}, {})["status"] for native in statuses} == statuses
    assert [
        write({"status": status}, {}, [])["status_id"] for status in ("draft", "issued", "paid", "void")
    ] == ["DRAFT", "UNPAID", "PAID", "VOID"]


def test_who_refers_to_whom() -> None:
    assert FLOW.entities["invoice"].maps["sage_accounting"].links == (
        LinkField("account", "account", "contact_id"),
        LinkField("product", "product", "product_id", "invoice_lines"),
        LinkField("service", "service", "service_id", "invoice_lines"),
    )
    assert FLOW.entities["contact"].maps["vtiger"].links == (LinkField("account", "account", "account_id"),)


GOOD = {
    "account": "L",
    "invoice_date": "2026-11-20",
    "status": "draft",
    "tax_mode": "individual",
    "currency": "GBP",
}
ZERO = Decimal(0)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("account", None, "The invoice has no organisation: choose one."),
        ("invoice_date", None, "The invoice has no date: enter its invoice date."),
        ("status", None, "The invoice has no status: choose one."),
        (
            "tax_mode",
            "group",
            (
                "The invoice is taxed as a whole (tax mode “group”): set it to individual tax. Sage taxes "
                "line by line."
            ),
        ),
        (
            "discount",
            Decimal("5.000"),
            (
                "The invoice has an overall discount of 5.000 %: give the discount on its lines. Sage has "
                "none for a whole invoice."
            ),
        ),
        (
            "discount_amount",
            Decimal("5.50"),
            (
                "The invoice has an overall discount of 5.50: give the discount on its lines. Sage has none "
                "for a whole invoice."
            ),
        ),
        (
            "adjustment",
            Decimal("-1.00"),
            "The invoice has an adjustment of -1.00: make it a line. Sage has no adjustment.",
        ),
        (
            "shipping_tax",
            Decimal("0.80"),
            "There is tax of 0.80 on shipping or charges: make the charge a line with its tax.",
        ),
        (
            "deducted_tax",
            Decimal("2.00"),
            "The invoice has deducted tax of 2.00: Sage has none. Remove it, or enter the invoice in "
            "Sage by hand.",
        ),
        (
            "currency",
            "EUR",
            "The invoice is in EUR, but the organisation's Sage account is in GBP: Sage takes invoices in "
            "the customer's currency only.",
        ),
    ],
)
def test_what_an_invoice_must_keep(field: str, value: object, message: str) -> None:
    requirements = FLOW.entities["invoice"].requirements
    references = {"organisation": {"currency": "GBP"}}
    refuse(requirements, {**GOOD, "discount": ZERO, "adjustment": None}, references)
    with pytest.raises(RuleRefused) as no:
        refuse(requirements, {**GOOD, field: value}, references)
    assert (no.value.rule, no.value.field, no.value.message) == (field, field, message)


def test_what_only_the_crm_can_get_wrong_is_asked_of_the_crm_alone() -> None:
    both = {
        entity: {one.name for one in flow.requirements if one.source is None}
        for entity, flow in FLOW.entities.items()
    }
    assert both == {
        "account": set(),
        "contact": set(),
        "product": {"description"},
        "service": {"description"},
        "invoice": {"account", "invoice_date", "shipping_tax"},
    }
    assert {one.source for flow in FLOW.entities.values() for one in flow.requirements} == {None, "vtiger"}
