"""Least privilege, function by function."""

import pytest

from local.ci.template_file import Template, resources
from shared.settings import ENTITIES
from shared.stores.aws_provider import parameter_name
from shared.stores.aws_sessions import SESSIONS, SIGN_INS

from .shape import SYNC_FUNCTIONS, block_name, functions, grants, listed, may, statements, sync_function

NAME = parameter_name("${AWS::StackName}/")
QUEUES = tuple(f"{block_name(entity)}Queue" for entity in ENTITIES)
VENDOR_CALLERS = (*SYNC_FUNCTIONS, "PollFunction", "ReconcileFunction")
WILDCARD_ENDS = (
    "${ArchiveBucket.Arn}/archive/*",
    "${ArchiveBucket.Arn}/spill/*",
    "${ArchiveBucket.Arn}/spill/links/*",
    ":secret:${AWS::StackName}/*",
    ":secret:${AWS::StackName}-chat-*",
    ":secret:${AWS::StackName}-sign-in-*",
)
"""Prefixes of objects and secrets whose whole names cannot be known beforehand."""


def policies(template: Template) -> list[dict[str, object]]:
    found = [
        policy["Properties"]["PolicyDocument"]
        for policy in resources(template, "AWS::IAM::ManagedPolicy").values()
    ]
    for role in resources(template, "AWS::IAM::Role").values():
        found += [policy["PolicyDocument"] for policy in role["Properties"]["Policies"]]
    return [statement for document in found for statement in document["Statement"]]


def test_no_statement_allows_every_action(template: Template) -> None:
    assert not [
        action for statement in policies(template) for action in listed(statement["Action"]) if "*" in action
    ]


def test_no_statement_reaches_beyond_named_resources(template: Template) -> None:
    for statement in policies(template):
        for resource in listed(statement["Resource"]):
            assert isinstance(resource, dict), f"{resource} should be a reference to a resource of the stack"
            text = resource.get("Fn::Sub", "")
            text = text if isinstance(text, str) else text[0]
            assert "*" not in text or text.endswith(WILDCARD_ENDS), text


def test_every_role_is_written_out(template: Template) -> None:
    """With `Policies` or without `Role`, SAM adds managed policies that reach every log group and queue of
    the account."""
    for name, properties in functions(template).items():
        assert "Policies" not in properties, name
        assert properties["Role"]["Fn::GetAtt"][1] == "Arn"
    used = {properties["Role"]["Fn::GetAtt"][0] for properties in functions(template).values()}
    assert used == set(resources(template, "AWS::IAM::Role"))


def test_roles_name_only_policies_of_the_stack(template: Template) -> None:
    for role in resources(template, "AWS::IAM::Role").values():
        names = {reference["Ref"] for reference in role["Properties"]["ManagedPolicyArns"]}
        assert names <= set(resources(template, "AWS::IAM::ManagedPolicy"))


@pytest.mark.parametrize(
    "name",
    [
        "WebhookFunction",
        "PollFunction",
        "ReconcileFunction",
        "ConsoleFunction",
        "NotifyFunction",
        *SYNC_FUNCTIONS,
    ],
)
def test_each_function_writes_to_its_own_log_alone(template: Template, name: str) -> None:
    logs = {where for action, where in grants(template, name) if action.startswith("logs:")}
    assert logs == {
        str({"Fn::GetAtt": [functions(template)[name]["LoggingConfig"]["LogGroup"]["Ref"], "Arn"]})
    }


def test_the_webhook_reads_integrations_and_sends_and_no_more(template: Template) -> None:
    actions = {action for action, _ in grants(template, "WebhookFunction")}
    assert actions == {"logs:CreateLogStream", "logs:PutLogEvents", "dynamodb:GetItem", "sqs:SendMessage"}
    (read,) = [one for one in statements(template, "WebhookFunction") if one["Action"] == "dynamodb:GetItem"]
    assert read["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["#integrations"]}}


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_sync_function_receives_from_its_own_queue_only(template: Template, entity: str) -> None:
    received = [
        name
        for name in (*QUEUES, "PollQueue")
        if may(template, sync_function(entity), "sqs:ReceiveMessage", name)
    ]
    assert received == [f"{block_name(entity)}Queue"]


@pytest.mark.parametrize(
    "name", [*SYNC_FUNCTIONS, "WebhookFunction", "PollFunction", "ReconcileFunction", "ConsoleFunction"]
)
def test_every_function_can_send_to_every_entity(template: Template, name: str) -> None:
    assert all(may(template, name, "sqs:SendMessage", queue) for queue in QUEUES)


def test_nobody_may_write_to_a_dead_letter_queue_and_only_a_person_empties_one(template: Template) -> None:
    granted = {
        (name, action)
        for name in functions(template)
        for action, where in grants(template, name)
        if "DeadLetters" in where
    }
    assert {name for name, _ in granted} == {"ConsoleFunction"}
    assert "sqs:SendMessage" not in {action for _, action in granted}


def test_secrets_and_tokens_are_for_those_who_call_vendors(template: Template) -> None:
    for action in ("secretsmanager:GetSecretValue", "kms:Decrypt"):
        holders = {
            name for name in functions(template) if action in {one for one, _ in grants(template, name)}
        }
        assert holders - {"NotifyFunction", "ConsoleFunction"} == set(VENDOR_CALLERS)
    held = {where for action, where in grants(template, "ConsoleFunction") if "secretsmanager" in action}
    assert len(held) == 1 and "${AWS::StackName}-sign-in-*" in held.pop(), "not those of the vendors"
    sealing = [one for one in statements(template, "ConsoleFunction") if "kms:" in str(listed(one["Action"]))]
    condition = {"StringEquals": {"kms:EncryptionContext:purpose": "asked"}}
    assert [(one["Action"], one["Condition"]["Fn::If"][:2]) for one in sealing] == [
        ("kms:Encrypt", ["TlsOnly", condition])
    ], "it seals what a person typed for those who may open it, and can make no token"


def test_only_who_polls_stores_credentials(template: Template) -> None:
    """What was typed into the console is stored by the function that has tested it."""
    for action in ("secretsmanager:PutSecretValue", "secretsmanager:CreateSecret"):
        assert [name for name in functions(template) if action in str(grants(template, name))] == [
            "PollFunction"
        ]
    held = {where for action, where in grants(template, "PollFunction") if "secretsmanager:" in action}
    assert len(held) == 1 and held.pop().endswith(":secret:${AWS::StackName}/*'}")


def test_who_tells_people_reads_and_publishes_and_no_more(template: Template) -> None:
    held = grants(template, "NotifyFunction")
    assert {action for action, _ in held} == {
        "logs:CreateLogStream", "logs:PutLogEvents", "dynamodb:BatchGetItem", "dynamodb:GetItem",
        "dynamodb:Query", "s3:GetObject", "sns:Publish", "secretsmanager:GetSecretValue",
    }  # fmt: skip
    (secret,) = {where for action, where in held if action == "secretsmanager:GetSecretValue"}
    assert secret.endswith("${AWS::StackName}-chat-*'}"), "not those of the vendors"
    assert ("sns:Publish", "{'Ref': 'DigestTopic'}") in held


def test_no_function_but_the_console_can_read_back_the_archive_and_none_delete_it(template: Template) -> None:
    """A person tries a mapping on archived records; whoever reads them can write none."""
    for name in functions(template):
        held = {action for action, where in grants(template, name) if "/archive/" in where}
        assert held <= ({"s3:GetObject"} if name == "ConsoleFunction" else {"s3:PutObject"})
    lists = [one for one in statements(template, "ConsoleFunction") if one["Action"] == "s3:ListBucket"]
    assert [one["Condition"] for one in lists] == [{"StringLike": {"s3:prefix": "archive/*"}}]


@pytest.mark.parametrize("name", VENDOR_CALLERS)
def test_who_syncs_may_forget_a_link_with_its_large_rows_and_nothing_else_of_the_bucket(
    template: Template, name: str
) -> None:
    """Two records of one customer, each with a link of its own until they are matched, become one link."""
    deletes = {where for action, where in grants(template, name) if action == "s3:DeleteObject"}
    assert deletes == {str({"Fn::Sub": "${ArchiveBucket.Arn}/spill/links/*"})}
    (lists,) = [one for one in statements(template, name) if one["Action"] == "s3:ListBucket"]
    assert lists["Condition"] == {"StringLike": {"s3:prefix": "spill/links/*"}}


def test_who_syncs_keeps_tokens_that_only_the_token_key_opens(template: Template) -> None:
    """Vtiger's session and Sage's pair of tokens are renewed by whoever finds them ended."""
    for name in VENDOR_CALLERS:
        assert all(may(template, name, action, "TokenKey") for action in ("kms:Decrypt", "kms:Encrypt"))


def test_no_function_scans_a_table(template: Template) -> None:
    assert not [
        name
        for name in functions(template)
        if "dynamodb:Scan" in {action for action, _ in grants(template, name)}
    ]


def test_the_console_writes_a_persons_answers_and_nothing_else_of_the_state(template: Template) -> None:
    """Without this, "let it go on" is refused."""
    reading = {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}
    writes = [
        one
        for one in statements(template, "ConsoleFunction")
        if "StateTable" in str(one["Resource"]) and not reading.issuperset(listed(one["Action"]))
    ]
    (sessions,) = [one for one in writes if "ForAllValues:StringEquals" in one["Condition"]]
    assert sessions["Condition"] == {
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": [SESSIONS, SIGN_INS]}
    }
    writes.remove(sessions)
    keys = {one["Action"]: one["Condition"]["ForAllValues:StringLike"] for one in writes}
    assert keys == {
        "dynamodb:UpdateItem": {"dynamodb:LeadingKeys": ["*#S", "*#D#*"]},
        "dynamodb:BatchWriteItem": {"dynamodb:LeadingKeys": ["*#D"]},
        "dynamodb:PutItem": {"dynamodb:LeadingKeys": ["#integrations", "*#Q", "*#R"]},
        "dynamodb:DeleteItem": {"dynamodb:LeadingKeys": ["*#R"]},
    }


@pytest.mark.parametrize("queue", [*(f"{block_name(one)}DeadLetters" for one in ENTITIES), "PollDeadLetters"])
def test_the_console_looks_at_dead_letters_and_takes_nothing_from_a_living_queue(
    template: Template, queue: str
) -> None:
    taking = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility")
    assert all(may(template, "ConsoleFunction", action, queue) for action in taking)
    living = queue.replace("DeadLetters", "Queue")
    assert not any(may(template, "ConsoleFunction", action, living) for action in taking)
    assert may(template, "ConsoleFunction", "sqs:SendMessage", living), "where they are put back"


def test_the_console_reads_its_own_parameter_alone(template: Template) -> None:
    held = {where for action, where in grants(template, "ConsoleFunction") if action.startswith("ssm:")}
    assert held == {
        str({"Fn::Sub": f"arn:${{AWS::Partition}}:ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter{NAME}"})
    }
    others = [name for name in functions(template) if name != "ConsoleFunction"]
    assert not [name for name in others if "ssm:" in str(grants(template, name))]


@pytest.mark.parametrize("name", VENDOR_CALLERS)
def test_who_syncs_may_count_the_links_of_a_list(template: Template, name: str) -> None:
    """Asked for when so much of a list is missing that its length matters."""
    queries = {where for action, where in grants(template, name) if action == "dynamodb:Query"}
    assert any("index/by_status" in where for where in queries)
