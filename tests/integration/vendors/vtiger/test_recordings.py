"""Every recorded call of two real servers, sent again over HTTP, gets the recorded answer from the emulator.

Before a call the records that its recording speaks of are stored, the clock is stopped at the recorded second
and the counters are set to the recorded numbers; so nearly everything is compared by value. What a server
makes up without a counter (tokens, sessions, its clock) is compared by type.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.vendors.vtiger.options import TAXES, VtigerUser
from local.vendors.vtiger.people import seed
from local.vendors.vtiger.schema import INVENTORY, NUMBER_FIELDS
from local.vendors.vtiger.server import VtigerServer
from local.vendors.vtiger.values import NULL_WHEN_EMPTY

REPOSITORY = Path(__file__).resolve().parents[4]
SHARED = Path(os.environ.get("TIEOUT_SHARED") or REPOSITORY.parent / "shared")
FOLDER = SHARED / "reference" / "recorded" / "vtiger"
NAMES = sorted(f"{path.parent.name}/{path.stem}" for path in FOLDER.glob("*/*.json"))
KEY = "RecordedAccessK1"

BY_NO_DECIMALS = {
    "8.1.0/create_Products",
    "8.1.0/create_Invoice_individual_tax",
    "8.1.0/retrieve_Invoice",
    "8.1.0/create_Quotes",
    "8.1.0/create_SalesOrder",
    "8.1.0/retrieve_SalesOrder",
}
"""Recorded while the user still had the preference "no decimals"."""

IN_STOCK = {
    "8.1.0/retrieve_Invoice": "6.000",
    "8.1.0/retrieve_Invoice_group_tax": "-8.000",
    "8.1.0/retrieve_SalesOrder": "-6.000",
}
MADE_UP = {
    "getchallenge": {".result.token", ".result.serverTime", ".result.expireTime"},
    "login": {".result.sessionName"},
    "query_Users": {".result[0].accesskey", ".result[0].user_password", ".result[0].confirm_password"},
}
STORED_FROM = {
    "sync_Accounts": ["sync_Accounts_application"],
    "sync_nothing_new": ["sync_Invoice_application"],
    "revise_Invoice_lines": ["retrieve_Invoice_group_tax"],
    "update_Invoice_with_lines": ["revise_Invoice_lines"],
    "error_revise_Invoice_lines_http_500": ["retrieve_Invoice"],
    "error_update_Invoice_lines_http_500": ["retrieve_Invoice_after_http_500"],
    "error_retrieve_inventory_http_500": ["retrieve_Invoice_after_http_500"],
    "files_retrieve": ["retrieve_Products_with_image"],
    "query_LineItem": ["query_Invoice"],
    "query_count": ["query_Accounts"],
    "create_Invoice_individual_with_product_tax": ["create_Products_with_tax"],
}
"""Which recordings hold the records to store; a recording's own answer when not named here."""

BEFORE = {"retrieve_Invoice_after_http_500": "error_update_Invoice_lines_http_500"}
BASE = ("create_Accounts", "create_Contacts", "create_Products", "create_Services")

pytestmark = pytest.mark.skipif(
    not NAMES, reason=f"no recordings under {FOLDER}: set TIEOUT_SHARED to the shared folder"
)


@pytest.fixture(scope="module")
def suite(start_shared: Callable[..., Any]) -> dict[str, Any]:
    users = {"8.1.0": "vtiger_admin", "8.4.0": "admin"}
    return {version: start_shared(version=version, users=_users(name, 2)) for version, name in users.items()}


@pytest.mark.parametrize("name", NAMES or ["none"])
def test_recorded_call_gets_the_recorded_answer(name: str, suite: dict[str, Any]) -> None:
    version, _, short = name.partition("/")
    vtiger, recorded = suite[version], _read(name)
    _installation(vtiger.server, name)
    vtiger.admin("reset", {})
    _base(vtiger.server, version)
    for source in STORED_FROM.get(short, [short]):
        _store(vtiger.server, f"{version}/{source}", name)
    _set_back(vtiger.server, recorded)
    _count_up_to(vtiger.server, recorded)
    session = vtiger.login(vtiger.server.options.users[0].name)
    if short in BEFORE:
        _send(vtiger, _read(f"{version}/{BEFORE[short]}"), session)
    got = _send(vtiger, recorded, session)
    assert got.status_code == recorded["response"]["status"]
    wanted_type = recorded["response"].get("content_type")
    assert wanted_type is None or got.headers["content-type"].lower() == wanted_type.lower()
    wanted = recorded["response"]["body"]
    if "_raw" in wanted:
        assert got.text == wanted["_raw"]
    else:
        differences = list(_differences(wanted, got.json(), MADE_UP.get(short, set())))
        assert not differences, "\n".join(differences)


def test_an_invoice_made_in_the_form_reads_as_the_recorded_one(suite: dict[str, Any]) -> None:
    vtiger, recorded = suite["8.4.0"], _read("8.4.0/retrieve_Invoice")
    _installation(vtiger.server, "8.4.0/retrieve_Invoice")
    vtiger.admin("reset", {})
    _base(vtiger.server, "8.4.0")
    vtiger.server.records[4].values["qtyinstock"] = "10.000"
    vtiger.server.next_number = 6
    vtiger.admin("clock", {"freeze": "2026-11-21T23:11:02"})
    line = {"quantity": "2", "productid": "14x4", "comment": "ui line", "tax1": "20"}
    form = {
        "subject": "UI invoice 1",
        "account_id": "11x2",
        "contact_id": "12x3",
        "invoicestatus": "Created",
        "invoicedate": "2026-11-01",
        "duedate": "2026-11-30",
        "bill_street": "1 High Street",
        "hdnTaxType": "group",
        "ship_street": "1 High Street",
        "hdnDiscountAmount": "5",
        "LineItems": [line, {"quantity": "1", "productid": "26x5", "tax1": "20"}],
    }
    assert vtiger.admin("records/Invoice", form) == {"id": "7x6"}
    got = _send(vtiger, recorded, vtiger.login("admin")).json()
    assert not list(_differences(recorded["response"]["body"], got, set()))


def test_all_recordings_are_replayed() -> None:
    assert len(NAMES) >= 160 and {*BY_NO_DECIMALS, *IN_STOCK} <= set(NAMES)
    assert {*MADE_UP, *STORED_FROM, *BEFORE} <= {name.partition("/")[2] for name in NAMES}


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def _users(name: str, decimals: int, dates: str = "yyyy-mm-dd") -> tuple[VtigerUser, ...]:
    return (
        VtigerUser(
            name,
            KEY,
            1,
            last_name="Administrator",
            email="admin@example.test",
            date_format=dates,
            decimals=decimals,
        ),
    )


def _send(vtiger: Any, recorded: dict[str, Any], session: str) -> httpx.Response:
    sent = dict(recorded["request"]["params"])
    if "sessionName" in sent:
        sent["sessionName"] = (
            session if "Session Identifier" not in str(recorded["response"]["body"]) else "bad"
        )
    if sent.get("accessKey", "").startswith("<md5"):
        token = vtiger.get("getchallenge", username=sent["username"]).json()["result"]["token"]
        sent["accessKey"] = hashlib.md5((token + KEY).encode()).hexdigest()
    method, path = recorded["request"]["method"], recorded["request"]["path"]
    answer: httpx.Response = vtiger.http.request(
        method, path, **{"params" if method == "GET" else "data": sent}
    )
    return answer


# ---------------------------------------------------------------- the state a recording was made in


def _installation(server: VtigerServer, name: str) -> None:
    """Settings that the recording shows: custom fields, a fourth tax, decimals, the repaired sync."""
    text, options = json.dumps(_read(name)), server.options
    options.custom_fields = {"Accounts": _custom()} if '"cf_854"' in text else {}
    options.taxes = (*TAXES, ("Zero", "0.000")) if '"tax4"' in text else TAXES
    options.sync_works = "registering the third parameter" in text
    dates = "dd-mm-yyyy" if 'dd-mm-yyyy", "name": "date' in text else "yyyy-mm-dd"
    options.users = _users(options.users[0].name, 0 if name in BY_NO_DECIMALS else 2, dates)


def _custom() -> list[Any]:
    fields = _read("8.4.0/describe_Accounts_with_custom_fields")["response"]["body"]["result"]["fields"]
    custom = [one for one in fields if one["name"].startswith("cf_")]
    return [(one["name"], one["label"], one["type"]["name"], one["default"]) for one in custom]


def _base(server: VtigerServer, version: str) -> None:
    """The account, contact, product and service that all recordings speak of; and a deleted account."""
    for name in BASE:
        row = _read(f"{version}/{name}")["response"]["body"]["result"]
        _put(
            server,
            row,
            {"unit_price": "12.50000000", "qtyinstock": "8.000"} if name == "create_Products" else {},
        )
    seed(
        server,
        "Accounts",
        [{"id": 14, "accountname": "Gone", "deleted": True, "modifiedtime": "2020-01-01 00:00:00"}],
    )


def _store(server: VtigerServer, source: str, name: str) -> None:
    recorded = _read(source)
    body = recorded["response"]["body"]
    if recorded["request"]["params"]["operation"] == "create" and source == name:
        _only_what_exists(server, name)
        return
    result = body.get("result") if isinstance(body, dict) else None
    rows = result.get("updated", [result]) if isinstance(result, dict) else result
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and re.fullmatch(r"\d+x\d+", str(row.get("id"))):
            _put(server, row, {})
    for wire_id in result.get("deleted", []) if isinstance(result, dict) else []:
        number = int(wire_id.partition("x")[2])
        seed(server, "Accounts", [{"id": number, "deleted": True, "modifiedtime": "2026-11-21 23:11:46"}])
    if "query_Invoice" in source:
        _lines_of_query(server, source.partition("/")[0])
    if name in IN_STOCK:
        server.records[4].values["qtyinstock"] = IN_STOCK[name]
    if "imageattachmentids" in json.dumps(body):
        file = _read("8.4.0/files_retrieve")["response"]["body"]["result"][0]
        server.records[20].files = [
            {"number": 21, **{key: value for key, value in file.items() if key != "fileid"}}
        ]
    if recorded["request"]["params"]["operation"] == "delete" and recorded["response"]["body"]["success"]:
        seed(
            server,
            "Accounts",
            [{"id": recorded["request"]["params"]["id"].partition("x")[2], "accountname": "Going"}],
        )


def _only_what_exists(server: VtigerServer, name: str) -> None:
    """A create finds nothing of its own, but for the duplicate that one recording is about."""
    server.records.pop(_number(_read(name)), None)
    if "duplicate" in name:
        seed(server, "Accounts", [{"id": 10, "accountname": "picklist LTD"}])


def _number(recorded: dict[str, Any]) -> int:
    result = recorded["response"]["body"].get("result")
    return int(str(result["id"]).partition("x")[2]) if isinstance(result, dict) and "id" in result else 0


def _put(server: VtigerServer, row: dict[str, Any], instead: dict[str, str]) -> None:
    prefix, _, number = row["id"].partition("x")
    module = server.modules[server.module_of_prefix(prefix) or ""]
    if not module.entity or module.name == "Users":
        return
    values = {name: _raw(field.type, name, row[name]) for name, field in module.stored.items() if name in row}
    more: dict[str, Any] = {
        "taxes": {name: row[name] for name in row if name.startswith("tax") and "." in str(row[name])}
    }
    if module.name in INVENTORY:
        more = {
            "lines": [_line(line) for line in row.get("LineItems", [])],
            "shipping": row.get("shipping_&_handling"),
        }
        if "shipping_&_handling_shtax1" not in row and server.options.version == "8.4.0":
            more["charges"] = "form"
        if "discount_amount" in row and "LineItems" not in row:
            values |= {
                "hdnDiscountAmount": row["discount_amount"],
                "hdnDiscountPercent": row["discount_percent"],
            }
    elif "currency1" in row:
        more["prices"] = {"1": Decimal(str(row["currency1"]))}
    else:
        more = {}
    seed(server, module.name, [{**values, **more, "id": number, **instead}])


def _raw(kind: str, name: str, value: Any) -> str | None:
    if value in ("", None) and (
        kind in ("date", "datetime", "reference", "owner") or name in NULL_WHEN_EMPTY
    ):
        return None
    if kind in ("reference", "owner"):
        return str(value).rpartition("x")[2]
    return value if value is None else f"{value:.8f}" if isinstance(value, (int, float)) else str(value)


def _line(shown: dict[str, Any]) -> dict[str, Any]:
    skip = ("product_name", "entity_type", "deleted", "parent_id")
    line = {name: value for name, value in shown.items() if name not in skip}
    return {
        **line,
        "id": int(shown["id"].partition("x")[2]),
        "productid": shown["productid"].partition("x")[2],
    }


def _lines_of_query(server: VtigerServer, version: str) -> None:
    for line in _read(f"{version}/query_LineItem")["response"]["body"]["result"]:
        server.records[int(line["parent_id"].partition("x")[2])].lines.append(_line(line))


def _set_back(server: VtigerServer, recorded: dict[str, Any]) -> None:
    """Undoes what the recorded call is about to do, so that the answer cannot be right by itself."""
    operation, sent = (
        recorded["request"]["params"]["operation"],
        recorded["request"]["params"].get("element", "{}"),
    )
    record = server.records.get(_number(recorded)) if operation in ("revise", "update") else None
    if record is None:
        return
    record.values["modifiedtime"] = "2026-11-21 00:00:00"
    for name in json.loads(sent):
        field = server.modules[record.module].stored.get(name)
        if (
            field is not None
            and field.type in ("string", "phone", "text", "picklist")
            and not name.startswith("hdn")
        ):
            record.values[name] = "set back"


def _count_up_to(server: VtigerServer, recorded: dict[str, Any]) -> None:
    """The clock and the counters as they were just before the call."""
    body = recorded["response"]["body"]
    result = body.get("result") if isinstance(body, dict) else None
    if not isinstance(result, dict) or "modifiedtime" not in result:
        return
    server.clock.freeze(result["modifiedtime"])
    if result.get("LineItems"):
        line = _line(result["LineItems"][0])
        seed(server, "PurchaseOrder", [{"id": 900000, "lines": [{**line, "id": line["id"] - 1}]}])
    if recorded["request"]["params"]["operation"] == "create":
        prefix, _, number = result["id"].partition("x")
        module = server.module_of_prefix(prefix) or ""
        server.next_number = int(number)
        server.numbered[module] = int(re.sub(r"\D", "", result[NUMBER_FIELDS[module][0]])) - 1


# ---------------------------------------------------------------- comparing


def _differences(wanted: Any, got: Any, made_up: set[str], path: str = "") -> Iterator[str]:
    if type(wanted) is not type(got):
        yield f"{path}: {type(wanted).__name__} {wanted!r} was recorded, got {type(got).__name__} {got!r}"
    elif isinstance(wanted, dict):
        if wanted.keys() != got.keys():
            yield (
                f"{path}: missing {sorted(wanted.keys() - got.keys())}, too many "
                f"{sorted(got.keys() - wanted.keys())}"
            )
        for key in wanted.keys() & got.keys():
            yield from _differences(wanted[key], got[key], made_up, f"{path}.{key}")
    elif isinstance(wanted, list):
        if len(wanted) != len(got):
            yield f"{path}: {len(wanted)} items were recorded, got {len(got)}"
        for place, (one, two) in enumerate(zip(wanted, got, strict=False)):
            yield from _differences(one, two, made_up, f"{path}[{place}]")
    elif wanted != got and path not in made_up:
        yield f"{path}: {wanted!r} was recorded, got {got!r}"
