"""What SugarCRM says of its fields, currencies and hooks, and what is missing there."""

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.errors import (
    MissingField,
)
from shared.ports import Condition
from shared.systems.sugarcrm.hooks import register_hooks
from shared.systems.sugarcrm.rest import SugarV11
from tests.contract.sugarcrm.world import Bench, all_records
from tests.unit.systems.sugarcrm.fakes import (
    ACCOUNT,
    ORDERS,
)


def test_check_finds_the_missing_field_and_says_where_to_make_it(bench: Bench) -> None:
    good = bench.system().check([ORDERS])
    assert {finding.level for finding in good} == {"ok"}
    spec = replace(
        ORDERS, fields=("name", "sage_no_c"), related=(replace(ACCOUNT, fields=("sage_ref_c",)),), where=()
    )
    bad = [finding for finding in bench.system().check([spec]) if finding.level == "error"]
    assert [finding.subject for finding in bad] == ["Opportunities.sage_no_c", "Accounts.sage_ref_c"]
    assert "Studio > Opportunities" in bad[0].message


def test_check_warns_of_a_condition_that_sugarcrm_ignores(bench: Bench) -> None:
    spec = replace(ORDERS, where=(Condition("account_name", "equals", "Account 0 Ltd"), *ORDERS.where))
    found = bench.system().check([spec])
    if (
        bench.api == "v4_1"
    ):  # its metadata does not tell, and its query is SQL: a wrong name is an error there
        return
    warned = [finding for finding in found if finding.level == "warning"]
    assert [finding.subject for finding in warned] == ["Opportunities.account_name"]
    assert "ignores the condition" in warned[0].message


def test_a_missing_field_never_reads_as_blank(bench: Bench) -> None:
    bench.seed(1)
    with pytest.raises(MissingField, match="sage_no_c" if bench.api == "v4_1" else "."):
        bench.system().read(replace(ORDERS, fields=("name", "sage_no_c")), ["opp-0000"])
    with pytest.raises(MissingField):
        all_records(bench.system(), replace(ORDERS, where=(Condition("sage_no_c", "blank"),)))


def test_a_misspelt_link_never_reads_as_blank(bench: Bench) -> None:
    bench.seed(1)
    with pytest.raises(MissingField):
        bench.system().read(replace(ORDERS, related=(replace(ACCOUNT, link="acounts"),)), ["opp-0000"])


def test_currencies_name_the_base(bench: Bench) -> None:
    bench.server.seed(
        "Currencies",
        [
            {
                "id": "eur-1",
                "name": "Euro",
                "symbol": "€",
                "iso4217": "EUR",
                "conversion_rate": 1.25,
                "status": "Active",
            }
        ],
    )
    rows = bench.system().table("currencies")
    assert [(row["id"], row["iso"], row["base"]) for row in rows] == [
        ("-99", "GBP", "1"),
        ("eur-1", "EUR", "0"),
    ]
    assert Decimal(rows[1]["rate"]) == Decimal("1.25")


def test_describe_gives_types_and_lengths(bench: Bench) -> None:
    fields = bench.system().describe("Opportunities")
    assert fields is not None
    assert (fields["sales_order_no_c"].type, fields["sales_order_no_c"].length) == ("varchar", 50)
    assert fields["amount"].required
    assert bench.system().describe("NoSuchModule") is None


def test_hooks_are_registered_replaced_and_removed(bench: Bench) -> None:
    if bench.api != "v11":
        pytest.skip("v4_1 has no web logic hooks")
    system = bench.system()
    assert isinstance(system, SugarV11)
    first = register_hooks(
        system,
        lambda name, event: f"https://hooks.example/a?object={name}&event={event}",
        ["Opportunities", "Accounts"],
    )
    assert [finding.level for finding in first] == ["ok"] * 4
    second = register_hooks(
        system, lambda name, event: f"https://hooks.example/b?object={name}&event={event}", ["Opportunities"]
    )
    assert (
        sorted(finding.message for finding in second)
        == ["The web logic hook was registered."] * 2
        + ["The web logic hook was removed, no longer needed."] * 2
    )
    third = register_hooks(
        system, lambda name, event: f"https://hooks.example/b?object={name}&event={event}", ["Opportunities"]
    )
    assert [finding.message for finding in third] == ["The web logic hook is registered already."] * 2
    assert "hooks.example" not in bench.recorder.everything
