"""Every recorded call of a real v4_1 server, sent again over HTTP, gets the recorded answer from the
emulator.

Before a call the records that its recording speaks of are stored, and the calls that went before it where it
depends on them. What a server makes up (new ids, session ids, its clock) is compared by type; all else by
value.
"""

import html
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.vendors.sugarcrm.options import SugarUser

REPOSITORY = Path(__file__).resolve().parents[4]
SHARED = Path(os.environ.get("TIEOUT_SHARED") or REPOSITORY.parent / "shared")
FOLDER = SHARED / "reference" / "recorded" / "sugarcrm-v4_1"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
SESSION = "SESSIONID00000000000000000"
MD5 = "0123456789abcdef0123456789abcdef"
USERS = (
    SugarUser("admin", "secret", "1", password_md5=MD5),
    SugarUser("euro", "secret", "aa21a1fa-e244-3e97-1b6f-6b0224354a69", decimal_comma=True, password_md5=MD5),
)

SMITH = {
    "id": "54a1b699-c5c9-0280-22cc-6b0223b67703",
    "name": "Smith & Sons'  Ltd",
    "sales_account_ref_c": "SMITH001",
}
EURO = {
    "id": "2d8793c1-587e-4b92-0992-6b02233bcc09",
    "name": "Euro",
    "symbol": "€",
    "iso4217": "EUR",
    "conversion_rate": 1.25,
    "status": "Active",
}
OANN = {"id": "4d97117d-94d0-6c6a-6e38-6b02232ff8df", "first_name": "Ann", "last_name": "O'Hara"}
BIG = "79024846-457d-794e-099a-6b022349d3c0"
LONG = "999d09a9-3450-4aff-638f-6b0223efa0b5"
DEAD = "e5b381f3-774b-4bbf-fb5c-6b022362eee9"
EURO_DEAL = "33cd26b7-0fd0-a5e7-d068-6b0223bb5090"
DISTRACTORS = [
    {"id": "ffffffff-0001", "name": "Lost", "sales_stage": "Closed Lost", "amount": 50},
    {
        "id": "ffffffff-0002",
        "name": "Done",
        "sales_stage": "Closed Won",
        "amount": 50,
        "sales_order_no_c": "500",
    },
]

UNSYNCED = ["get_entry_list_unsynced"]
STORED_FROM = {
    "get_entry_list_unsynced": UNSYNCED,
    "get_entry_list_positional": UNSYNCED,
    "get_entry_list_page1": UNSYNCED,
    "get_entry_list_page2": UNSYNCED,
    "get_entry_list_page3": UNSYNCED,
    "get_entry_list_zynk_query": UNSYNCED,
    "get_entries_count": UNSYNCED,
    "get_entry_list_bad_order": UNSYNCED,
    "get_entry_list_modified_since": ["get_entry_list_modified_since", "get_entry_list_order_by_qualified"],
    "comma_user_4_update_other_field": ["comma_user_3_before_update"],
    "comma_user_5_after_update": ["comma_user_3_before_update"],
    "get_entry_after_too_long": [],
}
"""Which recordings hold the records to store; a recording's own answer when not named here."""

STORED: dict[str, dict[str, list[dict[str, Any]]]] = {
    "set_entry_contact_create": {"Accounts": [SMITH]},
    "set_entry_opportunity_create": {"Accounts": [SMITH]},
    "set_entry_opportunity_eur": {"Accounts": [SMITH], "Currencies": [EURO]},
    "get_entry_opportunity_eur": {"Currencies": [EURO]},
    "set_entry_opportunity_update": {"Opportunities": [{"id": BIG, "name": "Big deal £"}]},
    "set_entry_unknown_field": {"Opportunities": [{"id": BIG, "name": "Big deal £"}]},
    "set_relationship_ok": {"Opportunities": [{"id": BIG, "name": "Big deal £"}], "Contacts": [OANN]},
    "set_relationship_unknown_link": {
        "Opportunities": [{"id": BIG, "name": "Big deal £"}],
        "Contacts": [OANN],
    },
    "get_relationships_accounts": {
        "Accounts": [SMITH],
        "Opportunities": [{"id": BIG, "name": "Big", "account_id": SMITH["id"]}],
    },
    "set_entry_too_long": {"Opportunities": [{"id": LONG, "name": "Cut"}]},
    "get_entry_after_too_long": {"Opportunities": [{"id": LONG, "name": "Cut"}]},
    "set_entry_bad_date": {"Opportunities": [{"id": LONG, "name": "Cut", "date_closed": "2026-12-01"}]},
    "set_entry_delete": {"Opportunities": [{"id": DEAD, "name": "To be deleted"}]},
    "get_entry_deleted": {"Opportunities": [{"id": DEAD, "name": "To be deleted", "deleted": 1}]},
    "set_entry_update_deleted": {"Opportunities": [{"id": DEAD, "name": "To be deleted", "deleted": 1}]},
    "set_entries_opportunities": {
        "Opportunities": [{"id": "a1adbe2a-b8df-a00e-f765-6b0223dfe92f", "name": "No account"}]
    },
    "get_entry_list_deleted_1": {"Opportunities": DISTRACTORS},
    "get_entry_list_deleted_only": {"Opportunities": DISTRACTORS},
    "get_entry_list_apostrophe": {"Contacts": [{"id": "c-1", "last_name": "OHara"}]},
    "get_entry_list_accounts": {
        "Accounts": [
            {"id": "0-none", "name": "No reference"},
            {"id": "0-blank", "name": "Blank", "sales_account_ref_c": ""},
        ]
    },
    **{
        name: {"Currencies": [EURO], "Opportunities": DISTRACTORS}
        for name, source in STORED_FROM.items()
        if source is UNSYNCED
    },
}
"""More records, among them ones that the call must not find."""

NOT_YET = {"get_entries_count": EURO_DEAL, "get_entry_list_bad_order": EURO_DEAL}
BEFORE = {
    "after_logout": "logout",
    "get_entry_after_too_long": "set_entry_too_long",
    "comma_user_5_after_update": "comma_user_4_update_other_field",
    "set_entry_own_id_again": "set_entry_with_own_id_new",
    "get_entry_unknown_id_after_write": "set_entry_unknown_id",
}
ROW_DEFAULTS = {"get_entry_list_deleted_1": {"amount": 1}}
MADE_UP = {
    "login_ok": {".id"},
    "login_positional": {".id"},
    "login_user_with_comma_decimals": {".id"},
    "server_info": {".gmt_time"},
    "set_entries_opportunities": {".ids[1]"},
    **{
        name: {".id"}
        for name in (
            "set_entry_account_create",
            "set_entry_contact_create",
            "set_entry_currency_create",
            "set_entry_only_a_name",
            "set_entry_opportunity_create",
            "set_entry_opportunity_eur",
            "comma_user_1_write_amount_string",
            "comma_user_2_write_amount_number",
        )
    },
}

pytestmark = pytest.mark.skipif(
    not NAMES, reason=f"no recordings under {FOLDER}: set TIEOUT_SHARED to the shared folder"
)


@pytest.fixture(scope="module")
def suite(start_shared: Callable[..., Any]) -> Any:
    return start_shared(users=USERS, revenue_line_items=False)


@pytest.mark.parametrize("name", NAMES or ["none"])
def test_recorded_call_gets_the_recorded_answer(name: str, suite: Any) -> None:
    sugar = suite
    sugar.admin("reset", {})
    recorded = _read(name)
    _store(sugar.server, name)
    if name == "login_bad_password":
        sugar.admin("users", {"user_name": "admin", "password": "another"})
    session = "" if "login" in name else _session(sugar, name)
    if name in BEFORE:
        _send(sugar, _read(BEFORE[name]), session)
    got = _send(sugar, recorded, session)
    wanted = recorded["response"]
    assert got.status_code == wanted["status"]
    assert got.headers["content-type"].lower() == wanted["content_type"].lower()
    if wanted["json"]:
        differences = list(_differences(wanted["body"], got.json(), MADE_UP.get(name, set())))
        assert not differences, "\n".join(differences)
    else:
        assert got.text == wanted["body"]


def test_all_recordings_are_replayed() -> None:
    assert len(NAMES) >= 70
    assert {*STORED, *STORED_FROM, *BEFORE, *MADE_UP} <= set(NAMES)


def _read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def _session(sugar: Any, name: str) -> str:
    user = "euro" if name.startswith("comma_user") else "admin"
    return str(sugar.call("login", [{"user_name": user, "password": MD5}, "sync", []]).json()["id"])


def _send(sugar: Any, recorded: dict[str, Any], session: str) -> httpx.Response:
    form = dict(recorded["request"]["form"])
    if not isinstance(form["rest_data"], str):
        form["rest_data"] = json.dumps(form["rest_data"]).replace(SESSION, session)
    answer: httpx.Response = sugar.http.request(
        recorded["request"]["http_method"], recorded["request"]["path"], data=form
    )
    return answer


# ---------------------------------------------------------------- the records a recording speaks of


def _store(server: Any, name: str) -> None:
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    for source in STORED_FROM.get(name, [name]):
        for module, row in _spoken_of(source):
            rows.setdefault(module, {}).setdefault(row["id"], {}).update(
                {key: value for key, value in row.items() if key not in rows[module][row["id"]]}
            )
    for module, more in STORED.get(name, {}).items():
        for row in more:
            rows.setdefault(module, {}).setdefault(row["id"], row)
    rows.get("Opportunities", {}).pop(NOT_YET.get(name, ""), None)
    for module in ("Currencies", "Accounts", "Contacts", "Opportunities"):
        wanted = [row for row in rows.get(module, {}).values() if row["id"] != "-99"]
        server.seed(module, [{**ROW_DEFAULTS.get(name, {}), **row} for row in wanted])


def _spoken_of(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(module, row) for each record in a recorded answer. An empty order number is NULL, but for the one
    named so."""
    body = _read(name)["response"]["body"]
    entries = body.get("entry_list") if isinstance(body, dict) else None
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry["name_value_list"], list):
            continue
        row = {"id": entry["id"], **_plain(entry["name_value_list"])}
        if row.get("sales_order_no_c") == "" and row.get("name") != "Blank string custom":
            row["sales_order_no_c"] = None
        for module, related in _related(body, place):
            yield module, {**related, **({"account_id": entry["id"]} if module == "Contacts" else {})}
            if module == "Accounts":
                row["account_id"] = related["id"]
        if row.get("account_id") and "account_name" in row:
            yield "Accounts", {"id": row["account_id"], "name": row["account_name"]}
        yield (
            entry["module_name"],
            {key: value for key, value in row.items() if key not in ("account_name", "amount_usdollar")},
        )


def _related(body: dict[str, Any], place: int) -> Iterator[tuple[str, dict[str, Any]]]:
    relations = body.get("relationship_list") or []
    lists = relations[place] if place < len(relations) else []
    for link in lists["link_list"] if isinstance(lists, dict) else lists:
        for record in link["records"]:
            yield link["name"].title(), _plain(record.get("link_value", record))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {
        key: html.unescape(item["value"]) if isinstance(item["value"], str) else item["value"]
        for key, item in values.items()
    }


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
