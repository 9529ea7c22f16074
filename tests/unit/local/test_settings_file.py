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
            "integration.main.sugarcrm.api: 'v5' cannot be used: allowed: v11, v4_1",
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
        (
            "[integration.main.sage_50]",
            "[integration.main.sage_50]\ndaily_calls = 99",
            12,
            "sage_50.daily_calls: 99 cannot be used: it has to be at least 100",
        ),
        (
            "[integration.main.sage_50]",
            '[integration.main.sage_50]\nper_minute = "60"',
            12,
            "sage_50.per_minute: '60' cannot be used",
        ),
        ("[local]", "[loca]", 15, "there is no such field; allowed are integration, interval, local"),
        (
            "--sage_50",
            "--xero",
            2,
            "integration.main.flow: there is no flow 'sugarcrm--xero'; allowed: sage_sales_management--",
        ),
        ("user = ", "usr = ", 8, "integration.main.sugarcrm.usr: there is no such field"),
        ("user = ", "usr = ", 8, "; the value given is 'sync'; did you mean \"user\"?"),
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


ALL_AT_ONCE = """\
[integration.acme]
flow = "vtiger--sage_accounting"
live = "yes"
rules = "rules"

[integration.acme.directions]
invoice = "sideways"
prodct = "off"
contact = "from sage_accounting"

[integration.acme.brake]
percent = 200

[integration.acme.interval]
invoce = 30

[integration.acme.vtiger]
url = "crm.example"
usr = "tieout"
access_key = 12345

[integration.acme.sage_accounting]
client_id = "env:NOT_THERE"
client_secret = "secret"

[integration.other]
flow = "vtiger--sage"
brake = 5
[integration.other.vtiger]
url = "https://crm.example"
user = "tieout"
access_key = "key"
[integration.other.sage_accounting]
client_id = "x"
client_secret = "y"

[locl]
schedule_minutes = 15
"""


def test_m6_all_faults_of_a_file_and_its_rules_are_told_at_once(tmp_path: Path) -> None:
    rules = tmp_path / "rules" / "systems" / "vtiger"
    rules.mkdir(parents=True)
    (rules / "account.toml").write_text('[fields]\nnmae = "x"\nemail = 5\n')
    (rules / "contact.toml").write_text("[fields\n")
    (rules / "prodct.toml").write_text('label = "x"\n')
    file = tmp_path / "settings.toml"
    file.write_text(ALL_AT_ONCE)
    with pytest.raises(RuleInvalid) as found:
        load(file, {})
    told = str(found.value).replace(f"{file}, line ", "").splitlines()
    wanted = [
        ("3", "live", "'yes' cannot be used: write true or false, without quotes."),
        ("7", "directions.invoice", '"sideways" is not a direction; allowed: both, from sage_accounting'),
        ("8", "directions.prodct", 'did you mean "product"?'),
        ("12", "brake.percent", "200 cannot be used: it has to be at most 100."),
        ("15", "interval.invoce", 'did you mean "invoice"?'),
        ("17", "vtiger.user", "this field is missing."),
        ("18", "vtiger.url", "it should be an address such as https://crm.example."),
        ("19", "vtiger.usr", 'did you mean "user"?'),
        ("20", "vtiger.access_key", "the value cannot be used: write a text, in quotes."),
        ("23", "sage_accounting.client_id", "the environment has no variable 'NOT_THERE'"),
        ("27", "flow", "there is no flow 'vtiger--sage'; allowed: "),
        ("28", "brake", "5 cannot be used: write a table, such as [integration.other.brake]."),
        ("37", "locl", 'did you mean "local"?'),
    ]
    assert len(told) == len(wanted) + 3, told
    for (line, key, words), said in zip(wanted, told, strict=False):
        assert said.startswith(f"{line}: ") and f"{key}: " in said and words in said, said
    assert told[10].endswith('did you mean "vtiger--sage_accounting"?')
    rules_told = " ".join(told[len(wanted) :])
    for words in ("account.toml, line 3, fields.email", "vtiger/contact.toml", "vtiger/prodct.toml"):
        assert words in rules_told, rules_told
    assert "12345" not in str(found.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[integration]\n", "it must not be empty"),
        ("integration = 3\n", "3 cannot be used: write a table, such as [integration]."),
        ("[integration]\nacme = 3\n", "3 cannot be used: write a table, such as [integration.acme]."),
        ("[integration.acme]\nflow = 3\n", "3 cannot be used: write a text, in quotes."),
        ("[integration.acme]\nflow = true\n", "true cannot be used"),
        ("[integration.acme]\nrules = ['a']\n", '["a"] cannot be used'),
        ("[integration.acme]\ndirections = 'off'\n", "write a table, such as [integration.acme.directions]"),
        ("[integration.acme.directions]\ninvoice = 5\n", "directions.invoice: 5 cannot be used"),
        ("interval = 5\n", "write a table, such as [interval]"),
        ("[interval]\nuk = 5\n", "write a table, such as [interval.uk]"),
        ("[interval.uk]\nproduct = '5'\n", "interval.uk.product: '5' cannot be used"),
        ("[integration.acme.interval]\nproduct = 1.5\n", "interval.product: 1.5 cannot be used"),
        (
            "[integration.acme.sage_50]\nusers = 'x'\n",
            "write a table, such as [integration.acme.sage_50.users]",
        ),
        ("[integration.acme.sage_50]\nbase_currency = 'pounds'\n", "three capital letters, such as GBP"),
        ("[integration.acme.sage_50]\nusers = {a = 'b'}\n", "it should be an e-mail address"),
        ("[integration.acme]\nflow = 'x'\nrules = '.'\n", "there is no flow 'x'"),
        ("[local]\nschedule_minutes = 1.5\n", "write a whole number, without quotes"),
    ],
)
def test_no_fault_is_told_in_names_of_the_program(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(RuleInvalid) as found:
        parse(text, tmp_path / "settings.toml", {})
    told = str(found.value)
    assert words in told
    for name in (
        "input should",
        "instance of",
        "dictionary",
        "valid ",
        "pydantic",
        "Errno",
        "Error",
        "None",
        "True",
    ):
        assert name not in told, told


def test_a_file_that_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(
        RuleInvalid, match=r"none.toml: the settings file cannot be read: no such file or dir"
    ):
        load(tmp_path / "none.toml", ENV)
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(RuleInvalid, match="it is not a text in UTF-8"):
        load(tmp_path / "bytes.toml", ENV)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "one.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "settings.toml").write_text(TEXT.replace("live = true", 'rules = "rules"'))
    with pytest.raises(RuleInvalid, match=r"one.toml is not a text in UTF-8: save it as such"):
        load(tmp_path / "settings.toml", ENV)
    with pytest.raises(RuleInvalid, match=r"settings.toml, line 1: this is not valid TOML: "):
        parse("[integration", FILE, ENV)
