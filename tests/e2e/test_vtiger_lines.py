"""Lines of an invoice between Vtiger and Sage Accounting, over HTTP: what each side alone knows stays."""

from collections.abc import Mapping
from typing import Any

from tests.e2e.pair_equal import mended
from tests.e2e.pair_world import PairWorld, pair_world

CHANGING = (
    "id",
    "quantity",
    "net_amount",
    "total_amount",
    "base_currency_net_amount",
    "base_currency_total_amount",
)


def lines_of(here: PairWorld) -> list[dict[str, Any]]:
    return list(here.books.invoices()[0]["invoice_lines"])


def still(line: Mapping[str, Any]) -> dict[str, Any]:
    """Without what an edit of the quantity, and a save, change."""
    return {name: value for name, value in line.items() if name not in CHANGING}


def test_a3_exempt_and_no_tax_stay_so_with_all_their_coding_when_a_line_is_edited_on_either_side() -> None:
    with pair_world() as here:
        course, transfer = here.sales.service("Course"), here.sales.service("Transfer")
        widget = here.sales.product()
        asked = [
            here.sales.line(course, tax1="0", comment="course"),
            here.sales.line(transfer, tax1="0", comment="transfer", description="by hand"),
            here.sales.line(widget, comment="widget"),
        ]
        invoice = here.sales.invoice(here.sales.organisation(), *asked)
        here.settle()
        sage, income = here.books.invoices()[0]["id"], here.books.ledger(4900)
        own: dict[str, dict[str, Any]] = {
            "course": {"tax_rate_id": "GB_EXEMPT", "analysis_type_categories": ["EVENTS"]},
            "transfer": {"tax_rate_id": "GB_NO_TAX", "trade_of_asset": True},
            "widget": {"ledger_account_id": income, "eu_goods_services_type_id": "GOODS"},
        }
        here.books.edit(
            "sales_invoices",
            sage,
            invoice_lines=[_sent(one) | own[one["description"]] for one in lines_of(here)],
        )
        here.settle()
        before = lines_of(here)
        here.sales.edit(invoice, LineItems=[{**asked[0], "quantity": "3"}, *asked[1:]])
        mended(here)
        said = [
            row.outcome for row in here.story("invoice", invoice) if "lines written" in row.outcome.reason
        ]
        assert [one.notes for one in said] == [("line 1 “course”: quantity 2 → 3",)], here.tell()
        after = lines_of(here)
        assert [still(one) for one in after] == [still(one) for one in before]
        assert [one["tax_rate"]["id"] for one in after] == ["GB_EXEMPT", "GB_NO_TAX", "GB_STANDARD"]
        assert [one["quantity"] for one in after] == ["3.0", "2.0", "2.0"]
        here.books.edit(
            "sales_invoices",
            sage,
            invoice_lines=[
                _sent(one) | {"description": f"{one['description']} 2"} for one in reversed(after)
            ],
        )
        mended(here)
        rows = here.sales.one(invoice)["LineItems"]
        assert [(one["comment"], one["description"]) for one in rows] == [
            ("widget 2", ""),
            ("transfer 2", "by hand"),
            ("course 2", ""),
        ]
        here.quiet(1)


def _sent(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line as the person's screen saves it again."""
    told = {
        name: (value or {}).get("id") if isinstance(value, Mapping) or name in _REFERENCES else value
        for name, value in line.items()
        if name in _KEPT
    }
    return {f"{name}_id" if name in _REFERENCES else name: value for name, value in told.items()} | {
        "analysis_type_categories": [one["id"] for one in line.get("analysis_type_categories") or ()]
    }


_REFERENCES = ("product", "service", "ledger_account", "tax_rate", "eu_goods_services_type")
_KEPT = (*_REFERENCES, "description", "quantity", "unit_price", "tax_amount", "trade_of_asset")
