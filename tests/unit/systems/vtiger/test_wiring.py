"""The connector in its place: settings, factory, webhooks, and the shipped rule files."""

from pathlib import Path

import pytest

from local.settings_file import parse
from shared.bootstrap import REGISTRY
from shared.bootstrap_webhook import PARSERS
from shared.errors import Halt
from shared.mapping.compile import compile_flow
from shared.systems.vtiger.webhook import VtigerWebhook
from tests.unit.systems.vtiger.fakes import Bench, Recorded, result_of

SETTINGS = """
[integration.main]
flow = "vtiger--sage_50"
[integration.main.vtiger]
url = "https://crm.example/vtiger"
user = "tieout"
access_key = "key"
tax = "VAT"
fresh_seconds = 3
[integration.main.sage_50]
url = "https://sage.example"
token = "t"
"""


def test_settings_keep_the_key_apart() -> None:
    (entry,) = parse(SETTINGS, Path("tieout.toml"), {}).integrations
    assert entry.integration.connections["vtiger"].options == {
        "url": "https://crm.example/vtiger",
        "api": "webservice",
        "tax": "VAT",
        "fresh_seconds": "3",
    }
    assert entry.secrets["vtiger"] == {"user": "tieout", "access_key": "key"}


def test_the_registries_know_it() -> None:
    assert "vtiger" in REGISTRY
    assert isinstance(PARSERS["vtiger"](), VtigerWebhook)


@pytest.mark.parametrize(
    "name, value", [("api", "soap"), ("sync", "yes"), ("fresh_seconds", "soon"), ("settle_seconds", "-1")]
)
def test_an_option_that_cannot_be_halts_with_its_name(name: str, value: str) -> None:
    with pytest.raises(Halt, match=name):
        Bench().system(**{name: value})


def test_every_field_of_the_shipped_rules_exists_on_real_servers() -> None:
    flow = compile_flow("vtiger--sage_accounting")
    for version in ("8.1.0", "8.4.0"):
        server = Recorded(
            version,
            {
                "query Tax": "query_Tax",
                "query Users": "query_Users",
                "query Currency": "query_Currency",
                "sync": "error_sync_http_500",
            },
        )
        specs = [entity.maps["vtiger"].spec for entity in flow.entities.values() if "vtiger" in entity.maps]
        found = Bench(answer=server).system().check(specs)
        assert [one for one in found if one.level == "error" and one.subject != "currency decimals"] == []
        lacking = {
            one.subject.partition(".")[2] for one in found if one.level == "warning" and "@" in one.subject
        }
        assert lacking == {path for spec in specs for path in spec.fields if path.startswith("@")}
    assert result_of("8.4.0", "login")["vtigerVersion"] == "8.4.0"
