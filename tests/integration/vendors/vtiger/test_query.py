"""The query language where no recording shows it: its limits, its errors, and how values compare."""

from typing import Any

import pytest

NAMES = ["Ähre", "beta", "O'Brien & <Co>", "Zed"]


@pytest.fixture
def filled(vtiger: Any) -> Any:
    rows = [
        {"accountname": name, "employees": str(9 + place), "annual_revenue": str(5 * place)}
        for place, name in enumerate(NAMES)
    ]
    vtiger.admin("records/Accounts", rows)
    return vtiger


def _names(vtiger: Any, rest: str) -> list[str]:
    return [row["accountname"] for row in vtiger.query(f"SELECT accountname FROM Accounts {rest};")]


@pytest.mark.parametrize(
    ("rest", "wanted"),
    [
        ("WHERE accountname = 'o''brien & <co>'", ["O'Brien & <Co>"]),
        ("WHERE accountname = 'AHRE '", ["Ähre"]),
        ("WHERE accountname != 'zed' ORDER BY accountname", ["Ähre", "beta", "O'Brien & <Co>"]),
        ("where employees > '9' and employees < 12", ["beta", "O'Brien & <Co>"]),
        ("WHERE annual_revenue <= '5' ORDER BY annual_revenue DESC", ["beta", "Ähre"]),
        ("WHERE accountname LIKE '%E%' ORDER BY employees DESC", ["Zed", "O'Brien & <Co>", "beta", "Ähre"]),
        ("WHERE accountname IN ('beta', 'ZED') LIMIT 1", ["beta"]),
        ("WHERE accountname = 'beta' OR accountname = 'Zed' AND employees = 1", ["beta"]),
        ("WHERE id > '11x3' ORDER BY id LIMIT 1, 5", ["Zed"]),
        ("WHERE id = '3'", []),
        ("WHERE id IN ('11x2', '12x3')", ["Ähre"]),
        (
            (
                "WHERE assigned_user_id = '19x1' AND source = 'CRM' AND modifiedby = '19x1' ORDER BY id DESC "
                "LIMIT 2"
            ),
            ["Zed", NAMES[2]],
        ),
    ],
)
def test_what_is_found(filled: Any, rest: str, wanted: list[str]) -> None:
    assert _names(filled, rest) == wanted


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SELECT id FROM Accounts", "QUERY_SYNTAX_ERROR"),
        ("SELECT id FROM Accounts WHERE accountname NOT IN ('a');", "QUERY_SYNTAX_ERROR"),
        ("SELECT id FROM Accounts WHERE accountname IS NULL;", "QUERY_SYNTAX_ERROR"),
        ("SELECT id FROM Accounts WHERE (accountname = 'a');", "QUERY_SYNTAX_ERROR"),
        ("SELECT id FROM Accounts WHERE accountname = 'O\\'Brien';", "QUERY_SYNTAX_ERROR"),
        ("SELECT id FROM Accounts ORDER BY accountname, id;", "QUERY_SYNTAX_ERROR"),
        ("SELECT id FROM Contacts WHERE account_id.accountname = 'a';", "QUERY_SYNTAX_ERROR"),
        ("SELECT id FROM Accounts LIMIT 'a';", "QUERY_SYNTAX_ERROR"),
        ("SELECT id FROM Accounts WHERE accountname = '';", "INTERNAL_SERVER_ERROR"),
        ("SELECT id FROM Accounts WHERE accountname != '';", "INTERNAL_SERVER_ERROR"),
        ("SELECT id FROM Accounts ORDER BY nosuch;", "ACCESS_DENIED"),
    ],
)
def test_what_is_refused(vtiger: Any, text: str, code: str) -> None:
    assert vtiger.code(vtiger.get("query", query=text)) == code


def test_a_hundred_rows_whatever_the_limit_says(vtiger: Any) -> None:
    vtiger.admin("clock", {"freeze": "2026-11-21T10:00:00"})
    ids = vtiger.admin("records/Contacts", [{"lastname": f"n{place}"} for place in range(230)])["ids"]
    for rest in (
        "",
        "LIMIT 0, 200",
        "LIMIT 500",
        f"WHERE id IN ({', '.join(repr(one) for one in ids[:120])})",
    ):
        assert [row["id"] for row in vtiger.query(f"SELECT id FROM Contacts {rest};")] == ids[:100]
    seen: list[str] = []
    while page := vtiger.query(
        "SELECT id FROM Contacts WHERE modifiedtime >= '2026-11-21 10:00:00'"
        f" AND id > '{seen[-1] if seen else '12x0'}' ORDER BY id LIMIT 0, 100;"
    ):
        seen += [row["id"] for row in page]
    assert seen == ids


def test_side_tables_answer_too(vtiger: Any) -> None:
    assert vtiger.query("SELECT id FROM Currency WHERE currency_code = 'GBP';") == [{"id": "21x1"}]
    assert vtiger.query("SELECT id, taxname FROM Tax WHERE percentage > '10' ORDER BY taxname;") == [
        {"id": "34x3", "taxname": "tax3"}
    ]
    assert vtiger.query("SELECT user_name FROM Users WHERE id = '19x5';") == [
        {"user_name": "tieout", "id": "19x5"}
    ]
    assert vtiger.query("SELECT groupname FROM Groups;")[0] == {"id": "20x2", "groupname": "Team Selling"}
    vtiger.login("clerk")
    assert vtiger.code(vtiger.get("query", query="SELECT id FROM Users;")) == "ACCESS_DENIED"


def test_header_discounts_go_by_another_name(vtiger: Any) -> None:
    vtiger.admin("records/Products", {"productname": "Nut", "unit_price": "2"})
    vtiger.admin("records/Accounts", {"accountname": "Acme"})
    lines = [{"productid": "14x2", "quantity": "1", "discount_percent": "50"}]
    vtiger.admin(
        "records/Invoice",
        {
            "subject": "I",
            "account_id": "11x3",
            "bill_street": "a",
            "ship_street": "b",
            "hdnDiscountPercent": "10",
            "LineItems": lines,
        },
    )
    told = vtiger.query("SELECT subject, hdnDiscountPercent FROM Invoice;")
    assert told == [{"subject": "I", "discount_percent": "10.000", "id": "7x4"}]
    assert vtiger.query("SELECT * FROM Invoice;")[0]["discount_percent"] == "50.000"
    assert vtiger.query("SELECT quantity FROM LineItem WHERE parent_id = '7x4';") == [
        {"quantity": "1.000", "id": "33x1"}
    ]
