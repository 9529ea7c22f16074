"""Which requests of the functions the emulated AWS fails, and how. Pure, but for its own random numbers.

Most of the time a few in a hundred; every few seconds one service fails most of them for a while. A fault
before the request has changed nothing; one *after* has done it and lost the answer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

STORM_EVERY, STORM_SECONDS = 8.0, 2.0
CALM_SHARE, STORM_SHARE = 0.03, 0.6
SERVICES = ("dynamodb", "sqs", "s3", "secretsmanager", "kms")
_SCOPE = re.compile(r"Credential=(\w+)/\d+/[^/]+/([a-z0-9]+)/")
_CONDITIONAL = ("PutItem", "UpdateItem", "DeleteItem")


@dataclass(frozen=True)
class Failure:
    """`executed`: the request was done before its answer was lost."""

    status: int
    content_type: str
    body: str
    executed: bool = False


def service_of(headers: Mapping[str, str]) -> str:
    """The service that a function's request is for; empty for anybody else's."""
    found = _SCOPE.search(headers.get("authorization", ""))
    return found[2] if found and found[1].startswith("ASIA") else ""


class AwsFaults:
    """`switched_on` is asked each time."""

    def __init__(self, seed: int = 1) -> None:
        self._random = Random(seed)
        self.counted: dict[str, int] = {}

    def failure(self, headers: Mapping[str, str], body: bytes, now: float) -> Failure | None:
        """`now` in seconds of a clock that does not jump."""
        service = service_of(headers)
        if service not in SERVICES or self._random.random() > self._share(service, now):
            return None
        kind, failure = self._chosen(service, headers.get("x-amz-target", "").rpartition(".")[2], body)
        name = f"{service} {kind}"
        self.counted[name] = self.counted.get(name, 0) + 1
        return failure

    def _share(self, service: str, now: float) -> float:
        storm, within = divmod(now, STORM_EVERY)
        stormy = within < STORM_SECONDS and SERVICES[int(storm) % len(SERVICES)] == service
        return STORM_SHARE if stormy else CALM_SHARE

    def _chosen(self, service: str, operation: str, body: bytes) -> tuple[str, Failure]:
        executed = self._random.random() < 0.3
        if service == "s3":
            code = self._random.choice(("InternalError", "SlowDown"))
            text = f"<Error><Code>{code}</Code><Message>We encountered a fault.</Message></Error>"
            return code, Failure(503 if code == "SlowDown" else 500, "application/xml", text, executed)
        if service == "dynamodb" and not executed:
            return self._of_table(operation, body)
        kinds = ("InternalServerError",) if executed else ("InternalServerError", "ThrottlingException")
        kind = self._random.choice(kinds)
        status = 400 if kind == "ThrottlingException" else 500
        return kind, _json(status, kind, executed=executed)

    def _of_table(self, operation: str, body: bytes) -> tuple[str, Failure]:
        kinds = ["ProvisionedThroughputExceededException", "InternalServerError", "ThrottlingException"]
        if operation in _CONDITIONAL and b'"ConditionExpression"' in body:
            kinds.append("ConditionalCheckFailedException")
        if operation == "TransactWriteItems":
            kinds.append("TransactionCanceledException")
        kind = self._random.choice(kinds)
        if kind != "TransactionCanceledException":
            return kind, _json(500 if kind == "InternalServerError" else 400, kind)
        items = body.count(b'"TableName"')
        reasons = ", ".join('{"Code": "TransactionConflict", "Message": "conflict"}' for _ in range(items))
        return kind, _json(400, kind, f', "CancellationReasons": [{reasons}]')


def _json(status: int, kind: str, more: str = "", *, executed: bool = False) -> Failure:
    text = f'{{"__type": "com.amazonaws#{kind}", "message": "a fault"{more}}}'
    return Failure(status, "application/x-amz-json-1.0", text, executed)
