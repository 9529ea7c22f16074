"""What is read without botocore is what botocore would have read, and asked for as it would have been."""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote, urlencode

import botocore.session
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from local.stack.quick_client import QuickClient

SESSION = botocore.session.Session()
KEY, SECRET, REGION = "tieout-local", "of this test", "eu-west-2"
ROW = {
    "pk": {"S": "main"},
    "v": {"N": "3"},
    "b": {"B": b"\x00\xff"},
    "B": {"S": "a text"},
    "on": {"BOOL": True},
}


class Stand:
    """A server that keeps what it was asked and answers what it was told to: (status, content)."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, bytes]] = []
        self.hang_up = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.asked.append((self.command, self.path, headers, body))
                status, content = outer.answers.pop(0) if outer.answers[1:] else outer.answers[0]
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.0")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                self.close_connection = outer.hang_up

            do_GET = do_POST

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"

    def botocore(self, service: str) -> Any:
        return SESSION.create_client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            config=Config(retries={"max_attempts": 0}, proxies={}),
        )

    def quick(self, service: str, whole: Any = None) -> Any:
        return QuickClient(
            service, self.endpoint, REGION, KEY, SECRET, whole or (lambda: pytest.fail("botocore was asked"))
        )


@pytest.fixture
def stand() -> Iterator[Stand]:
    made = Stand()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def coded(value: Any) -> bytes:
    return json.dumps(value, default=lambda found: base64.b64encode(found).decode()).encode()


READS = [
    (
        "dynamodb",
        "get_item",
        {"TableName": "t", "Key": {"pk": {"S": "a"}}, "ConsistentRead": True},
        {"Item": ROW},
    ),
    ("dynamodb", "get_item", {"TableName": "t", "Key": {"pk": {"B": b"\xfe"}}}, {}),
    (
        "dynamodb",
        "batch_get_item",
        {"RequestItems": {"t": {"Keys": [{"pk": {"S": "ä"}}], "ConsistentRead": True}}},
        {"Responses": {"t": [ROW, ROW]}, "UnprocessedKeys": {}},
    ),
    (
        "dynamodb",
        "query",
        {
            "TableName": "t",
            "KeyConditionExpression": "#pk = :pk",
            "ExpressionAttributeNames": {"#pk": "pk"},
            "ExpressionAttributeValues": {":pk": {"S": "a b"}},
            "ScanIndexForward": False,
        },
        {"Items": [ROW], "Count": 1, "LastEvaluatedKey": {"pk": {"S": "main"}}},
    ),
    (
        "sqs",
        "get_queue_attributes",
        {"QueueUrl": "http://127.0.0.1:1/1/q", "AttributeNames": ["ApproximateNumberOfMessages"]},
        {"Attributes": {"ApproximateNumberOfMessages": "7"}},
    ),
    ("lambda", "list_event_source_mappings", {}, {"EventSourceMappings": [{"State": "Enabled"}]}),
    (
        "lambda",
        "list_event_source_mappings",
        {"Marker": "a b/=&"},
        {"EventSourceMappings": [], "NextMarker": "2"},
    ),
]


@pytest.mark.parametrize(("service", "method", "asked", "answer"), READS)
def test_it_asks_what_botocore_asks_and_finds_what_botocore_finds(
    stand: Stand, service: str, method: str, asked: dict[str, Any], answer: dict[str, Any]
) -> None:
    stand.answers = [(200, coded(answer))]
    found = getattr(stand.quick(service), method)(**asked)
    wanted = getattr(stand.botocore(service), method)(**asked)
    del wanted["ResponseMetadata"]
    assert found == wanted
    (verb, path, headers, body), (other_verb, other_path, others, other_body) = stand.asked
    assert (verb, path) == (other_verb, other_path)
    assert (json.loads(body or b"0"), headers.get("x-amz-target")) == (
        json.loads(other_body or b"0"),
        others.get("x-amz-target"),
    )


@given(
    query=st.dictionaries(
        st.sampled_from(["Marker", "MaxItems", "FunctionName"]), st.text("aB9 /+=&~é%", min_size=1)
    ),
    body=st.binary(max_size=50),
    secret=st.text("aB9 /+é", min_size=1),
)
@settings(max_examples=30, deadline=None)
def test_the_signature_is_botocores(query: dict[str, str], body: bytes, secret: str) -> None:
    client = QuickClient("lambda", "http://127.0.0.1:1234", REGION, KEY, secret, lambda: None)
    text = urlencode(sorted(query.items()), quote_via=quote)
    signed = client._signed("POST", "/a/b/", text, {"X-Amz-Target": "T.Get"}, body)
    theirs = AWSRequest("POST", f"http://127.0.0.1:1234/a/b/?{text}", {"X-Amz-Target": "T.Get"}, body)
    theirs.context["timestamp"] = signed["X-Amz-Date"]
    theirs.headers["X-Amz-Date"] = signed["X-Amz-Date"]
    signer = SigV4Auth(Credentials(KEY, secret), "lambda", REGION)
    signature = signer.signature(signer.string_to_sign(theirs, signer.canonical_request(theirs)), theirs)
    assert signed["Authorization"].endswith(f"Signature={signature}")


def test_what_is_not_answered_well_is_asked_by_botocore_and_its_words_stand(stand: Stand) -> None:
    refused = {"__type": "com.amazonaws#ResourceNotFoundException", "message": "no such table"}
    stand.answers = [(400, coded(refused))]
    client = stand.quick("dynamodb", lambda: stand.botocore("dynamodb"))
    with pytest.raises(ClientError, match="no such table"):
        client.get_item(TableName="t", Key={"pk": {"S": "a"}})
    assert len(stand.asked) == 2


def test_what_it_does_not_read_botocore_does(stand: Stand) -> None:
    stand.answers = [(200, b"{}")]
    client = stand.quick("dynamodb", lambda: stand.botocore("dynamodb"))
    client.put_item(TableName="t", Item=ROW)
    assert stand.asked[0][2]["x-amz-target"].endswith("PutItem")
    assert client.meta.region_name == REGION


def test_a_line_that_was_closed_meanwhile_is_opened_again(stand: Stand) -> None:
    stand.answers, stand.hang_up = [(200, coded({"Item": ROW}))], True
    client = stand.quick("dynamodb")
    for _ in range(3):
        assert client.get_item(TableName="t", Key={"pk": {"S": "a"}}) == {"Item": ROW}


def test_a_server_that_is_gone_is_left_to_botocore(stand: Stand) -> None:
    asked = list[str]()

    class Whole:
        def get_item(self, **_: Any) -> dict[str, Any]:
            asked.append("whole")
            return {}

    client = QuickClient("dynamodb", "http://127.0.0.1:9", REGION, KEY, SECRET, Whole)
    assert client.get_item(TableName="t") == {} and asked == ["whole"]
