"""What the tests of the template ask of it again and again."""

from collections.abc import Iterator
from typing import Any

from local.ci.template_file import Template, resources
from shared.settings import ENTITIES


def block_name(entity: str) -> str:
    """sales_order -> SalesOrder, with which every logical name of an entity's block begins."""
    return "".join(word.title() for word in entity.split("_"))


def block(template: Template, entity: str) -> dict[str, Any]:
    """The resources of one entity, logical names without the entity's."""
    name = block_name(entity)
    own = {
        f"{name}{part}"
        for part in (
            "Function",
            "Queue",
            "DeadLetters",
            "Role",
            "Logs",
            "ErrorAlarm",
            "WaitingAlarm",
            "DeadLetterAlarm",
            "DeadLetterAgeAlarm",
        )
    }
    return {key.removeprefix(name): template["Resources"][key] for key in template["Resources"] if key in own}


def functions(template: Template) -> dict[str, dict[str, Any]]:
    """Logical name -> properties, with Globals laid under."""
    shared = template["Globals"]["Function"]
    return {
        name: {**shared, **found["Properties"]}
        for name, found in resources(template, "AWS::Serverless::Function").items()
    }


def sync_function(entity: str) -> str:
    return f"{block_name(entity)}Function"


SYNC_FUNCTIONS = tuple(sync_function(entity) for entity in ENTITIES)


def event_sources(properties: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [event["Properties"] for event in properties.get("Events", {}).values() if event["Type"] == kind]


def statements(template: Template, function: str) -> Iterator[dict[str, Any]]:
    """Every statement that a function's role holds, its own and those of the policies it names."""
    role = template["Resources"][functions(template)[function]["Role"]["Fn::GetAtt"][0]]["Properties"]
    for policy in role["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]
    for reference in role["ManagedPolicyArns"]:
        yield from template["Resources"][reference["Ref"]]["Properties"]["PolicyDocument"]["Statement"]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def grants(template: Template, function: str) -> set[tuple[str, str]]:
    """(action, resource as text) for all that a function may do."""
    return {
        (action, str(resource))
        for statement in statements(template, function)
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def may(template: Template, function: str, action: str, resource: str) -> bool:
    """`resource` is a logical name."""
    return any(
        action == granted and f"'{resource}'" in where for granted, where in grants(template, function)
    )
