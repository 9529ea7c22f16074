"""The artifact check can fail: each way in which a function may be broken is told apart."""

import json
import urllib.request
from pathlib import Path

import pytest

from local.ci.check_artifact import Built, Result, wrong_shape
from local.ci.empty_account import EmptyAccount
from local.ci.runtime_api import Reply, RuntimeApi

BUILT = Built("AccountFunction", Path(), "functions.sync_entity.app.handler", {})


def call(address: str, path: str, body: object = None) -> object:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://{address}/2018-06-01/runtime/{path}", data=data)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.loads(answer.read())


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("init/error", "init error"),
        ("invocation/11111111-2222-4333-8444-555555555555/error", "error"),
        ("invocation/11111111-2222-4333-8444-555555555555/response", "response"),
    ],
)
def test_the_runtime_api_keeps_what_the_client_says(path: str, kind: str) -> None:
    api = RuntimeApi({"hello": 1}, "f", 5)
    try:
        assert call(api.address, "invocation/next") == {"hello": 1}
        call(api.address, path, {"said": "this"})
        assert api.reply(5) == Reply(kind, {"said": "this"})
    finally:
        api.close()


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (None, "no answer within 60 seconds"),
        (Reply("init error", {"errorMessage": "No module named 'httpx'"}), "No module named 'httpx'"),
        (Reply("error", {"errorType": "KeyError"}), "KeyError"),
        (Reply("response", {"batchItemFailures": None}), "expected a list of batchItemFailures"),
    ],
)
def test_a_broken_function_is_a_fault(reply: Reply | None, fault: str) -> None:
    assert fault in Result(BUILT, reply, 0.0, 1, "").fault


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("receive_webhook", {"statusCode": 404}),
        ("sync_entity", {"batchItemFailures": []}),
        ("poll_changes", {"polled": 0}),
    ],
)
def test_what_each_function_should_answer(name: str, body: object) -> None:
    assert wrong_shape(name, body) == ""


@pytest.mark.parametrize(
    ("name", "body"), [("console", {"statusCode": 500}), ("poll_changes", None), ("receive_webhook", {})]
)
def test_what_none_should_answer(name: str, body: object) -> None:
    assert wrong_shape(name, body)


def test_the_empty_account_has_nothing_and_takes_nothing() -> None:
    import boto3
    from botocore.exceptions import ClientError

    with EmptyAccount() as account:
        given = account.credentials
        dynamodb = boto3.client(
            "dynamodb",
            endpoint_url=given["AWS_ENDPOINT_URL"],
            region_name=given["AWS_REGION"],
            aws_access_key_id="nobody",
            aws_secret_access_key="nothing",
        )
        key = {"pk": {"S": "a"}, "sk": {"S": "b"}}
        assert "Item" not in dynamodb.get_item(TableName="state", Key=key)
        with pytest.raises(ClientError, match=r"refuses DynamoDB_20120810\.PutItem"):
            dynamodb.put_item(TableName="state", Item=key)
        assert account.refused == ["DynamoDB_20120810.PutItem"]
