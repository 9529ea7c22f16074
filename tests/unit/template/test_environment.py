"""What the code reads from its environment is what the template sets, and what the command line finds in the
outputs."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from local.ci.template_file import Template
from shared.settings import read_environment

from .shape import event_sources, functions

ROOT = Path(__file__).parents[3]
POWERTOOLS = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE"}
IN_OUTPUTS = {
    "STATE_TABLE",
    "LOG_TABLE",
    "ARCHIVE_BUCKET",
    "TOKEN_KEY",
    "SECRET_PREFIX",
    "QUEUE_PREFIX",
    "POLL_QUEUE",
    "SWEEP_QUEUE",
    "LOG_DAYS",
}


class Noted(Mapping[str, str]):
    """An environment that has every variable and notes which were asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return "1"

    def __iter__(self) -> Iterator[str]:
        return iter(self.asked)

    def __len__(self) -> int:
        return len(self.asked)


def test_the_template_sets_exactly_what_is_read(template: Template) -> None:
    environment = Noted()
    read_environment(environment)
    shared = set(template["Globals"]["Function"]["Environment"]["Variables"])
    assert shared - POWERTOOLS == environment.asked - {"ENTITY", "DEAD_LETTER_PREFIX"}
    assert shared >= POWERTOOLS


def test_few_functions_add_variables(template: Template) -> None:
    for name, properties in functions(template).items():
        own = template["Resources"][name]["Properties"].get("Environment", {}).get("Variables", {})
        added = {
            "functions.sync_entity.app.handler": {"ENTITY"},
            "functions.notify.app.handler": {"DIGEST_TOPIC", "CHAT_SECRET"},
            "functions.console.app.handler": {"DEAD_LETTER_PREFIX"},
        }
        assert set(own) == added.get(properties["Handler"], set())


def test_outputs_spell_the_environment(template: Template) -> None:
    spelled = {
        re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper(): output["Value"]
        for name, output in template["Outputs"].items()
    }
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    assert {name: spelled[name] for name in IN_OUTPUTS} == {name: variables[name] for name in IN_OUTPUTS}


def test_runtime_and_architecture(template: Template) -> None:
    shared = template["Globals"]["Function"]
    assert (shared["Runtime"], shared["CodeUri"]) == ("python3.13", "src/")
    assert template["Parameters"]["Architecture"]["Default"] == "arm64"


def test_handlers_exist(template: Template) -> None:
    for properties in functions(template).values():
        module, function = properties["Handler"].rsplit(".", 1)
        path = ROOT / "src" / Path(*module.split(".")).with_suffix(".py")
        assert f"def {function}(" in path.read_text()


def test_what_is_built_is_what_is_tested() -> None:
    """sam build reads `src/requirements.txt`; tests and the local stack use the one at the top."""
    pins = [
        set(re.findall(r"^([a-z0-9_.-]+==[^ ]+)", (ROOT / name).read_text(), re.M))
        for name in ("requirements.txt", "src/requirements.txt")
    ]
    assert pins[0] == pins[1]
    assert not [pin for pin in pins[1] if pin.startswith(("boto3", "botocore"))], (
        "the Lambda runtime brings boto3"
    )


def test_schedules(template: Template) -> None:
    (poll,) = event_sources(functions(template)["PollFunction"], "ScheduleV2")
    assert poll["ScheduleExpression"] == {"Fn::Sub": "rate(${PollMinutes} minutes)"}
    assert template["Parameters"]["PollMinutes"]["Default"] == 15
    (daily,) = event_sources(functions(template)["ReconcileFunction"], "ScheduleV2")
    assert daily["ScheduleExpression"] == {"Ref": "ReconcileAt"}


def test_only_webhook_and_console_face_the_internet(template: Template) -> None:
    open_ones = {
        name: found["FunctionUrlConfig"]
        for name, found in functions(template).items()
        if "FunctionUrlConfig" in found
    }
    assert open_ones == {"WebhookFunction": {"AuthType": "NONE"}, "ConsoleFunction": {"AuthType": "NONE"}}


def test_a_restored_table_takes_the_place_of_the_first(template: Template) -> None:
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["STATE_TABLE"] == {
        "Fn::If": ["StateRestored", {"Ref": "RestoredStateTable"}, {"Ref": "StateTable"}]
    }
    text = str(template["Resources"])
    assert "{'Fn::GetAtt': ['StateTable', 'Arn']}" not in text, (
        "a right on the first table would not reach a restored one"
    )
    assert "{'Fn::GetAtt': ['LogTable', 'Arn']}" not in text
