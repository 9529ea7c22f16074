"""How an invoice was settled, from rows as Sage shows them: the figures always add up, and only money is
money."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.systems.sage_accounting import settlements
from shared.systems.sage_accounting.settlements import Entry, Settlement, entries_of, settle

ME = "invoice"


def invoice(total: str, left: str, *rows: dict[str, Any], status: str = "PART_PAID") -> dict[str, Any]:
    return {
        "id": ME,
        "status": {"id": status},
        "total_amount": total,
        "outstanding_amount": left,
        "payments_allocations": list(rows),
    }


def payment(amount: str, **more: Any) -> dict[str, Any]:
    return {"contact_payment": {"id": "p"}, "amount": amount, "discount": "0.0", **more}


def allocation(amount: str, key: str = "a", **more: Any) -> dict[str, Any]:
    return {"contact_allocation": {"id": key}, "amount": amount, "displayed_as": "Allocation", **more}


def entry(key: str, resource: str, amount: str) -> Entry:
    return Entry(key, resource, key.upper(), Decimal(amount))


def split(found: Settlement | None) -> list[str]:
    assert found is not None
    amounts = (found.received, found.credited, found.discounted, found.otherwise, found.outstanding)
    return [f"{one:.2f}" for one in amounts]


def settled(total: str, left: str, row: dict[str, Any], *entries: Entry) -> list[str]:
    return split(settle(invoice(total, left, row), {"a": list(entries)}))


ON = entry(ME, "sales_invoices", "30")


def test_money_less_what_was_paid_back() -> None:
    rows = [
        payment("20.0", discount="1.5"),
        payment("5.0", negative_payment=True),
        payment("-2", negative_payment=True),
    ]
    assert split(settle(invoice("30.0", "15.5", *rows), {})) == ["13.00", "0.00", "1.50", "0.00", "15.50"]


def test_what_was_allocated_is_what_gave_it() -> None:
    row = allocation("30")
    assert settled("30", "0", row, ON, entry("scn-1", "sales_credit_notes", "-30"))[1] == "30.00"
    assert settled("30", "0", row, ON, entry("poa", "payments_on_account", "-30"))[0] == "30.00"
    both = (entry("scn-1", "sales_credit_notes", "-12"), entry("poa", "payments_on_account", "-18"))
    assert settled("30", "0", row, ON, *both)[:2] == ["18.00", "12.00"]
    contra = entry("pi-7", "purchase_invoices", "-30")
    assert settled("30", "0", row, ON, contra) == ["0.00", "0.00", "0.00", "30.00", "0.00"]


def test_signs_the_other_way_round_are_the_same_allocation() -> None:
    mine, note = entry(ME, "sales_invoices", "-30"), entry("scn-1", "sales_credit_notes", "30")
    assert settled("30", "0", allocation("30"), mine, note)[1] == "30.00"


def test_one_kind_for_several_invoices_is_that_kind_and_several_kinds_are_nobodys_guess() -> None:
    row, other = allocation("30"), entry("other", "sales_invoices", "20")
    notes = (entry("scn-1", "sales_credit_notes", "-35"), entry("scn-2", "sales_credit_notes", "-15"))
    assert settled("30", "0", row, ON, other, *notes)[1] == "30.00"
    mixed = (entry("scn-1", "sales_credit_notes", "-35"), entry("poa", "payments_on_account", "-15"))
    found = settle(invoice("30", "0", row), {"a": [ON, other, *mixed]})
    assert split(found)[3] == "30.00"
    assert found is not None and found.named == "SCN-1 and POA 30.00"


@pytest.mark.parametrize(
    "entries",
    [
        (),
        (entry("x", "sales_credit_notes", "-30"),),
        (entry(ME, "sales_invoices", "29"), entry("x", "sales_credit_notes", "-29")),
    ],
    ids=["unread", "of another invoice", "of another amount"],
)
def test_an_allocation_that_does_not_fit_is_never_money(entries: Sequence[Entry]) -> None:
    assert settled("30", "0", allocation("30"), *entries) == ["0.00", "0.00", "0.00", "30.00", "0.00"]


def test_a_row_of_neither_kind_is_named_and_not_money() -> None:
    found = settle(invoice("30", "25", {"amount": "5", "displayed_as": "Opening balance"}), {})
    assert split(found)[3] == "5.00" and found is not None and found.named == "Opening balance 5.00"


def test_what_no_row_explains_is_named() -> None:
    found = settle(invoice("30", "20", payment("4")), {})
    assert split(found) == ["4.00", "0.00", "0.00", "6.00", "20.00"]
    assert found is not None and found.named == "Sage does not say how 6.00"
    more = settle(invoice("30", "28", payment("4")), {})
    assert split(more)[3] == "-2.00", "rows of more than was settled: the sum holds, and it is named"


def test_a_void_invoice_and_a_draft() -> None:
    void = settle(invoice("30", "0.0", status="VOID"), {})
    assert split(void)[3] == "30.00" and void is not None and void.named == "void 30.00"
    assert split(settle(invoice("30", "0.0", status="DRAFT"), {})) == ["0.00"] * 4 + ["30.00"]


def test_rows_that_were_not_asked_for_say_nothing() -> None:
    body = {**invoice("30", "20"), "payments_allocations": None}
    assert settle(body, {}) is None
    assert split(settle({**body, "outstanding_amount": "30"}, {}))[4] == "30.00"


def test_only_a_credit_without_money_reads_as_credited() -> None:
    def by_credit(*rows: dict[str, Any]) -> bool:
        note = entry("scn-1", "sales_credit_notes", "-12")
        found = settle(invoice("30", "0", *rows), {"a": [entry(ME, "sales_invoices", "12"), note]})
        assert found is not None
        return found.by_credit

    assert by_credit(allocation("12")) and not by_credit(payment("30"))
    assert not by_credit(allocation("12"), payment("18"))
    assert by_credit(allocation("12"), payment("18"), payment("18", negative_payment=True))


# ---------------------------------------------------------------- whatever Sage may answer

PENCE = st.integers(-2_000_000, 2_000_000).map(lambda pence: str(Decimal(pence) / 100))
RESOURCES = st.sampled_from(
    ["sales_invoices", "sales_credit_notes", "payments_on_account", "contact_payments", "journals", ""]
)
ARTEFACTS = st.fixed_dictionaries(
    {
        "artefact": st.builds(
            lambda key, path: {"id": key, "displayed_as": key, "$path": f"/{path}/{key}"},
            st.sampled_from([ME, "b", "c", "d"]),
            RESOURCES,
        )
        | st.none(),
        "amount": PENCE | st.none(),
    }
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "contact_payment": st.none() | st.just({"id": "p"}),
            "contact_allocation": st.none() | st.sampled_from([{"id": "a"}, {"id": "b"}]),
            "amount": PENCE | st.none(),
            "discount": PENCE | st.none(),
            "negative_payment": st.booleans() | st.none(),
        }
    ),
    max_size=5,
)
STATUSES = st.sampled_from(["DRAFT", "PRO_FORMA", "UNPAID", "PART_PAID", "PAID", "VOID", "NEW_ONE"])


@given(
    PENCE,
    PENCE,
    STATUSES,
    ROWS,
    st.dictionaries(st.sampled_from(["a", "b"]), st.lists(ARTEFACTS, max_size=5)),
)
def test_the_five_amounts_always_add_up_to_the_total(
    total: str, left: str, status: str, rows: list[Any], allocations: dict[str, list[Any]]
) -> None:
    read = {key: entries_of({"allocated_artefacts": parts}) for key, parts in allocations.items()}
    found = settle(invoice(total, left, *rows, status=status), read)
    assert found is not None and found.total == Decimal(total)
    assert sum(part.amount for part in found.parts) == Decimal(total) - found.outstanding
    assert all(part.how in ("received", "credited", "discounted", "otherwise") for part in found.parts)
    money = [row for row in rows if row["contact_payment"] or row["contact_allocation"]]
    assert found.received == 0 or money, "without a payment or an allocation nothing is money"


def test_the_module_names_what_it_takes_for_money() -> None:
    assert set(settlements.KNOWN) == {
        "sales_invoices",
        "sales_credit_notes",
        "payments_on_account",
        "payment_on_account",
        "contact_payments",
    }
