"""The parts of the connector that call nobody: language, values, taxes, lines, versions."""

from decimal import Decimal
from typing import Any

import pytest

from shared.errors import RecordRejected
from shared.systems.vtiger.documents import refuses_lines
from shared.systems.vtiger.language import begins_like, is_one_of, is_plain, portions, select
from shared.systems.vtiger.lines import discount_of, read_lines, shipping_tax
from shared.systems.vtiger.reference import Tax
from shared.systems.vtiger.taxes import still_on, switches, tax_of
from shared.systems.vtiger.values import as_stored, group, native, normalise_id, sendable, version_of

TAXES = [
    Tax("tax1", "VAT", Decimal("20")),
    Tax("tax2", "Reduced", Decimal("5")),
    Tax("tax3", "Other", Decimal("12.5")),
]


def test_queries_as_the_server_takes_them() -> None:
    assert select(["id", "accountname"], "Accounts", ["", is_one_of("accountname", ["O'Brien"])]) == (
        "SELECT id, accountname FROM Accounts WHERE accountname = 'O''Brien' ORDER BY id LIMIT 0, 100;"
    )
    assert is_one_of("id", ["11x2", "11x3"]) == "id IN ('11x2', '11x3')"
    assert begins_like("n", "A\\B & C") == "n LIKE 'A_B %'"
    assert begins_like("n", "<b") == ""
    assert [is_plain(text) for text in ("a'b", "a\\b", "a\nb", "")] == [True, False, False, False]


def test_long_lists_are_asked_for_in_parts() -> None:
    found = list(portions([f"Ж{number}" * 30 for number in range(60)]))
    assert sum(len(part) for part in found) == 60
    assert len(found) > 2
    assert [len(part) for part in portions([str(number) for number in range(150)])] == [100, 50]


@pytest.mark.parametrize(
    "given, wanted",
    [
        ("123", "11x123"),
        ("11x123", "11x123"),
        (" 123 ", "11x123"),
        ("12x5", "12x5"),
        ("abc", "abc"),
        ("", ""),
        ("١x٢", "١x٢"),
    ],
)
def test_ids(given: str, wanted: str) -> None:
    assert normalise_id("11", given) == wanted


def test_values() -> None:
    assert [native(value) for value in (None, "", True, 80, Decimal("1E+2"), "0")] == [
        "",
        "",
        "1",
        "80",
        "100",
        "0",
    ]
    assert sendable("A 🏗\0 Ünï") == "A  Ünï"
    assert version_of("2026-11-21 23:03:49") == "2026-11-21T23:03:49+00:00"
    assert version_of("") is None
    assert as_stored("A &amp; B ", "a & b")
    assert as_stored("L" * 120, "L" * 100)
    assert not as_stored("Smith Ltd", "Smith")
    assert group(["ACME", "b"], [{"n": "acme "}, {"n": None}], lambda row: row["n"]) == {
        "ACME": [{"n": "acme "}],
        "b": [],
    }


@pytest.mark.parametrize(
    "wanted, raw, sent",
    [
        ("20", {}, {"tax1": "20"}),
        ("5.000", {"tax1": "20.000"}, {"tax1": "", "tax2": "5"}),
        ("17.5", {}, {"tax1": "17.5"}),
        ("17.5", {"tax1": "20.000", "tax3": "17.500"}, {"tax1": "", "tax3": "17.5"}),
        ("20", {"tax3": "20.000"}, {"tax3": "20.000"}),
        ("20", {"tax1": "20.000", "tax2": "0.000"}, {"tax1": "20.000", "tax2": "0.000"}),
        ("", {"tax1": "20.000", "tax2": "5.000"}, {"tax1": "", "tax2": ""}),
        (None, {}, {}),
        ("20+5", {}, {"tax1": "20", "tax2": "5"}),
        ("0", {}, {"tax1": "0"}),
    ],
)
def test_a_tax_goes_where_its_rate_is_at_home(wanted: Any, raw: dict[str, str], sent: dict[str, str]) -> None:
    assert switches(wanted, raw, TAXES) == sent


def test_a_tax_that_will_not_go_off_gets_the_rate_zero() -> None:
    assert still_on({"tax1": "", "tax2": "5"}, {"tax1": "20.000", "tax2": "5.000"}) == {"tax1": "0"}
    assert tax_of({"tax1": "0.000", "tax2": "5.000", "tax3": None}) == "5.000"
    assert tax_of({"tax1": "0.000"}) == "0.000"
    with pytest.raises(RecordRejected, match="no active tax"):
        switches("20", {}, [])
    with pytest.raises(RecordRejected, match="is not a tax rate"):
        switches("VAT", {}, TAXES)


def test_lines_come_in_order_with_exact_discounts() -> None:
    assert (
        discount_of({"quantity": "3.000", "listprice": "0.35000000", "discount_percent": "10.000"}) == "0.11"
    )
    assert discount_of({"discount_amount": "5.00000000", "discount_percent": "10.000"}) == "5.00000000"
    assert (
        discount_of({"quantity": "1", "listprice": "1", "discount_percent": None, "discount_amount": None})
        == "0"
    )
    rows = [
        {"productid": "26x5", "sequence_no": "10", "tax1": "0.000"},
        {"productid": "14x4", "sequence_no": 2, "deleted": "1"},
    ]
    first, second = read_lines({"LineItems": rows, "hdnTaxType": "group"}, "26", lambda item: frozenset())
    assert (first["product"], first["deleted"]) == ("14x4", "1")
    assert (second["service"], second["tax"], "deleted" in second) == ("26x5", "", False)
    assert read_lines({}, "26", lambda item: frozenset()) == []


def test_tax_on_shipping_needs_shipping() -> None:
    assert shipping_tax({"hdnS_H_Amount": "0.00000000", "shipping_&_handling_shtax1": "4.500"}) == "0"
    assert (
        shipping_tax(
            {"hdnS_H_Amount": "4", "shipping_&_handling_shtax1": Decimal("4.5"), "hdnS_H_Percent": "0.8"}
        )
        == "5.3"
    )


@pytest.mark.parametrize(
    "version, cloud, choice, refused",
    [
        ("8.1.0", False, "auto", False),
        ("8.2.0", False, "auto", False),
        ("7.5.0", False, "auto", False),
        ("8.3.0", False, "auto", True),
        ("8.4.0", False, "auto", True),
        ("10.0", False, "auto", True),
        ("", False, "auto", True),
        ("8.4.0", False, "yes", False),
        ("8.1.0", False, "no", True),
        ("", True, "auto", False),
        ("", True, "no", True),
    ],
)
def test_which_servers_take_lines(version: str, cloud: bool, choice: str, refused: bool) -> None:
    assert bool(refuses_lines(version, cloud, choice)) is refused
