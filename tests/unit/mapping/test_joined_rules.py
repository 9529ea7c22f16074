"""What a flow may say of records that both sides have, and what an integrator reads who gets it wrong."""

import pytest

from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow

NAME = "sage_sales_management--sage_50"


def account(text: str) -> object:
    return compile_flow(NAME, {f"flows/{NAME}.toml": text}).entities["account"]


def test_the_shipped_flow_gives_joined_customers_to_sage() -> None:
    flow = compile_flow(NAME).entities["account"]
    assert flow.joined is not None and flow.joined.source == "sage_50"
    assert flow.numbering is not None and flow.numbering.path == "accountRef"
    assert flow.once_deleted("sage_50") == "archive"
    assert flow.once_deleted("sage_sales_management") == "keep"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[account.joined]\ndirection = "both"', 'write "from sage_sales_management" or "from sage_50"'),
        ('[account.joined]\ndirection = "from vtiger"', '"vtiger" is not a system of this flow'),
        ('[account.joined]\nfield = "colour"', '"colour" is not read from sage_50'),
        ('[account.numbering]\nsystem = "sage"', '"sage" is not a system of this flow'),
        ('[account.numbering]\nfield = "balance"', '"balance" is not written to sage_50'),
        ('[account.numbering]\nmask = "ABC"', "needs its digits"),
        ('[sales_order]\nturned_from = "offer"', '"offer" is not in this flow; allowed: '),
        ('[account]\ndeletes = { vtiger = "keep" }', '"vtiger" is not a system of this flow'),
    ],
)
def test_what_is_wrong_is_named(text: str, said: str) -> None:
    with pytest.raises(RuleInvalid) as no:
        account(text)
    assert said in str(no.value)
