"""What Sage 50 says about the tax of its customers: the box "Use default" is in single reads only."""

from typing import Any

import pytest

from shared.domain.record import replace
from shared.mapping.compile import compile_flow
from shared.ports import Finding
from shared.systems.sage_50 import abroad
from tests.contract.sage_50.world import Bench

FLOW = compile_flow("sugarcrm--sage_50")
ACCOUNT = FLOW.entities["account"].maps["sage_50"].spec


def customer(bench: Bench, reference: str, **values: Any) -> None:
    bench.post("/customers", {"accountRef": reference, "name": reference.title(), **values})


def named(bench: Bench) -> list[Finding]:
    return [one for one in bench.sage().check([ACCOUNT]) if one.subject == abroad.SUBJECT]


@pytest.mark.parametrize("ticked", [True, False])
def test_a_search_shows_the_box_only_where_whole_records_are_asked_for(bench: Bench, ticked: bool) -> None:
    customer(bench, "BOX001", defTaxCode=4, defTaxCodeUseDefault=ticked, defNomCodeUseDefault=not ticked)
    sage, refs = bench.sage(), ["BOX001", "EXA001", "NOBODY"]
    bench.calls()
    plain = sage.find(ACCOUNT, "accountRef", refs)
    assert bench.calls() == {"POST searchsalesledger": 2}
    whole = sage.find(replace(ACCOUNT, whole=True), "accountRef", refs)
    assert bench.calls() == {"POST searchsalesledger": 2, "GET customer": 2}
    assert "defTaxCodeUseDefault" not in plain["BOX001"][0].values
    assert whole["NOBODY"] == []
    read = whole["BOX001"][0].values
    assert (read["defTaxCode"], read["defTaxCodeUseDefault"], read["defNomCodeUseDefault"]) == (
        "4",
        ticked,
        not ticked,
    )


def test_check_names_customers_abroad_whose_code_does_not_settle_it(bench: Bench) -> None:
    customer(bench, "EXPORT01", countryCode="US", defTaxCode=1)
    customer(bench, "EUCUST01", countryCode="DE", defTaxCode=4)
    customer(bench, "EUCUST02", countryCode="FR", defTaxCode=4, defTaxCodeUseDefault=True)
    customer(bench, "HOME0001", countryCode="GB", defTaxCode=1)
    customer(bench, "GONE0001", countryCode="US", defTaxCode=1)
    bench.admin.delete("/customers/GONE0001?keep=1")
    assert [(one.level, one.message) for one in named(bench)] == [
        (
            "warning",
            "“Use default” is not ticked for the tax code of EUCUST01 (DE, T4), EXPORT01 (US, T1): a line "
            "with a product of its own takes the product's code, not theirs. Tick it in Sage 50 where "
            "theirs is right.",
        ),
        (
            "warning",
            "The tax code of EXPORT01 (US, T1) charges VAT: correct it in Sage 50 where none is due.",
        ),
    ]


def test_check_is_content_where_every_customer_abroad_is_settled(bench: Bench) -> None:
    customer(bench, "EUCUST02", countryCode="FR", defTaxCode=4, defTaxCodeUseDefault=True)
    assert [(one.level, one.message) for one in named(bench)] == [
        ("ok", "1 customer, each with a tax code that counts.")
    ]


def test_check_reads_only_so_many_and_says_so(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abroad, "MOST", 1)
    for number in range(3):
        customer(bench, f"US{number}", countryCode="US", defTaxCode=0, defTaxCodeUseDefault=True)
    bench.calls()
    found = named(bench)
    assert bench.calls()["GET customer"] == 1
    assert [one.message for one in found] == [
        "2 more customers abroad were not looked at: look at them in Sage 50."
    ]
