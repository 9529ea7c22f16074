"""The model that invoices are checked against, and that the check would notice a penny."""

from collections import Counter

import pytest

from bench.invoices import books, run
from shared.mapping.figures import settle


def test_sage_rounds_the_price_the_line_and_takes_the_tax_as_sent() -> None:
    line = {"quantity": "2", "unit_price": "9.99", "tax_amount": "4.00", "discount_amount": None}
    assert books.sage_total([line]) == 2398 and books.sage_tax(1998, "20") == 400
    assert books.sage_net({"quantity": "1.005", "unit_price": "0.125"}) == 13
    assert books.sage_net({"quantity": "-1.5", "unit_price": "0.15", "discount_amount": "0.01"}) == -24
    assert books.sage_total([line], "4.5") == 2848


def test_vtiger_adds_up_exactly_and_shows_pence() -> None:
    first = {
        "quantity": "2.000",
        "listprice": "12.50000000",
        "discount_amount": "",
        "discount_percent": "",
        "tax": "20",
    }
    free = {"quantity": "3.000", "listprice": "1.23456", "discount_percent": "100.000", "tax": "17.5"}
    odd = {"quantity": "0.333", "listprice": "0.12345", "discount_percent": "12.500", "tax": "17.5"}
    assert books.vtiger_shown([first, free], "4.00000000") == 3400
    assert books.vtiger_stored([odd]) == 4226504, (
        "0.333 x 0.12345, less 12.5 %, plus 17.5 %, to eight decimals"
    )
    assert books.vtiger_shown([{**first, "quantity": "-1", "listprice": "0.125", "tax": "0"}]) == -13


def test_what_no_system_can_keep_is_noticed() -> None:
    with pytest.raises(ArithmeticError, match=r"0.001 has more places"):
        books.scaled("0.001", books.PENCE)


@pytest.mark.parametrize("source", [run.CRM, run.SAGE])
def test_every_difference_would_be_seen(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clean = run._part((source, 1200, 0, 1))
    assert clean["written"] > 9 and clean["refused: totals"] > 2
    assert not (clean["differ"] or clean["agreed"] or clean["tax"] or clean["exceptions"])
    monkeypatch.setattr(
        run, "settle", lambda view, *rest, **by: settle({**view, "amount": None}, *rest, **by)
    )
    blind = run._part((source, 1200, 0, 1))
    assert blind["differ"] == clean["refused: totals"] + clean["laid"]
    assert (clean["laid"] > 2) == (source == run.CRM)


def test_an_exception_is_counted_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*given: object, **by: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr(run, "settle", broken)
    found: Counter[str] = run._part((run.CRM, 1, 0, 1))
    assert found["exceptions"] == 1 and run.found_fault(found) == "exception ZeroDivisionError: by nothing"
