"""Reading, finding and listing in Vtiger, whose ids, labels and silences are its own."""

from dataclasses import replace

import pytest

from shared.errors import (
    MissingField,
    MissingPermission,
    Unavailable,
)
from shared.ports import Condition, Gone, Hint, Patch, Snapshot
from tests.contract.system_bench import snap
from tests.contract.vtiger.records import ODD, ids, pages
from tests.contract.vtiger.test_vtiger_invoices import invoice
from tests.contract.vtiger_bench import Server
from tests.unit.systems.vtiger.fakes import ACCOUNT, CONTACT, INVOICE, PRODUCT


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
    server.save_all("Contacts", [{"lastname": "Smith"}, {"lastname": "smith"}])
    found = server.system.find(ACCOUNT, "accountname", [ODD.upper(), "nobody's", ""])
    assert [one.id for one in found[ODD.upper()]] == [made.id]
    assert found["nobody's"] == found[""] == []
    assert [one.id for one in server.system.find(ACCOUNT, "@Sage reference", ["smith001"])["smith001"]] == [
        made.id
    ]
    assert len(server.system.find(CONTACT, "lastname", ["SMITH"])["SMITH"]) == 2
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


def test_what_got_its_number_is_listed_again_when_it_changes_and_no_first_pass_shows_it(
    server: Server,
) -> None:
    spec = replace(
        INVOICE,
        number_path="@Sage number",
        where=(
            Condition("invoicestatus", "equals", "Approved"),
            Condition("@Sage number", "blank"),
        ),
    )
    line = {"productid": server.save("Products", {"productname": "P"}), "quantity": "1", "listprice": "5"}
    entered = invoice(server.save("Accounts", {"accountname": "A"}), [line], ship_street="1 High Street")
    server.freeze("2026-11-21T10:00:00")
    long_made, waiting = (
        server.save("Invoice", {**entered, "invoicestatus": "Approved", "subject": one}) for one in "AB"
    )
    server.system.update(spec, [Patch(long_made, {"@Sage number": "7"})])
    first = pages(server, spec)
    assert ids(first) == [waiting]
    server.bench.clock.sleep(120)
    server.freeze("2026-11-21T10:02:00")
    server.admin("POST", "records/Invoice", {"id": long_made, "invoicestatus": "Cancelled"})
    server.save("Invoice", {**entered, "invoicestatus": "Created"})
    (second,) = pages(server, spec, first[-1].cursor)
    hints = [one for one in second.records if isinstance(one, Hint)]
    assert [(one.id, one.number) for one in hints] == [(long_made, "7"), (waiting, "")]
    server.bench.clock.sleep(120)
    (settled,) = pages(server, spec, second.cursor)
    server.forget_calls()
    server.bench.clock.sleep(120)
    assert pages(server, spec, settled.cursor)[0].records == ()
    assert server.called("") == 1


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
