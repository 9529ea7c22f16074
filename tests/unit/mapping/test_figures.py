"""What an invoice comes to in the other system, and when it is refused for that."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.mapping.faults import RuleRefused
from shared.mapping.figures import net, pence, same_rate, settle, total
from shared.mapping.rules import Figures

STRICT = Figures("amount", "sage_accounting", "vtiger", "refuse")
FIGURES = Figures("amount", "sage_accounting", "vtiger")
D = Decimal


def line(unit_price: str, quantity: str = "1", rate: str | None = "20", **more: Any) -> dict[str, Any]:
    return {
        "quantity": D(quantity),
        "unit_price": D(unit_price),
        "tax_rate": rate and D(rate),
        "product": "P1",
        **more,
    }


def ledger(*lines: dict[str, Any], **head: Any) -> list[dict[str, Any]]:
    return settle({"lines": list(lines), **head}, FIGURES, "vtiger", "sage_accounting", by_line=True)


def crm(*lines: dict[str, Any], **head: Any) -> list[dict[str, Any]]:
    return settle({"lines": list(lines), **head}, FIGURES, "sage_accounting", "vtiger", by_line=False)


@pytest.mark.parametrize(
    ("item", "worth", "tax"),
    [
        (line("9.99", "2"), "19.98", "4.00"),
        (line("0.125", "3"), "0.39", "0.08"),
        (line("10", "1.005"), "10.05", "2.01"),
        (line("10", "-1.005"), "-10.05", "-2.01"),
        (line("80", discount_amount=D("80")), "0.00", "0.00"),
        (line("3.33", "3", "17.5", discount_amount=D("0.99")), "9.00", "1.58"),
        (line("5", rate=None), "5.00", "0.00"),
    ],
)
def test_a_ledger_rounds_the_price_then_the_line_then_its_tax(
    item: dict[str, Any], worth: str, tax: str
) -> None:
    settled = ledger(item, line("99", rate="0"))
    assert net(item) == D(worth) and settled[0] == {**item, "tax": D(tax)}
    assert total(settled, None, by_line=True) == D(worth) + D(tax) + 99


def test_a_crm_adds_up_exactly_and_rounds_once() -> None:
    lines = crm(*[line("0.125", rate="0")] * 4, amount=D("0.50"))
    assert total(lines, None, by_line=False) == D("0.50")
    assert total(lines, None, by_line=True) == D("0.52")


def test_carriage_counts_on_both_sides_to_the_penny() -> None:
    lines = ledger(line("10"), amount=D("16.01"), shipping=D("4.005"))
    assert total(lines, D("4.005"), by_line=True) == D("16.01") == total(lines, D("4.005"), by_line=False)


def test_more_than_rounding_explains_is_refused_with_both_figures_and_the_setting() -> None:
    with pytest.raises(RuleRefused) as fault:
        ledger(*[line("0.125", rate="0")] * 4, amount=D("0.50000000"))
    assert (fault.value.rule, fault.value.field, fault.value.value) == ("totals", "amount", "0.50000000")
    assert str(fault.value) == (
        "The totals would differ: 0.50 in Vtiger, 0.52 in Sage Accounting, which rounds the price and tax of "
        "each line to pence. Change a line so that both agree. "
        '(penny = "tax" in the flow allows up to half a penny a line, and this is more.)'
    )
    with pytest.raises(
        RuleRefused, match=r"0.51 in Sage Accounting, 0.50 in Vtiger, which rounds the sum to pence"
    ):
        crm(*[line("0.125", rate="0")] * 4, amount=D("0.51"))
    assert ledger(line("10"), amount=D("12.00499999")), "what both show as 12.00 is the same"


def test_without_a_total_of_its_own_nothing_is_compared() -> None:
    assert len(ledger(line("1"), line("2"), amount=None)) == 2


@pytest.mark.parametrize(
    ("lines", "rule", "message"),
    [
        ([], "lines", "The invoice has no lines: add at least one."),
        (
            [line("1"), {"quantity": D(1), "unit_price": None}],
            "lines",
            "Line 2: the unit price is blank; fill it in.",
        ),
        ([{"unit_price": D(1)}], "lines", "Line 1: the quantity is blank; fill it in."),
        (
            [line("99999999999999", "5000000000000")],
            "lines",
            "Line 1: 5000000000000 at 99999999999999 each is more than an invoice "
            "can hold; correct the line.",
        ),
    ],
)
def test_what_a_line_lacks_is_named(lines: list[dict[str, Any]], rule: str, message: str) -> None:
    with pytest.raises(RuleRefused) as fault:
        ledger(*lines)
    assert (fault.value.rule, str(fault.value)) == (rule, message)


def test_only_the_system_that_takes_no_free_text_asks_for_an_item() -> None:
    free = line("1", product=None, description="Carriage to Dundee")
    assert ledger(free)[0]["tax"] == D("0.20")
    with pytest.raises(
        RuleRefused, match=r"^Line 2 \(“Carriage to Dundee”\) has no product or service: choose one, because"
    ) as fault:
        crm(line("1", product=None, service="S1"), free)
    assert (fault.value.rule, fault.value.value) == ("item", "Carriage to Dundee")


_LINES = st.lists(
    st.builds(
        lambda price, quantity, rate: line(str(D(price).scaleb(-2)), str(D(quantity)), str(rate)),
        st.integers(-(10**6), 10**6),
        st.integers(-99, 99),
        st.sampled_from(("0", "5", "20", "17.5")),
    ),
    min_size=1,
    max_size=8,
)


@given(_LINES, st.integers(-3, 3))
def test_what_passes_agrees_and_what_is_refused_would_not_have(
    lines: list[dict[str, Any]], pennies: int
) -> None:
    exact = sum((one["quantity"] * one["unit_price"] * (1 + one["tax_rate"] / 100) for one in lines), D(0))
    amount = pence(exact) + D(pennies).scaleb(-2)
    taxed = sum(
        (
            one["quantity"] * one["unit_price"]
            + pence(one["quantity"] * one["unit_price"] * one["tax_rate"] / 100)
            for one in lines
        ),
        D(0),
    )
    for target, by_line, expected in (("sage_accounting", True, taxed), ("vtiger", False, pence(exact))):
        source = "vtiger" if by_line else "sage_accounting"
        try:
            settle({"lines": lines, "amount": amount}, STRICT, source, target, by_line)
        except RuleRefused as no:
            assert no.rule == ("credit_note" if min(amount, expected) < 0 else "totals")
            assert amount != expected or expected < 0
        else:
            assert amount == expected >= 0


@given(_LINES, st.integers(-6, 6))
def test_the_total_the_customer_saw_is_kept_or_the_document_refused(
    lines: list[dict[str, Any]], pennies: int
) -> None:
    """Half a penny a line, no more, on the tax of one line; everything else of every line stays."""
    plain = sum((net(one) + pence(net(one) * one["tax_rate"] / 100) for one in lines), D(0))
    amount, notes = plain + D(pennies).scaleb(-2), list[str]()
    try:
        settled = settle(
            {"lines": lines, "amount": amount}, FIGURES, "vtiger", "sage_accounting", True, notes
        )
    except RuleRefused as no:
        assert no.held == (min(amount, plain) < 0) == (no.rule == "credit_note")
        assert pennies or no.held
        return
    assert total(settled, None, by_line=True) == amount and abs(pennies) * 2 <= len(lines)
    assert [{**one, "tax": None} for one in settled] == [{**one, "tax": None} for one in lines]
    moved = [one for one in settled if one["tax"] != pence(net(one) * one["tax_rate"] / 100)]
    assert len(moved) == len(notes) == (1 if pennies else 0)


def test_ordinary_prices_go_through() -> None:
    """Sixty lines of a shop: nearly all such invoices were refused for a penny of rounding."""
    priced = [f"{3 + number * 7 % 40}.{number * 13 % 90 + 9:02d}" for number in range(60)]
    lines = [line(price, str(1 + number % 4), "17.5") for number, price in enumerate(priced)]
    exact = sum((one["quantity"] * one["unit_price"] * D("1.175") for one in lines), D(0))
    notes: list[str] = []
    view = {"lines": lines, "amount": exact}
    settled = settle(view, FIGURES, "vtiger", "sage_accounting", True, notes)
    assert total(settled, None, by_line=True) == pence(exact)
    assert len(notes) == 1 and "Vtiger" in notes[0] and "Sage Accounting" in notes[0]
    with pytest.raises(RuleRefused, match=r'penny = "tax" in the flow would allow'):
        settle(view, STRICT, "vtiger", "sage_accounting", True)


@pytest.mark.parametrize(
    ("lines", "amount"),
    [
        ([line("-10")], "-12"),
        ([line("10", "-3"), line("5")], "-30"),
        ([line("-0.01", rate="0")], "-0.01"),
        ([line("5"), line("5", discount_amount=D("11"))], None),
    ],
)
def test_what_is_below_zero_is_a_credit_note(lines: list[dict[str, Any]], amount: str | None) -> None:
    for way in (ledger, crm):
        with pytest.raises(RuleRefused, match="credit note") as fault:
            way(*lines, amount=amount and D(amount))
        assert fault.value.held and fault.value.rule == "credit_note"


def test_a_line_below_zero_goes_where_the_total_is_not() -> None:
    assert len(ledger(line("10"), line("-4", rate="0"), amount=D("8"))) == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("0.86", "0.85984523", True),  # Vtiger's 1.163
        ("0.85984523", "0.8598452", True),
        ("0.86", "0.861", False),
        ("0.0091", "0.00909091", True),  # Vtiger's 110: 0.0091 is not exact, but 110 is
        ("1.25", "0.8", False),  # the same rate the wrong way round is another rate
        ("1", "1.00000", True),
        ("1", "1.0004", True),  # to three places
        ("1", "1.0006", False),
        ("1.15", "1.16", False),
        ("110", "110.0001", True),
    ],
)
def test_rates_are_compared_as_far_as_the_shorter_is_written(one: str, other: str, same: bool) -> None:
    assert same_rate(D(one), D(other)) is same is same_rate(D(other), D(one))


def test_a_difference_of_rounding_may_be_laid_on_tax() -> None:
    """Vtiger's sum and Sage's lines are apart by rounding alone: the difference goes on one line's tax, with
    a note."""
    lines = [
        {
            "product": "P",
            "description": f"Part {number}",
            "quantity": Decimal(1),
            "unit_price": Decimal("33.33"),
            "tax_rate": Decimal("17.5"),
        }
        for number in range(5)
    ]
    view = {"lines": lines, "amount": Decimal("195.81"), "shipping": None}
    lenient, notes = Figures("amount", None, None, "tax"), list[str]()
    settled = settle(view, lenient, "vtiger", "sage_accounting", True, notes)
    assert (
        total(settled, None, True) == Decimal("195.81")
        and len(notes) == 1
        and "was added to the tax" in notes[0]
    )
    with pytest.raises(RuleRefused, match="The totals would differ"):
        settle({**view, "amount": Decimal("199.99")}, lenient, "vtiger", "sage_accounting", True, [])
