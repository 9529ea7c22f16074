"""`deletes = "delete"`: where it may be written, and what it means for either side."""

import pytest

from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow

SALES, VTIGER = "sage_sales_management--sage_50", "vtiger--sage_accounting"


def test_one_word_for_both_sides_deletes_where_that_can_be_done_and_keeps_elsewhere() -> None:
    flow = compile_flow(SALES, {f"flows/{SALES}.toml": '[account]\ndeletes = "delete"\ndelete_days = 14'})
    account = flow.entities["account"]
    assert (account.once_deleted("sage_50"), account.once_deleted("sage_sales_management")) == (
        "delete",
        "keep",
    )
    assert (account.delete_days, flow.entities["contact"].delete_days) == (14, 7)


def test_by_default_nothing_is_deleted() -> None:
    for name, entity in compile_flow(SALES, {}).entities.items():
        assert {entity.once_deleted(one) for one in entity.maps} <= {"keep", "archive", "hold"}, name


@pytest.mark.parametrize(
    "flow, rules, words",
    [
        (SALES, '[account]\ndeletes = { sage_sales_management = "delete" }', "ever deleted in sage_50"),
        (SALES, '[product]\ndeletes = "delete"', "nothing is ever deleted in"),
        (SALES, '[invoice]\ndeletes = { sage_50 = "delete" }', "ever deleted in sage_sales_management"),
        (VTIGER, '[account]\ndeletes = "delete"', "ever deleted in vtiger or sage_accounting"),
        (VTIGER, '[contact]\ndeletes = { sage_accounting = "delete" }', "ever deleted in vtiger"),
        (SALES, '[account]\ndeletes = "delete"\ndelete_days = 0', "delete_days"),
    ],
)
def test_it_is_refused_where_nothing_is_deleted(flow: str, rules: str, words: str) -> None:
    with pytest.raises(RuleInvalid, match=words):
        compile_flow(flow, {f"flows/{flow}.toml": rules})
