"""What a record may do without, and what not."""

import pytest

from shared.mapping.compile import compile_flow
from shared.mapping.faults import FieldUnreadable
from shared.mapping.readable import needed, needed_of, read_readable, write_writable

FLOW = compile_flow("vtiger--sage_accounting").entities
ORDERS = compile_flow("sugarcrm--sage_50").entities["sales_order"]
TABLES: dict[str, dict[str, str]] = {"currencies": {}, "link.account": {}, "native.account": {}}


def test_small_fields_are_not_needed() -> None:
    assert not {"email", "phone", "billing_country", "vat_number", "reference"} & needed(
        FLOW["account"], "sage_accounting"
    )
    assert not {"due_date", "reference", "billing_country"} & needed(FLOW["invoice"], "sage_accounting")
    assert not {"order_date", "phone", "billing_country"} & needed(ORDERS, "sage_50")


def test_what_is_required_asked_for_or_counted_is_needed() -> None:
    assert "name" in needed(FLOW["account"], "sage_accounting")
    assert "sku" in needed(FLOW["product"], "vtiger")
    assert {"account", "invoice_date", "amount", "currency", "status", "discount"} <= needed(
        FLOW["invoice"], "sage_accounting"
    )
    assert {"amount", "currency", "customer_ref"} <= needed(ORDERS, "sage_50")
    assert {"inactive", "on_hold", "currency"} <= needed_of(ORDERS, ORDERS.references[0])


def test_several_fields_at_once_and_nothing_else_is_left_out() -> None:
    made = FLOW["account"].maps["vtiger"]
    values = {"accountname": "Acme", "email1": "n/a", "phone": " 1 ", "bill_country": "Atlantis"}
    view, left = read_readable(made, values, TABLES, frozenset({"name"}))
    assert view == {"name": "Acme", "phone": "1"} and set(left) == {"email", "billing_country"}
    with pytest.raises(FieldUnreadable, match="email1"):
        read_readable(made, values, TABLES, frozenset({"email"}))


def test_a_tax_is_never_left_to_the_other_system() -> None:
    made = FLOW["product"].maps["vtiger"]
    with pytest.raises(FieldUnreadable, match="more than one tax"):
        read_readable(made, {"productname": "Nut", "tax": "20.000+5.000"}, TABLES, frozenset())


def test_what_has_no_form_is_not_written() -> None:
    made = FLOW["account"].maps["sage_accounting"]
    view = {"name": "Acme", "billing_postcode": "x" * 11, "reference": "y" * 11}
    native, left = write_writable(lambda fields: made.write(fields, TABLES, []), view, frozenset())
    assert native == {"name": "Acme"} and set(left) == {"billing_postcode", "reference"}
    with pytest.raises(FieldUnreadable):
        write_writable(lambda fields: made.write(fields, TABLES, []), view, frozenset({"reference"}))
