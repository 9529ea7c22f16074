"""v4_1 behaviours that the recordings do not show: SQL conditions, paging rules, sessions, silent writes,
dumps."""

import hashlib
from typing import Any

import pytest

_LIST = ["id", "name"]


@pytest.fixture
def session(sugar: Any) -> str:
    sugar.admin("accounts", [{"id": "acc-1", "name": "Smith", "sales_account_ref_c": "SMITH001"}])
    sugar.admin(
        "opportunities",
        [
            {
                "id": "o-1",
                "name": "O'Hara",
                "sales_stage": "Closed Won",
                "amount": 100,
                "account_id": "acc-1",
            },
            {
                "id": "o-2",
                "name": "Blank",
                "sales_stage": "Closed Won",
                "amount": 20.5,
                "sales_order_no_c": "",
            },
            {
                "id": "o-3",
                "name": "Numbered",
                "sales_stage": "Closed Won",
                "amount": 5,
                "sales_order_no_c": "502",
            },
            {"id": "o-4", "name": "Café", "sales_stage": "Prospecting", "amount": 1},
        ],
    )
    return str(sugar.login())


def _entries(sugar: Any, session: str, query: str, order: str = "", *more: Any) -> list[str]:
    rest = list(more) or [0, _LIST, [], 100, 0, False]
    answer = sugar.call("get_entry_list", [session, "Opportunities", query, order, *rest])
    assert answer.status_code == 200, answer.text
    return [entry["id"] for entry in answer.json()["entry_list"]]


def _set(sugar: Any, session: str, **values: Any) -> Any:
    pairs = [{"name": name, "value": value} for name, value in values.items()]
    return sugar.call("set_entry", [session, "Opportunities", pairs])


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["o-1", "o-2", "o-3", "o-4"]),
        ("opportunities.name = 'O''Hara'", ["o-1"]),
        (r"opportunities.name = 'O\'Hara'", ["o-1"]),
        ('opportunities.name = "O\'Hara"', ["o-1"]),
        ("opportunities.name LIKE 'b%'", ["o-2"]),
        ("opportunities.sales_stage = 'CLOSED won '", ["o-1", "o-2", "o-3"]),
        ("opportunities.name = 'cafe'", ["o-4"]),
        ("sales_order_no_c = ''", ["o-2"]),
        ("opportunities_cstm.sales_order_no_c IS NULL", ["o-1", "o-4"]),
        (
            "(opportunities_cstm.sales_order_no_c IS NULL OR opportunities_cstm.sales_order_no_c = '')",
            ["o-1", "o-2", "o-4"],
        ),
        ("opportunities.id IN ('o-1', 'o-3') AND opportunities.amount < 50", ["o-3"]),
        ("opportunities.amount BETWEEN 5 AND 50 OR opportunities.id <=> 'o-4'", ["o-2", "o-3", "o-4"]),
    ],
)
def test_conditions_are_evaluated(sugar: Any, session: str, query: str, ids: list[str]) -> None:
    assert _entries(sugar, session, query) == ids
    counted = sugar.call("get_entries_count", [session, "Opportunities", query, 0]).json()
    assert counted == {"result_count": str(len(ids))}


@pytest.mark.parametrize(
    "query",
    [
        "name = 'Blank'",
        "accounts.name = 'Smith'",
        "accounts_cstm.sales_account_ref_c = 'x'",
        "opportunities.account_id = 'acc-1'",
        "opportunities.nonsense = 1",
        "opportunities.name = '",
        "1) OR (1",
        "opportunities.id = 'o-1') AND (1 = 1",
        "frobnicate(1)",
    ],
)
def test_what_mysql_would_not_run_is_a_database_failure(sugar: Any, session: str, query: str) -> None:
    answer = sugar.call("get_entry_list", [session, "Opportunities", query])
    assert (answer.status_code, answer.text) == (
        500,
        "Database failure. Please refer to suitecrm.log for details.",
    )


@pytest.mark.parametrize(
    "query",
    ["1 = 1 UNION SELECT 1", "opportunities.id IN (select id from users)", "1; drop table x", "1 -- x"],
)
def test_what_the_server_forbids_is_error_40(sugar: Any, session: str, query: str) -> None:
    assert sugar.call("get_entry_list", [session, "Opportunities", query]).json()["number"] == 40


def test_paging_rules(sugar: Any, session: str) -> None:
    def page(offset: Any, size: Any) -> Any:
        return sugar.call(
            "get_entry_list", [session, "Opportunities", "", "id DESC", offset, ["id"], [], size]
        ).json()

    assert (page(0, 3)["next_offset"], page(0, 3)["total_count"], page(3, 3)["result_count"]) == (3, "4", 1)
    assert page(9, 3) == {
        "result_count": 0,
        "total_count": "4",
        "next_offset": 9,
        "entry_list": [],
        "relationship_list": [],
    }
    assert page(-2, 3)["next_offset"] == 1
    assert page(0, 3)["entry_list"][0]["id"] == "o-4"
    for blank in ("", 0, -1):
        assert page(0, blank)["result_count"] == 4


def test_a_page_is_twenty_unless_asked(sugar: Any, session: str) -> None:
    sugar.server.seed("Opportunities", ({"id": f"x-{n:03}", "name": "x"} for n in range(50)))
    assert len(_entries(sugar, session, "", "", 0, ["id"], [])) == 20
    assert len(_entries(sugar, session, "", "", 0, ["id"], [], 1000)) == 54


def test_links_of_single_entries_and_of_unknown_names(sugar: Any, session: str) -> None:
    links = [{"name": "accounts", "value": ["id"]}, {"name": "nolink", "value": ["id"]}]
    got = sugar.call("get_entries", [session, "Opportunities", ["o-1", "gone", "o-2"], ["id"], links]).json()
    assert got["relationship_list"][0][0] == {
        "name": "accounts",
        "records": [{"id": {"name": "id", "value": "acc-1"}}],
    }
    assert got["relationship_list"][2] == [{"name": "nolink", "records": []}]
    assert got["entry_list"][1]["name_value_list"][0]["name"] == "warning"


def test_a_session_ends_with_idle_time_or_another_network(sugar: Any) -> None:
    idle = sugar.login()
    sugar.admin("clock", {"shift": 1400})
    assert sugar.call("get_user_id", [idle]).json() == "seed_sync_id"
    sugar.admin("clock", {"shift": 1500})
    assert sugar.call("get_user_id", [idle]).json()["number"] == 11
    near, far = {"X-Forwarded-For": "10.1.2.3"}, {"X-Forwarded-For": "10.1.3.3"}
    bound = sugar.login("sync", **near)
    assert sugar.call("get_user_id", [bound], **{"X-Forwarded-For": "10.1.2.99"}).json() == "seed_sync_id"
    assert sugar.call("get_user_id", [bound], **far).json()["number"] == 11
    assert sugar.call("get_user_id", [bound], **near).json()["number"] == 11


def test_every_login_is_a_session_of_its_own_and_plain_passwords_work(sugar: Any) -> None:
    first, second = sugar.login(), sugar.login()
    assert (
        sugar.call("get_user_id", [first]).json()
        == sugar.call("get_user_id", [second]).json()
        == "seed_sync_id"
    )
    plain = {"user_name": "sync", "password": "sync-password", "encryption": "PLAIN"}
    assert (
        len(
            sugar.call("login", {"user_auth": plain, "application": "sync", "name_value_list": []}).json()[
                "id"
            ]
        )
        == 32
    )
    md5 = hashlib.md5(b"sync-password").hexdigest()
    named = {"user_auth": {"user_name": "sync", "password": md5}, "application_name": "sync"}
    assert (sugar.call("login", named).status_code, sugar.call("login", named).text) == (500, "")


def test_null_is_ignored_and_blank_clears(sugar: Any, session: str) -> None:
    assert (
        "sales_order_no_c" not in _set(sugar, session, id="o-3", sales_order_no_c=None).json()["entry_list"]
    )
    assert sugar.admin("opportunities")[2]["sales_order_no_c"] == "502"
    _set(sugar, session, id="o-3", sales_order_no_c="")
    assert sugar.admin("opportunities")[2]["sales_order_no_c"] == ""


def test_a_write_to_an_unknown_id_leaves_only_an_orphan(sugar: Any, session: str) -> None:
    assert _set(sugar, session, id="nobody", sales_order_no_c="9").json()["id"] == "nobody"
    assert len(sugar.admin("opportunities")) == 4
    assert (
        sugar.server.database.scalar("SELECT sales_order_no_c FROM opportunities_cstm WHERE id_c = 'nobody'")
        == "9"
    )
    assert sugar.admin("writes")[-1]["kind"] == "update_missing"


def test_texts_are_stripped_cut_and_encoded(sugar: Any, session: str) -> None:
    _set(sugar, session, id="o-2", name='<b>Tom</b> & "Jerry" &lt; 5 > 3 ' + "x" * 60)
    got = sugar.call("get_entry", [session, "Opportunities", "o-2", ["name"]]).json()["entry_list"][0]
    shown = got["name_value_list"]["name"]["value"]
    assert shown.startswith("Tom & &quot;Jerry&quot; &lt; 5 &gt; 3 xxx")
    assert len(sugar.admin("opportunities")[1]["name"]) == 50


def test_set_entries_goes_in_order_and_keeps_what_went_before_a_failure(sugar: Any, session: str) -> None:
    rows = [
        [{"name": "id", "value": "o-1"}, {"name": "sales_order_no_c", "value": "1"}],
        {"id": "o-2", "sales_order_no_c": "2"},
        [{"name": "new_with_id", "value": True}, {"name": "id", "value": "o-3"}],
        [{"name": "id", "value": "o-4"}, {"name": "sales_order_no_c", "value": "4"}],
    ]
    assert sugar.call("set_entries", [session, "Opportunities", rows[:2]]).json() == {"ids": ["o-1", "o-2"]}
    assert sugar.call("set_entries", [session, "Opportunities", rows]).status_code == 500
    assert [row["sales_order_no_c"] for row in sugar.admin("opportunities")] == ["1", "2", "502", None]


def test_a_decimal_comma_user_spoils_amounts(sugar: Any, session: str) -> None:
    comma = sugar.login("euro")
    _set(sugar, comma, id="o-2", sales_order_no_c="7")
    row = sugar.admin("opportunities")[1]
    assert (row["amount"], row["amount_usdollar"]) == (20.5, 205)
    _set(sugar, comma, id="o-2", amount="20.5")
    assert sugar.admin("opportunities")[1]["amount"] == 205


def test_no_right_to_write_is_error_40(sugar: Any, session: str) -> None:
    assert _set(sugar, sugar.login("reader"), name="x").json()["number"] == 40


def test_without_a_response_type_the_answer_is_a_dump(sugar: Any) -> None:
    answer = sugar.http.post(
        "/service/v4_1/rest.php", data={"method": "get_server_info", "input_type": "JSON", "rest_data": "[]"}
    )
    assert answer.headers["content-type"].lower() == "text/html; charset=utf-8"
    assert "[flavor] => CE" in answer.text


def test_both_apis_see_one_database(sugar: Any, session: str) -> None:
    sugar.sign_in()
    sugar.rest("PUT", "/Opportunities/o-1", {"sales_order_no_c": "77", "amount": "1234.56"})
    got = sugar.call("get_entry", [session, "Opportunities", "o-1", ["amount", "sales_order_no_c"]]).json()[
        "entry_list"
    ][0]
    assert got["name_value_list"]["amount"]["value"] == "1234.56"
    assert got["name_value_list"]["sales_order_no_c"]["value"] == "77"


def test_suitecrm_8_path_and_switched_off_apis(start: Any) -> None:
    sugar = start(v11=False)
    form = {"method": "get_server_info", "input_type": "JSON", "response_type": "JSON", "rest_data": "[]"}
    assert sugar.http.post("/legacy/service/v4_1/rest.php", data=form).json()["flavor"] == "CE"
    assert sugar.http.get("/rest/v11_10/ping").status_code == 404


@pytest.mark.parametrize(
    ("old", "name"), [(False, "user_decimal_separator"), (True, "user_decimal_seperator")]
)
def test_the_separator_is_spelled_as_the_version_does(start: Any, old: bool, name: str) -> None:
    md5 = hashlib.md5(b"euro-password").hexdigest()
    answer = (
        start(old_spelling=old).call("login", [{"user_name": "euro", "password": md5}, "sync", []]).json()
    )
    told = [one for one in answer["name_value_list"] if "decimal" in one]
    assert [(one, answer["name_value_list"][one]["value"]) for one in told] == [(name, ",")]
