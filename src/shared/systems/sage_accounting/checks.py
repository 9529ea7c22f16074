"""What `tieout connect` and `tieout check` report about a Sage Accounting connection.

Is the sign-in valid, is a business chosen, reachable and active, what does its plan include, are there tax
rates and default ledger accounts, and does every field in the rules exist?
"""

from collections.abc import Callable, Sequence
from typing import Any

from shared.domain.wording import article, counted
from shared.errors import SyncError
from shared.ports import Finding, ObjectSpec
from shared.systems.sage_accounting import reference
from shared.systems.sage_accounting.client import NO_BUSINESS
from shared.systems.sage_accounting.context import SageContext
from shared.systems.sage_accounting.document_fields import LINE_NAMES
from shared.systems.sage_accounting.kinds import KINDS

_NEEDED = ("product_sales_ledger_account", "product_purchase_ledger_account", "service_sales_ledger_account")


def findings(
    context: SageContext,
    specs: Sequence[ObjectSpec],
    sign_in: Callable[[], None],
    alive: Callable[[], list[Finding]],
) -> list[Finding]:
    """All findings. A sign-in that does not work is one finding, not a list of failures."""
    if not context.client.business:
        return [Finding("error", "business", NO_BUSINESS)]
    try:
        sign_in()
    except SyncError as fault:
        return [Finding("error", "sign-in", str(fault))]
    found = _tried("business", lambda: [_business(context)])
    if found[0].level == "error":
        return found
    found += alive()
    found += _tried("plan", lambda: _plan(context))
    found += _tried("tax rates", lambda: [_taxes(context)])
    found += _tried("ledger accounts", lambda: [_ledgers(context)])
    for spec in specs:
        found += fields_of(spec)
    return found


def businesses(context: SageContext) -> list[dict[str, Any]]:
    """Those to which this sign-in has access: {id, name, active}, active ones first."""
    rows = context.client.get("/businesses", "list the businesses").get("$items") or []
    found = [
        {
            "id": str(row["id"]),
            "active": _active(row),
            "name": str(row.get("name") or row.get("displayed_as") or row["id"]),
        }
        for row in rows
    ]
    return sorted(found, key=lambda row: not row["active"])


def fields_of(spec: ObjectSpec) -> list[Finding]:
    kind = KINDS.get(spec.object)
    if kind is None:
        return [
            Finding(
                "error",
                spec.entity,
                f"Tieout knows no object {spec.object!r} in Sage: use one of {', '.join(KINDS)}.",
            )
        ]
    unknown = [
        path
        for path in dict.fromkeys((*spec.fields, *(one.field for one in spec.where)))
        if path not in kind.names and path.partition(".")[2] not in _lines_of(spec)
    ]
    if unknown:
        return [
            Finding(
                "error",
                spec.entity,
                f"Sage has no field {path!r} on {article(kind.label)}: correct the rule file.",
            )
            for path in unknown
        ]
    return [Finding("ok", spec.entity, f"All {counted(len(spec.fields), 'mapped field')} exist.")]


def _lines_of(spec: ObjectSpec) -> tuple[str, ...]:
    return LINE_NAMES if spec.object in ("sales_invoices", "sales_quotes") else ()


def _tried(subject: str, look: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return look()
    except SyncError as fault:
        return [Finding("error", subject, str(fault))]


def _business(context: SageContext) -> Finding:
    found = next((row for row in businesses(context) if row["id"] == context.client.business), None)
    if found is None:
        return Finding(
            "error",
            "business",
            f"This sign-in has no access to the business {context.client.business}: run `tieout "
            "connect sage_accounting` and choose one to which it has access.",
        )
    if not found["active"]:
        return Finding(
            "error", "business", f"{found['name']} has no active subscription in Sage: renew it there."
        )
    return Finding("ok", "business", f"Connected to {found['name']}.")


def _plan(context: SageContext) -> list[Finding]:
    settings = context.client.get("/financial_settings", "read the financial settings")
    stock = "with stock" if context.facts.has_stock() else "without stock: products have no stock quantity"
    several = settings.get("multi_currency_enabled") is True
    money = "several currencies" if several else "one currency: Sage refuses invoices in others"
    found = [Finding("ok", "plan", f"The Sage plan is {stock}; the business uses {money}.")]
    if context.options.get("new_products") == "stock_items" and not context.facts.has_stock():
        found.append(
            Finding(
                "error",
                "plan",
                "The setting new_products is stock_items, but this plan has no stock: set it to products.",
            )
        )
    return found


def _taxes(context: SageContext) -> Finding:
    wanted = context.options.get("zero_rate", "")
    known = reference.tax_codes(context.lists, wanted)
    rows = list({row["id"]: row for row in known if row["id"] == row["code"]}.values())
    if not rows:
        return Finding("error", "tax rates", "Sage shows no tax rate for sales: set up VAT in Sage.")
    if wanted and wanted not in {row["id"] for row in rows}:
        return Finding(
            "error",
            "tax rates",
            f"The setting zero_rate names {wanted!r}, which is not a visible tax rate for sales: "
            f"use one of {', '.join(row['id'] for row in rows)}.",
        )
    zero = reference.preferred_zero(rows, wanted)
    others = [row["id"] for row in rows if row["id"] != zero and reference.same_rate(row["rate"], "0")]
    which = (
        f"{zero}, and not {' or '.join(others)}, where neither item nor customer has a code of that rate"
        if others
        else zero or "none"
    )
    return Finding(
        "ok", "tax rates", f"{counted(len(rows), 'tax rate')} for sales; 0 % is written as {which}."
    )


def _ledgers(context: SageContext) -> Finding:
    options = {
        "product_sales_ledger_account": "sales_account",
        "product_purchase_ledger_account": "purchase_account",
        "service_sales_ledger_account": "service_account",
    }
    known = context.facts.ledger_defaults()
    missing = [
        name
        for name in _NEEDED
        if name not in known
        and not context.options.get(options[name])
        and name.removeprefix("product_").removeprefix("service_") not in known
    ]
    if missing:
        words = ", ".join(name.removesuffix("_ledger_account").replace("_", " ") for name in missing)
        settings = ", ".join(options[name] for name in missing)
        return Finding(
            "warning",
            "ledger accounts",
            f"Sage has no default ledger account for {words}: set them in Sage, or "
            f"name their ids in the settings {settings}.",
        )
    return Finding("ok", "ledger accounts", "The default ledger accounts are set.")


def _active(row: dict[str, Any]) -> bool:
    """A business without a list of subscriptions is taken to be active."""
    found = row.get("subscriptions")
    return not isinstance(found, list) or not found or any(one.get("active") is True for one in found)
