"""`LineItems_FinalDetails`: the numbers as the detail view of an inventory record shows them to this user."""

from decimal import Decimal
from typing import Any

from local.vendors.vtiger.inventory import discount_of, line_net, line_taxes
from local.vendors.vtiger.server import Actor, Line, Record, VtigerServer
from local.vendors.vtiger.values import number, plain, rounded

_SHIPPING_TAXES = ("VAT", "Sales", "Service")
_VISIBLE, _HIDDEN = ' style="visibility:visible"', ' style="visibility:hidden"'
_FIXED = {"type": "Fixed", "method": "Simple", "regions": [], "compoundon": []}


def final_details(server: VtigerServer, record: Record, actor: Actor, fresh: bool = False) -> dict[str, Any]:
    """Keyed "1" to "n". `fresh` gives the answer of a write with lines: the document before its lines were
    counted."""
    decimals = actor.user.decimals
    lines = (
        {}
        if fresh
        else {
            str(place): _line(server, record, line, place, decimals)
            for place, line in enumerate(record.lines, 1)
        }
    )
    first = {**lines.get("1", {}), "final_details": _final(server, record, decimals, fresh)}
    if fresh and record.values.get("hdnTaxType") == "individual":
        first["netPrice1"] = rounded(0, decimals)
    return {**lines, "1": first}


def _line(server: VtigerServer, record: Record, line: Line, place: int, decimals: int) -> dict[str, Any]:
    product = server.records.get(int(line["productid"] or 0))
    values = product.values if product else {}
    goods = product is not None and product.module == "Products"
    total, net = number(line["listprice"]) * number(line["quantity"]), line_net(line)
    tax = (
        sum(line_taxes(server, line).values(), Decimal(0))
        if record.values.get("hdnTaxType") == "individual"
        else 0
    )
    result: dict[str, Any] = {
        "purchaseCost": rounded(line["purchase_cost"] or 0, decimals),
        "margin": rounded(line["margin"] or 0, decimals),
        "productDeleted": bool(product and product.deleted),
        "entityType": product.module if product else "",
        "hdnProductId": str(line["productid"]),
        "productName": values.get("productname" if goods else "servicename"),
        "hdnProductcode": values.get("product_no" if goods else "service_no"),
        "productDescription": line["description"],
        "comment": line["comment"],
        "qtyInStock": plain(values.get("qtyinstock") or "0") if goods else "NA",
        "qty": plain(line["quantity"]),
        "listPrice": rounded(line["listprice"], decimals),
        "unitPrice": rounded(values.get("unit_price") or 0, decimals),
        "productTotal": rounded(total, decimals),
        "subproduct_ids": "",
        **({"subprod_qty_list": [], "subprod_names": ""} if goods else {}),
        **({"delRow": "Del"} if place > 1 else {}),
        **_line_discount(line, decimals),
        "discountTotal": rounded(total - net, decimals),
        "totalAfterDiscount": rounded(net, decimals),
        "taxTotal": rounded(tax, decimals),
        "netPrice": rounded(net + tax, decimals),
    }
    return {f"{name}{place}": value for name, value in result.items()}


def _line_discount(line: Line, decimals: int) -> dict[str, Any]:
    amount, percent = number(line["discount_amount"] or 0), number(line["discount_percent"] or 0)
    if not amount and not percent:
        return {"discount_percent": 0, "discount_amount": 0, "checked_discount_zero": " checked"}
    kind, other = ("amount", "percent") if amount else ("percent", "amount")
    return {
        "discount_percent": 0 if amount else plain(percent),
        "discount_amount": rounded(amount, decimals) if amount else 0,
        "discount_type": "amount" if amount else "percentage",
        f"checked_discount_{kind}": " checked",
        f"style_discount_{kind}": _VISIBLE,
        f"style_discount_{other}": _HIDDEN,
    }


def _final(server: VtigerServer, record: Record, decimals: int, fresh: bool) -> dict[str, Any]:
    values = record.values
    subtotal = Decimal(0) if fresh else number(values["hdnSubTotal"])
    discount = discount_of(values, subtotal)
    after, shipping = subtotal - discount, number(record.shipping or 0)
    taxes = _taxes(server, record, after, decimals, fresh)
    total = sum((after * number(one["percentage"]) / 100 for one in taxes.values()), Decimal(0))
    return {
        "taxtype": values.get("hdnTaxType"),
        **_final_discount(values, decimals),
        "hdnSubTotal": rounded(subtotal, decimals),
        "discountTotal_final": rounded(discount, decimals),
        "taxes": taxes,
        "tax_totalamount": rounded(total, decimals),
        "shipping_handling_charge": rounded(shipping, decimals),
        "sh_taxes": [
            {
                "taxname": f"shtax{place}",
                "taxlabel": name,
                "percentage": 0,
                "amount": 0,
                "taxid": str(place),
                **_FIXED,
            }
            for place, name in enumerate(_SHIPPING_TAXES, 1)
        ],
        "shtax_totalamount": rounded(0, decimals),
        "adjustment": rounded(values["txtAdjustment"], decimals),
        "grandTotal": rounded(0 if fresh else values["hdnGrandTotal"], decimals),
        "preTaxTotal": rounded(after + shipping, decimals),
        "totalAfterDiscount": rounded(after, decimals),
        "chargesAndItsTaxes": {"1": _charge(record)},
        "deductTaxes": [],
        "deductTaxesTotalAmount": rounded(0, decimals),
    }


def _charge(record: Record) -> dict[str, Any]:
    return {
        "value": record.shipping,
        **({"taxes": {"1": 0, "2": 0, "3": 0}} if record.charges == "api" else {}),
    }


def _final_discount(values: dict[str, str | None], decimals: int) -> dict[str, Any]:
    amount, percent = number(values["hdnDiscountAmount"] or 0), number(values["hdnDiscountPercent"] or 0)
    kind = "amount" if amount else "percentage" if percent else "zero"
    result: dict[str, Any] = {
        "discount_type_final": kind,
        "discount_percentage_final": values["hdnDiscountPercent"] if kind == "percentage" else 0,
        "discount_amount_final": rounded(amount, decimals),
    }
    if kind != "zero":
        result[f"checked_discount_{kind}_final"] = " checked"
        for one in ("percentage", "amount"):
            result[f"style_discount_{one}_final"] = _VISIBLE if one == kind else _HIDDEN
    return result


def _taxes(
    server: VtigerServer, record: Record, after: Decimal, decimals: int, fresh: bool
) -> dict[str, Any]:
    """A group's rates are those of the first line; otherwise the default rates are listed, whatever was
    charged."""
    result = {}
    for place, (name, rate, *_) in enumerate(server.taxes, 1):
        percentage: Any = rate
        if record.values.get("hdnTaxType") == "group":
            percentage = 0 if fresh or not record.lines else record.lines[0].get(f"tax{place}") or "0.000"
        result[str(place)] = {
            "taxname": f"tax{place}",
            "taxlabel": name,
            "percentage": percentage,
            "amount": rounded(after * number(percentage) / 100, decimals),
            "taxid": str(place),
            **_FIXED,
        }
    return result
