"""The flows' pages have the fields, directions and lengths that the program has."""

from pathlib import Path

import pytest

from local.docs.field_tables import pages, renewed, tables

DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize("flow", pages())
def test_the_page_has_the_fields_that_the_rule_files_have(flow: str) -> None:
    page = (DOCS / pages()[flow]).read_text("utf-8")

    assert page == renewed(page, flow), "run `make docs`"


def test_a_field_stands_with_its_names_its_direction_and_its_limits() -> None:
    table = tables("vtiger--sage_accounting")

    assert "| reference | “Sage reference” (custom field) | ⇄ | `reference` |" in table
    assert "| in stock | `qtyinstock` | ← | `quantity_in_stock` |  |" in table
    assert "at most 25 characters in Sage Accounting" in table


def test_what_only_a_rule_reads_has_no_row() -> None:
    assert "hdnTaxType" not in tables("vtiger--sage_accounting")


def test_a_page_without_its_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks"):
        renewed("# A page\n", "vtiger--sage_accounting")
