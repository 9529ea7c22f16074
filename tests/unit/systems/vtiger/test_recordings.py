"""Answers of real Vtiger servers (8.1.0 and 8.4.0), put through the connector."""

from decimal import Decimal
from typing import Any

import pytest

from shared.errors import MissingPermission, OutcomeUnknown, RecordRejected, SyncError, Unavailable
from shared.ports import Gone, ObjectSpec, Patch, Snapshot
from shared.systems.vtiger.lines import read_lines
from shared.systems.vtiger.taxes import tax_of
from tests.unit.systems.vtiger.fakes import (
    ACCOUNT,
    CONTACT,
    INVOICE,
    LINE_KEYS,
    PRODUCT,
    SERVICE,
    VERSIONS,
    Bench,
    Recorded,
    result_of,
)

both = pytest.mark.parametrize("version", VERSIONS)
ODD = """O'Brien & Sons <Test> "Ltd" é£"""


def bench(version: str, **answers: str) -> tuple[Bench, Recorded]:
    """`answers`: operation, with _ before the words that a call must hold, -> recording."""
    server = Recorded(version, {key.replace("__", " "): name for key, name in answers.items()})
    return Bench(answer=server), server


@both
def test_sign_in_and_an_organisation_created_changed_and_read(version: str) -> None:
    made, server = bench(
        version, create="create_Accounts", revise="revise_Accounts_partial", query="query_Accounts"
    )
    system = made.system()
    new = system.create(ACCOUNT, {"accountname": ODD, "phone": "+44 20 7946 0000"}, "k")
    assert new.id == result_of(version, "create_Accounts")["id"]
    assert (new.values["accountname"], new.values["bill_street"]) == (ODD, "1 High Street\nUnit 2")
    assert new.version == result_of(version, "create_Accounts")["modifiedtime"].replace(" ", "T") + "+00:00"
    assert server.sent("create") == [
        {"accountname": ODD, "phone": "+44 20 7946 0000", "assigned_user_id": "19x1"}
    ]
    (changed,) = system.update(ACCOUNT, [Patch(new.id, {"phone": "+44 113 111 1111"})])
    assert isinstance(changed, Snapshot)
    assert changed.values["phone"] == "+44 113 111 1111"
    listed = system.read(ACCOUNT, ["11x2", "11x3"])
    assert isinstance(listed["11x2"], Snapshot)
    assert isinstance(listed["11x3"], Gone)
    assert system.lacks(ACCOUNT) == frozenset({"@VAT number", "@Sage reference"})
    assert [call["operation"] for call in server.calls[:3]] == ["getchallenge", "login", "describe"]


def test_a_custom_field_is_found_by_its_label() -> None:
    made, server = bench(
        "8.4.0",
        describe="describe_Accounts_with_custom_fields",
        create="create_Accounts",
        query="query_Accounts",
    )
    system = made.system()
    assert system.lacks(ACCOUNT) == frozenset({"@VAT number"})
    system.create(ACCOUNT, {"accountname": "A", "@VAT number": "GB1", "@Sage reference": "SMITH001"}, "k")
    assert server.sent("create") == [{"accountname": "A", "cf_854": "SMITH001", "assigned_user_id": "19x1"}]
    system.read(ACCOUNT, ["11x2"])
    assert "cf_854" in server.calls[-1]["query"]


@both
def test_a_product_with_a_tax(version: str) -> None:
    made, server = bench(
        version, create="create_Products_with_tax", query__Tax="query_Tax", query__Currency="query_Currency"
    )
    new = made.system().create(
        PRODUCT, {"productname": "Taxed 2", "unit_price": Decimal("10.00"), "tax": "20"}, "k"
    )
    assert (new.values["tax"], new.values["unit_price"], new.values["discontinued"]) == (
        "20.000",
        "10.00000000",
        "0",
    )
    assert server.sent("create") == [
        {"productname": "Taxed 2", "unit_price": "10.00", "assigned_user_id": "19x1", "tax1": "20"}
    ]


@both
@pytest.mark.parametrize(
    "spec, name", [(CONTACT, "create_Contacts"), (PRODUCT, "create_Products"), (SERVICE, "create_Services")]
)
def test_all_values_are_texts(version: str, spec: ObjectSpec, name: str) -> None:
    made, _ = bench(version, create=name, query__Tax="query_Tax", query__Currency="query_Currency")
    new = made.system().create(spec, {spec.label_paths[-1]: "A"}, "k")
    assert set(spec.fields) <= new.values.keys()
    assert all(isinstance(value, str) for value in new.values.values())
    assert "None" not in new.values.values()


@pytest.mark.parametrize(
    "version, name, taxes, discounts, shipping",
    [
        ("8.1.0", "retrieve_Invoice", ["", ""], ["2.50", "5.00000000"], "0"),
        ("8.1.0", "retrieve_Invoice_group_tax", ["20.000", "20.000"], ["0", "0"], "0"),
        ("8.4.0", "retrieve_Invoice", ["20.000", "20.000"], ["0", "0"], "0"),
        ("8.4.0", "retrieve_Invoice_after_http_500", ["20.000"], ["0"], "0"),
    ],
)
def test_an_invoice(version: str, name: str, taxes: list[str], discounts: list[str], shipping: str) -> None:
    made, _ = bench(version, retrieve=name)
    record_id = result_of(version, name)["id"]
    found = made.system().read(INVOICE, [record_id])[record_id]
    assert isinstance(found, Snapshot)
    lines: Any = found.values["LineItems"]
    assert [line["tax"] for line in lines] == taxes
    assert [line["discount_amount"] for line in lines] == discounts
    assert all(set(line) == LINE_KEYS for line in lines)
    assert (lines[0]["product"], lines[0]["service"], lines[0]["name"]) == ("14x4", "", "Widget")
    if len(lines) > 1:
        assert (lines[1]["product"], lines[1]["service"]) == ("", "26x5")
    assert (found.values["shipping_tax"], found.values["deducted_tax"]) == (shipping, "0")
    assert "@Sage number" not in found.values


def test_which_taxes_count_is_told_by_the_totals_then_by_the_products() -> None:
    raw = result_of("8.1.0", "create_Invoice_individual_with_product_tax")
    asked: list[str] = []

    def enabled(item: str) -> frozenset[str]:
        asked.append(item)
        return frozenset({"tax1"}) if item == "14x29" else frozenset()

    assert [line["tax"] for line in read_lines(raw, "26", enabled)] == ["20.000", ""]
    assert asked == ["14x29", "26x5"]
    details = {"1": {"taxes": [{"taxname": "tax1", "percentage": "20.000"}]}, "2": {"netPrice2": "80.00"}}
    assert [
        line["tax"] for line in read_lines({**raw, "LineItems_FinalDetails": details}, "26", enabled)
    ] == ["20.000", ""]
    assert len(asked) == 2
    unknown = read_lines({**raw, "hdnSubTotal": "1"}, "26", enabled)
    assert [line["tax"] for line in unknown] == ["20.000", "20.000"]
    assert tax_of(result_of("8.1.0", "create_Products_with_tax")) == "20.000"


@both
def test_tables(version: str) -> None:
    made, _ = bench(version, query__Currency="query_Currency", query__Tax="query_Tax")
    system = made.system()
    assert system.table("currencies")[0] == {"id": "21x1", "iso": "GBP", "rate": "1", "base": "1"}
    assert [row["rate"] for row in system.table("tax_codes")][:3] == ["4.5", "10", "12.5"]


@both
@pytest.mark.parametrize(
    "name, operation, error, words",
    [
        (
            "error_create_duplicate_Accounts",
            "create",
            RecordRejected,
            "another record of Organizations with Organization Name “A”",
        ),
        ("error_create_missing_mandatory", "create", RecordRejected, "MANDATORY_FIELDS_MISSING"),
        ("error_create_missing_owner", "create", RecordRejected, "assigned_user_id does not have a value"),
        (
            "error_create_wrong_reference_module",
            "create",
            RecordRejected,
            "of a kind that the field does not accept",
        ),
        ("error_create_with_GET", "create", RecordRejected, "check the owner"),
        ("error_query_syntax", "query", SyncError, "Syntax Error on line 1"),
        ("error_query_unknown_field_in_select", "query", MissingPermission, "attribute denied"),
        ("error_query_unknown_module", "query", MissingPermission, "Nowhere"),
        ("error_unknown_operation_http_500", "query", Unavailable, "broke off"),
        ("error_unknown_operation_http_500", "create", OutcomeUnknown, "broke off"),
    ],
)
def test_errors(version: str, name: str, operation: str, error: type[SyncError], words: str) -> None:
    made, _ = bench(version, **{operation: name})
    with pytest.raises(error, match=words):
        if operation == "create":
            made.system().create(ACCOUNT, {"accountname": "A"}, "k")
        else:
            made.system().read(ACCOUNT, ["11x2"])


@both
@pytest.mark.parametrize(
    "name", ["error_retrieve_missing_id", "error_retrieve_deleted_id", "error_retrieve_wrong_prefix"]
)
def test_a_refused_record_is_gone_when_a_query_does_not_find_it_either(version: str, name: str) -> None:
    made, _ = bench(version, retrieve=name, query__Products="query_ProductTaxes")
    assert isinstance(made.system().read(PRODUCT, ["14x9"])["14x9"], Gone)


@both
def test_a_refused_record_that_a_query_does_find_is_not_gone(version: str) -> None:
    made, _ = bench(version, retrieve="error_retrieve_missing_id", query__Products="query_Products")
    with pytest.raises(MissingPermission):
        made.system().read(PRODUCT, ["14x4"])


@both
def test_a_deleted_record_is_not_written_to(version: str) -> None:
    made, _ = bench(version, revise="error_revise_deleted_id", query="query_ProductTaxes")
    (found,) = made.system().update(ACCOUNT, [Patch("11x9", {"phone": "1"})])
    assert isinstance(found, RecordRejected)
    assert "no longer exists in Vtiger" in str(found)


def test_lines_are_not_sent_to_8_4_and_its_refusal_is_explained_where_they_are() -> None:
    made, server = bench(
        "8.4.0",
        create="error_create_Invoice",
        revise="error_revise_Invoice_lines_http_500",
        retrieve__7x6="retrieve_Invoice",
        retrieve="create_Products_with_tax",
        query__Tax="query_Tax",
        query__Currency="query_Currency",
    )
    lines: Any = [{"product": "14x19", "quantity": "1", "listprice": "1", "tax": "20"}]
    values: Any = {"subject": "X", "account_id": "11x2", "bill_street": "1", "LineItems": lines}
    with pytest.raises(RecordRejected, match=r"8\.4\.0 cannot take"):
        made.system().create(INVOICE, values, "k")
    assert server.sent("create") == []
    brave = made.system(line_writes="yes")
    with pytest.raises(RecordRejected, match=r"8\.3 and later"):
        brave.create(INVOICE, values, "k")
    assert server.sent("create")[0] | {"assigned_user_id": ""} == {
        "subject": "X",
        "account_id": "11x2",
        "bill_street": "1",
        "ship_street": "1",
        "assigned_user_id": "",
        "hdnTaxType": "individual",
        "currency_id": "21x1",
        "conversion_rate": "1.00000",
        "productid": "14x19",
        "LineItems": [
            {"productid": "14x19", "quantity": "1", "listprice": "1", "tax1": "20", "tax2": "0", "tax3": "0"}
        ],
    }
    (found,) = brave.update(INVOICE, [Patch("7x6", {"LineItems": [{**lines[0], "tax": "20.000"}]})])
    assert isinstance(found, OutcomeUnknown)
    sent = server.sent("revise")[0]
    assert (sent["hdnTaxType"], sent["hdnDiscountAmount"], sent["txtAdjustment"]) == (
        "group",
        "5.00000000",
        "0.00000000",
    )
    assert "hdnDiscountPercent" not in sent


def test_deletions_of_a_server_whose_sync_was_mended() -> None:
    made, server = bench("8.4.0", query="query_Accounts", sync__application="sync_Accounts_application")
    system = made.system()
    cursor = list(system.changes(ACCOUNT, None))[-1].cursor
    made.clock.sleep(4000)
    (page,) = system.changes(ACCOUNT, cursor)
    gone = [record.id for record in page.records if isinstance(record, Gone)]
    assert gone == result_of("8.4.0", "sync_Accounts_application")["deleted"]
    assert page.cursor["deleted_since"] == result_of("8.4.0", "sync_Accounts_application")["lastModifiedTime"]
    assert server.calls[-1]["syncType"] == "application"


@both
def test_a_server_whose_sync_fails_still_lists(version: str) -> None:
    made, server = bench(version, query="query_Accounts", sync="error_sync_http_500")
    system = made.system()
    cursor = list(system.changes(ACCOUNT, None))[-1].cursor
    for _ in range(3):
        made.clock.sleep(4000)
        (page,) = system.changes(ACCOUNT, cursor)
        cursor = page.cursor
        assert page.last
    assert [call["operation"] for call in server.calls].count("sync") == 1
