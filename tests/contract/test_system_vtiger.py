"""The promises of `ports.System`, kept by the Vtiger connector against the emulated server over real HTTP:
both versions of the webservice, and the cloud."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.errors import (
    BadCredentials,
    Halt,
    MissingField,
    MissingPermission,
    OutcomeUnknown,
    RateLimited,
    RecordRejected,
    StaleVersion,
    SyncError,
    Unavailable,
)
from shared.ports import Gone, Hint, ObjectSpec, Page, Patch, Snapshot, Traces
from tests.contract.vtiger_bench import DOORS, Server
from tests.unit.systems.vtiger.fakes import ACCOUNT, CONTACT, INVOICE, LINE_KEYS, PRODUCT, SECRET, SERVICE

ODD = """O'Neil & "Sons" <Ltd> Ünï \\ 100% ; Привет"""


@pytest.fixture(scope="module")
def servers() -> Iterator[dict[str, Server]]:
    """Started once: each test gets its own emptied."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(Server(*door)) for name, door in DOORS.items()}


@pytest.fixture(params=sorted(DOORS))
def server(request: pytest.FixtureRequest, servers: dict[str, Server]) -> Server:
    return emptied(servers[request.param])


@pytest.fixture
def old(servers: dict[str, Server]) -> Server:
    """8.1.0, which takes lines."""
    return emptied(servers["8.1.0"])


@pytest.fixture
def new(servers: dict[str, Server]) -> Server:
    """8.4.0, which does not."""
    return emptied(servers["8.4.0"])


@pytest.fixture
def cloud(servers: dict[str, Server]) -> Server:
    return emptied(servers["cloud"])


def emptied(server: Server) -> Server:
    server.reset()
    return server


def pages(server: Server, spec: ObjectSpec, cursor: Any = None, size: int | None = None) -> list[Page]:
    return list(server.system.changes(spec, cursor, size))


def ids(found: list[Page]) -> list[str]:
    return [record.id for page in found for record in page.records if not isinstance(record, Gone)]


def fault_of(server: Server, spec: ObjectSpec, patch: Patch) -> SyncError:
    found = server.system.update(spec, [patch])[0]
    assert isinstance(found, SyncError), found
    return found


def snap(found: Any) -> Snapshot:
    assert isinstance(found, Snapshot), found
    return found


# ------------------------------------------------------------ sign-in and check


def test_check_names_what_is_wrong_and_nothing_else(server: Server) -> None:
    lacking = replace(ACCOUNT, fields=(*ACCOUNT.fields, "acountname", "@Colour"))
    found = server.system.check([lacking, CONTACT, PRODUCT, SERVICE, INVOICE])
    wrong = {one.subject: one for one in found if one.level != "ok"}
    assert (
        {"Accounts.acountname", "Accounts.@Colour"}
        <= wrong.keys()
        <= {"Accounts.acountname", "Accounts.@Colour", "deletions", "invoice lines"}
    )
    assert wrong["Accounts.acountname"].level == "error"
    assert "systems/vtiger/account.toml" in wrong["Accounts.acountname"].message
    assert wrong["Accounts.@Colour"].level == "warning"
    assert "Add Custom Field" in wrong["Accounts.@Colour"].message
    assert ("invoice lines" in wrong) == (server.version == "8.4.0" and server.door == "webservice")


def test_no_secret_is_archived(server: Server) -> None:
    server.system.check([ACCOUNT])
    server.system.create(ACCOUNT, {"accountname": "A"}, "k")
    assert SECRET["access_key"] not in server.bench.recorder.everything
    stored = server.bench.stores.tokens.load("vtiger")
    assert (stored is None) == (server.door == "cloud")
    if stored is not None:
        assert stored.value["session"] not in server.bench.recorder.everything


def test_a_wrong_key_is_bad_credentials(server: Server) -> None:
    server.bench.secret["access_key"] = "wrong"
    with pytest.raises(BadCredentials, match=r"access key|Invalid username"):
        server.system.read(ACCOUNT, ["11x2"])
    assert [one.level for one in server.system.check([])] == ["error"]


def test_a_clerk_is_warned_about(server: Server) -> None:
    server.bench.secret.update(user="clerk", access_key="ClerkAccessKey01")
    found = {one.subject: one.level for one in server.system.check([ACCOUNT])}
    assert found["rights"] == "warning"


@pytest.mark.parametrize("api", ["webservice", "cloud"])
def test_a_wrong_address_is_said_to_be_one(api: str, new: Server, cloud: Server) -> None:
    (found,) = (cloud if api == "webservice" else new).bench.system(api=api).check([])
    assert found.level == "error"
    assert "check url and api" in found.message


def test_functions_share_one_session(old: Server) -> None:
    for owner in ("a", "b", "c"):
        old.bench.system(owner).read(ACCOUNT, ["11x2"])
    assert old.called("login") == 1
    old.admin("POST", "expire")
    for owner in ("a", "b"):
        old.bench.system(owner).read(ACCOUNT, ["11x2"])
    assert old.called("login") == 2


def test_a_session_that_ends_before_a_write_is_renewed_and_the_write_made_once(old: Server) -> None:
    old.system.create(ACCOUNT, {"accountname": "First"}, "k")
    old.fault("expired_session", operation="create")
    old.system.create(ACCOUNT, {"accountname": "Second"}, "k")
    assert [row["accountname"] for row in old.records("Accounts")] == ["First", "Second"]


def test_an_unknown_option_halts(old: Server) -> None:
    with pytest.raises(Halt, match="line_writes"):
        old.bench.system(line_writes="perhaps")


# ------------------------------------------------------------ reading


def test_what_is_not_there_is_gone_and_only_that(server: Server) -> None:
    kept, lost = (
        server.save("Accounts", {"accountname": "Kept"}),
        server.save("Accounts", {"accountname": "Lost"}),
    )
    product = server.save("Products", {"productname": "P", "tax1": "20"})
    server.admin("DELETE", f"records/Accounts/{lost}")
    number = kept.split("x")[1]
    found = server.system.read(ACCOUNT, [kept, number, lost, "11x999", "nonsense", product])
    assert {asked: type(one).__name__ for asked, one in found.items()} == {
        kept: "Snapshot",
        number: "Snapshot",
        lost: "Gone",
        "11x999": "Gone",
        "nonsense": "Gone",
        product: "Gone",
    }
    assert snap(found[number]).id == kept
    assert server.system.canonical_id(ACCOUNT, number) == kept
    items = server.system.read(PRODUCT, [product, kept, "14x999"])
    assert [type(one).__name__ for one in items.values()] == ["Snapshot", "Gone", "Gone"]
    assert snap(items[product]).values["tax"] == "20.000"


def test_a_module_that_shows_nothing_deletes_nothing(server: Server) -> None:
    made = server.system.create(ACCOUNT, {"accountname": "A"}, "k")
    asked = [made.id, "11x90", "11x91", "11x92"]
    assert isinstance(server.system.read(ACCOUNT, asked)["11x92"], Gone)
    server.admin("DELETE", f"records/Accounts/{made.id}")
    with pytest.raises(Unavailable, match="no others"):
        server.system.read(ACCOUNT, asked)
    with pytest.raises(Unavailable, match="no others"):
        server.system.read(PRODUCT, ["14x90", "14x91", "14x92", "14x93"])


def test_a_refusal_is_never_a_deletion(server: Server) -> None:
    made = server.system.create(PRODUCT, {"productname": "P"}, "k")
    refused = replace(PRODUCT, object="Nowhere")
    with pytest.raises(MissingPermission):
        server.system.read(refused, [made.id])
    with pytest.raises(MissingField, match="nosuch"):
        server.system.read(replace(ACCOUNT, fields=("nosuch",)), ["11x2"])


@pytest.mark.parametrize("kind", ["500", "html", "truncated_json", "lost_request", "503"])
def test_a_server_in_trouble_is_unavailable_whatever_it_says(server: Server, kind: str) -> None:
    made = server.system.create(PRODUCT, {"productname": "P"}, "k")
    server.fault(kind, times=1, operation="retrieve")
    with pytest.raises(Unavailable):
        server.system.read(PRODUCT, [made.id])
    assert isinstance(server.system.read(PRODUCT, [made.id])[made.id], Snapshot)


def test_120_records_are_read_in_two_calls(server: Server) -> None:
    made = server.save_all("Accounts", [{"accountname": f"A{number}"} for number in range(120)])
    server.system.read(ACCOUNT, made[:1])
    server.forget_calls()
    found = server.system.read(ACCOUNT, made)
    assert all(isinstance(one, Snapshot) for one in found.values())
    assert server.called("query") == 2


def test_finding_is_as_the_database_compares(server: Server) -> None:
    made = server.system.create(ACCOUNT, {"accountname": ODD, "@Sage reference": "SMITH001"}, "k")
    twins = server.save_all(
        "Contacts", [{"lastname": "Smith", "firstname": str(number)} for number in range(130)]
    )
    found = server.system.find(ACCOUNT, "accountname", [ODD.upper(), "nobody's", ""])
    assert [one.id for one in found[ODD.upper()]] == [made.id]
    assert found["nobody's"] == found[""] == []
    assert [one.id for one in server.system.find(ACCOUNT, "@Sage reference", ["smith001"])["smith001"]] == [
        made.id
    ]
    assert len(server.system.find(CONTACT, "lastname", ["SMITH"])["SMITH"]) == len(twins)
    assert server.system.find(ACCOUNT, "id", [made.id])[made.id][0].id == made.id
    product = server.system.create(PRODUCT, {"productname": "P", "productcode": "X-1", "tax": "20"}, "k")
    assert server.system.find(PRODUCT, "productcode", ["x-1"])["x-1"][0].values["tax"] == "20.000"
    assert product.id


def test_tables(server: Server) -> None:
    assert server.system.table("currencies") == [{"id": "21x1", "iso": "GBP", "rate": "1", "base": "1"}]
    assert server.system.table("tax_codes")[0] == {"id": "tax1", "rate": "4.5", "name": "VAT"}


def test_a_label_that_no_field_bears_is_lacking(server: Server) -> None:
    spec = replace(ACCOUNT, fields=("accountname", "@vat NUMBER", "@Colour"))
    assert server.system.lacks(spec) == frozenset({"@Colour"})
    made = server.system.create(spec, {"accountname": "A", "@vat NUMBER": "GB1", "@Colour": "red"}, "k")
    assert made.values["@vat NUMBER"] == "GB1"
    assert "@Colour" not in made.values


# ------------------------------------------------------------ writing


def test_texts_survive_but_for_what_vtiger_cannot_keep(server: Server) -> None:
    street = "1 High Street\r\nUnit \\2\tB"
    made = server.system.create(
        ACCOUNT, {"accountname": f"{ODD} 🏗", "bill_street": street, "phone": "1"}, "k"
    )
    assert made.values["accountname"] == f"{ODD} ".strip() or made.values["accountname"] == f"{ODD} "
    again = snap(server.system.read(ACCOUNT, [made.id])[made.id])
    assert again.values["bill_street"] == street
    assert again.values == made.values
    long = snap(server.system.update(ACCOUNT, [Patch(made.id, {"accountname": "L" * 130})])[0])
    assert long.values["accountname"] == "L" * 100
    assert long.values["phone"] == "1"


def test_a_field_that_is_not_there_is_never_sent(server: Server) -> None:
    with pytest.raises(MissingField, match="emial1"):
        server.system.create(ACCOUNT, {"accountname": "A", "emial1": "a@b.example"}, "k")
    assert server.records("Accounts") == []


def test_refusals_are_sentences(server: Server) -> None:
    made = server.system.create(ACCOUNT, {"accountname": "Taken"}, "k")
    with pytest.raises(RecordRejected, match=r"already has another record of .*Organization Name “Taken”"):
        server.system.create(ACCOUNT, {"accountname": "Taken"}, "k")
    with pytest.raises(RecordRejected, match=r"MANDATORY_FIELDS_MISSING.*lastname"):
        server.system.create(CONTACT, {"firstname": "A"}, "k")
    product = server.system.create(PRODUCT, {"productname": "P"}, "k")
    with pytest.raises(RecordRejected, match="of a kind that the field does not accept"):
        server.system.create(CONTACT, {"lastname": "A", "account_id": product.id}, "k")
    assert isinstance(fault_of(server, ACCOUNT, Patch(made.id, {"accountname": ""})), RecordRejected)


def test_new_records_belong_to_the_integrations_user_or_to_whom_the_settings_name(server: Server) -> None:
    server.system.create(ACCOUNT, {"accountname": "A"}, "k")
    server.bench.system(owner="support group").create(ACCOUNT, {"accountname": "B"}, "k")
    server.bench.system(owner="20x3").create(ACCOUNT, {"accountname": "C"}, "k")
    assert [row["assigned_user_id"] for row in server.records("Accounts")] == ["19x5", "20x4", "20x3"]
    with pytest.raises(Halt, match="nobody"):
        server.bench.system(owner="nobody").create(ACCOUNT, {"accountname": "D"}, "k")


def test_an_update_changes_its_own_fields_only_and_answers_for_each_patch(server: Server) -> None:
    one = server.system.create(ACCOUNT, {"accountname": "One", "phone": "1", "email1": "a@b.example"}, "k")
    gone = server.system.create(ACCOUNT, {"accountname": "Gone"}, "k")
    server.admin("DELETE", f"records/Accounts/{gone.id}")
    answers = server.system.update(ACCOUNT, [Patch(gone.id, {"phone": "9"}), Patch(one.id, {"phone": ""})])
    assert isinstance(answers[0], RecordRejected)
    assert "no longer exists in Vtiger" in str(answers[0])
    assert snap(answers[1]).values["phone"] == ""
    assert snap(answers[1]).values["email1"] == "a@b.example"


@pytest.mark.parametrize("spec, field", [(ACCOUNT, "phone"), (PRODUCT, "description")])
def test_a_stale_reading_is_looked_at_again(server: Server, spec: ObjectSpec, field: str) -> None:
    server.freeze("2026-11-21T10:00:00")
    made = server.system.create(spec, {spec.label_paths[-1]: "A"}, "k")
    server.freeze("2026-11-21T10:00:07")
    server.save(spec.object, {"id": made.id, field: "theirs"})
    stale = Patch(made.id, {field: "ours"}, made.version, made.observed_at - timedelta(seconds=60))
    assert isinstance(fault_of(server, spec, stale), StaleVersion)
    assert isinstance(fault_of(server, spec, replace(stale, read_at=None)), StaleVersion)
    now = snap(server.system.read(spec, [made.id])[made.id])
    server.forget_calls()
    fresh = Patch(made.id, {field: "ours"}, now.version, now.observed_at)
    assert snap(server.system.update(spec, [fresh])[0]).values[field] == "ours"
    assert server.called("") == 1


def test_a_lost_answer_is_unknown_and_then_traced(server: Server) -> None:
    name = "L" * 120
    server.system.create(ACCOUNT, {"accountname": "Other"}, "k")
    server.save("Accounts", {"accountname": "L" * 99})
    for spec, values in (
        (ACCOUNT, {"accountname": name, "phone": "1"}),
        (CONTACT, {"lastname": "O'Brien & <Sons>", "firstname": ""}),
        (PRODUCT, {"productname": "W\\1", "productcode": "w-1"}),
    ):
        since = server.bench.clock.now()
        assert server.system.trace(spec, values, since).made == ()
        server.fault("lost_reply", operation="create")
        with pytest.raises(OutcomeUnknown):
            server.system.create(spec, values, "k")
        (found,) = server.system.trace(spec, values, since).made
        assert isinstance(server.system.read(spec, [found.id])[found.id], Snapshot)
        assert server.system.trace(spec, values, since + timedelta(hours=1)) == Traces()
        server.save(spec.object, {"id": found.id, spec.witness[0]: "changed since"})
        changed = server.system.trace(spec, values, since)
        assert changed.made == () and found.id in {one.id for one in changed.others}, (
            "ours, whatever it shows by now"
        )


def test_a_write_that_breaks_off_is_unknown(server: Server) -> None:
    server.system.create(ACCOUNT, {"accountname": "A"}, "k")
    for kind in ("500", "html", "truncated_json", "502"):
        server.fault(kind, operation="create")
        with pytest.raises(OutcomeUnknown):
            server.system.create(ACCOUNT, {"accountname": kind}, "k")


# ------------------------------------------------------------ taxes of products


def test_a_products_taxes_and_price_outlive_a_change(server: Server) -> None:
    made = server.system.create(
        PRODUCT, {"productname": "P", "unit_price": "12.50", "tax": "20", "discontinued": "1"}, "k"
    )
    assert (made.values["tax"], made.values["discontinued"]) == ("20.000", "1")
    changed = snap(server.system.update(PRODUCT, [Patch(made.id, {"description": "d"})])[0])
    again = snap(server.system.read(PRODUCT, [made.id])[made.id])
    for found in (changed, again):
        assert found.values["tax"] == "20.000"
        assert Decimal(str(found.values["unit_price"])) == Decimal("12.5")


def test_a_rate_goes_to_the_tax_of_that_rate_and_the_others_stop_counting(server: Server) -> None:
    made = server.system.create(PRODUCT, {"productname": "P", "tax": "20"}, "k")
    taken = snap(server.system.update(PRODUCT, [Patch(made.id, {"tax": "10.000"})])[0])
    assert taken.values["tax"] == "10.000"
    assert Decimal(server.record("Products", made.id)["tax2"]) == 10
    none = snap(server.system.update(PRODUCT, [Patch(made.id, {"tax": ""})])[0])
    assert none.values["tax"] in ("", "0.000")
    back = snap(server.system.update(PRODUCT, [Patch(made.id, {"tax": "20.000+10.000"})])[0])
    assert back.values["tax"] == "20.000+10.000"


def test_the_settings_choose_the_tax_for_other_rates(server: Server) -> None:
    made = server.bench.system(tax="Service").create(SERVICE, {"servicename": "S", "tax": "17.5"}, "k")
    assert Decimal(server.record("Services", made.id)["tax3"]) == Decimal("17.5")
    with pytest.raises(Halt, match="is not an active tax"):
        server.bench.system(tax="Sales Tax").create(SERVICE, {"servicename": "T", "tax": "1"}, "k")


# ------------------------------------------------------------ invoices


def goods(server: Server) -> tuple[str, str, str]:
    """An account, a product with tax1 at 20 %, and a service without tax."""
    return (
        server.save("Accounts", {"accountname": "A"}),
        server.save("Products", {"productname": "Widget", "unit_price": "12.50", "tax1": "20"}),
        server.save("Services", {"servicename": "Consulting", "unit_price": "80"}),
    )


def invoice(account: str, lines: list[dict[str, Any]], **values: Any) -> dict[str, Any]:
    return {
        "subject": "INV",
        "account_id": account,
        "invoicedate": "2026-11-01",
        "bill_street": "1 High Street",
        "hdnTaxType": "individual",
        "LineItems": lines,
        **values,
    }


@pytest.mark.parametrize("door", ["old", "cloud"])
def test_an_invoice_goes_in_and_comes_out_the_same(door: str, request: pytest.FixtureRequest) -> None:
    server: Server = request.getfixturevalue(door)
    account, product, service = goods(server)
    lines = [
        {
            "product": product,
            "quantity": "2",
            "listprice": "10.00",
            "discount_amount": "1.50",
            "tax": "20",
            "comment": "x",
        },
        {"service": service, "quantity": "1.5", "listprice": "80.00", "discount_amount": "0"},
    ]
    sent = invoice(account, lines, received="5.00", balance="137.20", **{"@Sage number": "7"})
    made = server.system.create(INVOICE, sent, "k")
    assert Decimal(str(made.values["hdnGrandTotal"])) == Decimal("142.20")
    assert (made.values["hdnTaxType"], made.values["currency_id"], made.values["@Sage number"]) == (
        "individual",
        "21x1",
        "7",
    )
    first, second = made.values["LineItems"]  # type: ignore[misc]
    assert set(first) == LINE_KEYS
    assert (first["product"], first["service"], first["tax"], first["comment"]) == (
        product,
        "",
        "20.000",
        "x",
    )
    assert (second["service"], second["tax"], second["discount_amount"]) == (service, "", "0")
    assert Decimal(first["discount_amount"]) == Decimal("1.5")
    assert server.record("Invoice", made.id)["ship_street"] == "1 High Street"
    paid = snap(server.system.update(INVOICE, [Patch(made.id, {"invoicestatus": "Paid", "balance": "0"})])[0])
    assert paid.values["LineItems"] == made.values["LineItems"]
    changed = [{**lines[0], "quantity": "3", "tax": "20.000"}]
    revised = snap(server.system.update(INVOICE, [Patch(made.id, {"LineItems": changed}, paid.version)])[0])
    assert Decimal(str(revised.values["hdnGrandTotal"])) == Decimal("34.20")
    assert (revised.values["hdnTaxType"], revised.values["invoicestatus"]) == ("individual", "Paid")
    assert revised.values == snap(server.system.read(INVOICE, [made.id])[made.id]).values


def test_a_header_is_kept_when_lines_are_replaced(old: Server) -> None:
    account, product, _ = goods(old)
    made = old.save(
        "Invoice",
        {
            "subject": "I",
            "account_id": account,
            "bill_street": "1",
            "ship_street": "1",
            "productid": product,
            "hdnTaxType": "group",
            "currency_id": "21x1",
            "conversion_rate": "1",
            "hdnS_H_Amount": "4.00",
            "txtAdjustment": "1.00",
            "hdnDiscountPercent": "5",
            "assigned_user_id": "19x1",
            "LineItems": [
                {
                    "productid": product,
                    "quantity": "1",
                    "listprice": "100",
                    "tax1": "20",
                    "tax2": "0",
                    "tax3": "0",
                }
            ],
        },
    )
    before = snap(old.system.read(INVOICE, [made])[made])
    lines = [{"product": product, "quantity": "2", "listprice": "100", "tax": "20"}]
    after = snap(old.system.update(INVOICE, [Patch(made, {"LineItems": lines})])[0])
    for name in ("hdnTaxType", "currency_id", "hdnDiscountPercent", "txtAdjustment", "hdnS_H_Amount"):
        assert after.values[name] == before.values[name], name
    assert Decimal(str(after.values["hdnGrandTotal"])) == Decimal("233")
    mixed = [*lines, {"product": product, "quantity": "1", "listprice": "1", "tax": "0"}]
    assert "tax mode" in str(fault_of(old, INVOICE, Patch(made, {"LineItems": mixed})))


def test_a_tax_that_is_off_for_the_product_does_not_count(old: Server) -> None:
    account, product, service = goods(old)
    lines = [
        {"productid": product, "quantity": "2", "listprice": "10", "tax1": "20", "discount_percent": "12.5"},
        {"productid": service, "quantity": "1", "listprice": "80", "tax1": "20"},
    ]
    made = old.save(
        "Invoice",
        {
            "subject": "I",
            "account_id": account,
            "bill_street": "1",
            "ship_street": "1",
            "productid": product,
            "hdnTaxType": "individual",
            "currency_id": "21x1",
            "conversion_rate": "1",
            "LineItems": lines,
        },
    )
    found: Any = snap(old.system.read(INVOICE, [made])[made]).values["LineItems"]
    assert [(line["tax"], line["discount_amount"]) for line in found] == [("20.000", "2.50"), ("", "0")]
    with pytest.raises(
        RecordRejected, match=r"line 2: no tax that fits 20 % is switched on for “Consulting”"
    ):
        row = {"quantity": "1", "listprice": "1", "tax": "20"}
        old.system.create(
            INVOICE, invoice(account, [{"product": product, **row}, {"service": service, **row}]), "k"
        )
    with pytest.raises(RecordRejected, match=r"line 1 .*has no product or service"):
        old.system.create(
            INVOICE, invoice(account, [{"quantity": "1", "listprice": "1", "comment": "text"}]), "k"
        )
    assert len(old.records("Invoice")) == 1


def test_a_server_that_would_damage_lines_is_never_sent_any(new: Server) -> None:
    account, product, _ = goods(new)
    line = {"product": product, "quantity": "1", "listprice": "1", "tax": "20"}
    with pytest.raises(RecordRejected, match=r"8\.4\.0 cannot take invoices"):
        new.system.create(INVOICE, invoice(account, [line]), "k")
    made = new.save(
        "Invoice",
        {
            "subject": "I",
            "account_id": account,
            "bill_street": "1",
            "ship_street": "1",
            "productid": product,
            "hdnTaxType": "individual",
            "currency_id": "21x1",
            "conversion_rate": "1",
            "LineItems": [{"productid": product, "quantity": "1", "listprice": "1", "tax1": "20"}],
        },
    )
    assert isinstance(fault_of(new, INVOICE, Patch(made, {"LineItems": [line]})), RecordRejected)
    assert {"create", "revise"} & set(new.bench.recorder.operations()) == set()
    sent = snap(new.system.update(INVOICE, [Patch(made, {"invoicestatus": "Sent"})])[0])
    assert sent.values["invoicestatus"] == "Sent"
    broken = new.bench.system(line_writes="yes").update(INVOICE, [Patch(made, {"LineItems": [line]})])[0]
    assert isinstance(broken, OutcomeUnknown)


# ------------------------------------------------------------ lists


def test_250_records_of_one_second_are_listed_each_once_and_resumed_after_any_page(server: Server) -> None:
    server.freeze("2026-11-21T10:00:00")
    made = server.save_all("Accounts", [{"accountname": f"A{number}"} for number in range(250)])
    first = pages(server, ACCOUNT)
    assert ids(first) == made
    assert [len(page.records) for page in first] == [100, 100, 50]
    assert [page.last for page in first] == [False, False, True]
    rest = pages(server, ACCOUNT, first[0].cursor)
    assert ids(rest) == made[100:]


def test_a_quiet_list_costs_one_call_and_leaves_the_cursor(server: Server) -> None:
    server.freeze("2026-11-21T10:00:00")
    server.save_all("Products", [{"productname": f"P{number}"} for number in range(150)])
    found = pages(server, PRODUCT)
    assert all(
        isinstance(record, Hint) and record.version == "2026-11-21T10:00:00+00:00"
        for page in found
        for record in page.records
    )
    server.bench.clock.sleep(120)
    settled = pages(server, PRODUCT, found[-1].cursor)[-1]
    server.forget_calls()
    for _ in range(3):
        server.bench.clock.sleep(60)
        (quiet,) = pages(server, PRODUCT, settled.cursor)
        assert (quiet.records, quiet.cursor) == ((), settled.cursor)
    assert server.called("") == 3
    server.freeze("2026-11-21T10:00:01")
    new = server.save("Products", {"productname": "New"})
    assert ids(pages(server, PRODUCT, settled.cursor)) == [new]


def test_what_changes_behind_the_reader_comes_with_the_next_pass(server: Server) -> None:
    server.freeze("2026-11-21T10:00:00")
    made = server.save_all("Accounts", [{"accountname": f"A{number:02}"} for number in range(12)])
    reading = server.system.changes(ACCOUNT, None, 5)
    next(reading)
    for seconds, record in ((10, made[0]), (40, made[11])):
        server.freeze(f"2026-11-21T10:00:{seconds}")
        server.save("Accounts", {"id": record, "phone": "changed"})
    server.bench.clock.sleep(45)
    cursor = list(reading)[-1].cursor
    assert made[0] in ids(pages(server, ACCOUNT, cursor))


def test_deletions_come_with_the_list_where_sync_works(server: Server) -> None:
    server.admin("POST", "options", {"sync_works": True})
    server.freeze("2026-11-21T10:00:00")
    one, two = server.save_all("Accounts", [{"accountname": "One"}, {"accountname": "Two"}])
    cursor = pages(server, ACCOUNT)[-1].cursor
    server.freeze("2026-11-21T10:30:00")
    server.admin("DELETE", f"records/Accounts/{one}")
    server.bench.clock.sleep(600)
    early = pages(server, ACCOUNT, cursor)[-1]
    assert not any(isinstance(record, Gone) for record in early.records)
    server.bench.clock.sleep(3600)
    due = pages(server, ACCOUNT, early.cursor)[-1]
    assert [record.id for record in due.records if isinstance(record, Gone)] == [one]
    server.bench.clock.sleep(3700)
    assert not any(isinstance(record, Gone) for record in pages(server, ACCOUNT, due.cursor)[-1].records)
    assert two in {row["id"] for row in server.records("Accounts")}


def test_a_server_without_sync_is_asked_once_a_day(new: Server) -> None:
    new.save("Accounts", {"accountname": "One"})
    cursor = pages(new, ACCOUNT)[-1].cursor
    for _ in range(4):
        new.bench.clock.sleep(4000)
        cursor = list(new.bench.system().changes(ACCOUNT, cursor))[-1].cursor
    assert new.called("sync") == 1


# ------------------------------------------------------------ the cloud's limits


def test_the_limit_of_calls_is_kept_and_told(cloud: Server) -> None:
    cloud.admin("POST", "options", {"minute_limit": 4})
    made = cloud.save("Accounts", {"accountname": "A"})
    system = cloud.bench.system()
    with pytest.raises(RateLimited) as met:
        for _ in range(9):
            system.read(ACCOUNT, [made])
    assert met.value.after is not None and 1 <= met.value.after <= 60
    assert cloud.calls() == 4
    with pytest.raises(RateLimited) as refused:
        cloud.bench.system().read(ACCOUNT, [made])
    assert refused.value.after is not None and 1 <= refused.value.after <= 60
    assert "HTTP 429" in str(refused.value)
