"""The settings file: what becomes of it, and that every fault says where it is and what is allowed."""

import json
from pathlib import Path

import pytest

from local.settings_file import load, parse
from local.settings_lines import line_of
from shared.errors import RuleInvalid

TEXT = """\
[integration.main]
flow = "sugarcrm--sage_50"
live = true

[integration.main.sugarcrm]
api = "v4_1"
url = "https://crm.example"
user = "sync"
password = "env:SUGAR_PASSWORD"

[integration.main.sage_50]
url = "http://127.0.0.1:8080"
token = "env:SAGE_TOKEN"

[local]
schedule_minutes = 5
"""
ENV = {"SUGAR_PASSWORD": "s3cret", "SAGE_TOKEN": "t0ken"}
FILE = Path("settings.toml")


def test_options_and_secrets_go_their_own_ways() -> None:
    entry = parse(TEXT, FILE, ENV).integrations[0]
    assert (entry.integration.name, entry.integration.flow, entry.live) == ("main", "sugarcrm--sage_50", True)
    assert entry.integration.connections["sugarcrm"].options == {"api": "v4_1", "url": "https://crm.example"}
    assert entry.secrets == {
        "sugarcrm": {"user": "sync", "password": "s3cret"},
        "sage_50": {"token": "t0ken"},
    }


def test_the_schedule_becomes_a_parameter_of_the_template() -> None:
    assert parse(TEXT, FILE, ENV).parameters == {"PollMinutes": "5"}


def test_without_live_there_are_previews_only() -> None:
    assert not parse(TEXT.replace("live = true\n", ""), FILE, ENV).integrations[0].live


def test_secrets_are_not_shown() -> None:
    assert "s3cret" not in repr(parse(TEXT, FILE, ENV))


@pytest.mark.parametrize(
    "old, new, line, words",
    [
        (
            '"v4_1"',
            '"v5"',
            6,
            "integration.main.sugarcrm.api: 'v5' cannot be used: input should be 'v11' or 'v4_1'",
        ),
        (
            "https://crm",
            "ftp://crm",
            7,
            "'ftp://crm.example' cannot be used: it should be an address such as https://",
        ),
        ("schedule_minutes = 5", "schedule_minutes = 0", 16, "local.schedule_minutes: 0 cannot be used"),
        ("live = true", 'live = "yes"', 3, "integration.main.live: 'yes' cannot be used"),
        (
            "live = true",
            "alive = true",
            3,
            (
                "there is no such field; allowed are brake, directions, flow, interval, live, rules, "
                "sage_50, sage_accounting, sage_sales_management, sugarcrm, vtiger"
            ),
        ),
        (
            "[integration.main.sage_50]",
            "[integration.main.sage_51]",
            11,
            "there is no such field; allowed are",
        ),
        ("[local]", "[loca]", 15, "there is no such field; allowed are integration, interval, local"),
        (
            "--sage_50",
            "--xero",
            2,
            "needs a table [integration.main.xero]; systems are sugarcrm, sage_50, sage_accounting, vtiger",
        ),
        ("user = ", "usr = ", 8, "integration.main.sugarcrm.usr: there is no such field"),
        ("live = true", 'rules = "nowhere"', 3, "'nowhere' is not a folder beside the settings file"),
    ],
)
def test_a_fault_names_file_line_field_value_and_what_is_allowed(
    old: str, new: str, line: int, words: str
) -> None:
    with pytest.raises(RuleInvalid) as found:
        parse(TEXT.replace(old, new), FILE, ENV)
    assert f"settings.toml, line {line}: " in str(found.value) and words in str(found.value)


def test_a_wrong_secret_is_not_repeated() -> None:
    with pytest.raises(RuleInvalid) as found:
        parse(TEXT.replace('"env:SAGE_TOKEN"', "12345"), FILE, ENV)
    assert "12345" not in str(found.value) and "integration.main.sage_50.token" in str(found.value)


def test_all_missing_variables_are_named_at_once() -> None:
    with pytest.raises(RuleInvalid) as found:
        parse(TEXT, FILE, {})
    assert (
        "line 9" in str(found.value)
        and "'SUGAR_PASSWORD'" in str(found.value)
        and "'SAGE_TOKEN'" in str(found.value)
    )


def test_a_folder_of_rules_is_read(tmp_path: Path) -> None:
    (tmp_path / "rules" / "flows").mkdir(parents=True)
    (tmp_path / "rules" / "flows" / "sugarcrm--sage_50.toml").write_text("# nothing changed\n")
    file = tmp_path / "settings.toml"
    file.write_text(TEXT.replace("live = true", 'rules = "rules"'))
    rules = load(file, ENV).integrations[0].integration.rules
    assert rules == {"flows/sugarcrm--sage_50.toml": "# nothing changed\n"}


def test_a_file_that_is_not_there_or_not_toml(tmp_path: Path) -> None:
    with pytest.raises(RuleInvalid, match="cannot be read"):
        load(tmp_path / "none.toml", ENV)
    with pytest.raises(RuleInvalid, match="not valid TOML"):
        parse("[integration", FILE, ENV)


def test_two_integrations_and_a_name_that_cannot_be_one() -> None:
    both = TEXT + TEXT.replace("integration.main", "integration.other").split("[local]")[0]
    assert [entry.integration.name for entry in parse(both, FILE, ENV).integrations] == ["main", "other"]
    with pytest.raises(RuleInvalid, match="cannot name an integration"):
        parse(TEXT.replace("integration.main", 'integration."Main Street"'), FILE, ENV)


def test_lines_of_dotted_quoted_and_absent_keys() -> None:
    text = 'a.b = 1\n["t x"]\nc = 2\n[[rows]]\n'
    assert [line_of(text, path) for path in [("a", "b"), ("t x", "c"), ("t x", "none"), ("no",)]] == [
        1,
        3,
        2,
        1,
    ]


TWO_WAY = """[integration.trade]
flow = "vtiger--sage_accounting"

[integration.trade.directions]
invoice = "from vtiger"
others  = "off"

[integration.trade.brake]
records = 200

[integration.trade.vtiger]
url        = "https://crm.example.com"
user       = "tieout"
access_key = "key"

[integration.trade.sage_accounting]
client_id     = "id"
client_secret = "secret"
"""


def test_directions_and_brake_belong_to_the_integration() -> None:
    made = parse(TWO_WAY, FILE, {}).integrations[0].integration
    assert made.directions == {"invoice": "from vtiger", "others": "off"} and made.brake == {"records": 200}


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('others  = "off"', 'product = "off"', 6, "product cannot be switched off while invoice is on"),
        ('others  = "off"', 'prodct = "off"', 6, "this flow has no entity prodct"),
        ('"from vtiger"', '"sideways"', 5, '"sideways" is not a direction; allowed: both'),
        ("records = 200", "recods = 200", 9, "there is no such field; allowed are percent, records"),
        ("records = 200", "percent = 200", 9, "200 cannot be used"),
    ],
)
def test_a_direction_or_brake_that_cannot_be_names_its_line(
    old: str, new: str, line: int, words: str
) -> None:
    with pytest.raises(RuleInvalid) as found:
        parse(TWO_WAY.replace(old, new), FILE, {})
    assert f"settings.toml, line {line}: " in str(found.value) and words in str(found.value)


def test_a_table_of_users_becomes_one_option() -> None:
    table = '[integration.main.sage_50.users]\n"Emma Lee" = "emma@example.com"\nEL = "emma@example.com"\n'
    options = parse(TEXT + table, FILE, ENV).integrations[0].integration.connections["sage_50"].options
    assert json.loads(options["users"]) == {"Emma Lee": "emma@example.com", "EL": "emma@example.com"}


@pytest.mark.parametrize("address", ["", "emma"])
def test_a_user_without_an_address_is_a_fault(address: str) -> None:
    with pytest.raises(RuleInvalid, match=r"integration.main.sage_50.users.EL"):
        parse(f'{TEXT}[integration.main.sage_50.users]\nEL = "{address}"\n', FILE, ENV)
