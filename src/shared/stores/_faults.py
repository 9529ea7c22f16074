"""Sorts AWS errors by what must happen next, once, for every store.

Throttling, outages and lost connections become `Unavailable`. A missing right or a wrong request stays the
client's own error: a person has to change the deployment, so it must end in the dead-letter queue, not in a
retry.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import (  # type: ignore[import-untyped,unused-ignore]
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    HTTPClientError,
)

from shared.errors import LinkContended, Unavailable

CONDITION = "ConditionalCheckFailedException"
CANCELLED = "TransactionCanceledException"
_CONFLICT = "TransactionConflictException"
_PASSING = {
    "InternalError",
    "InternalServerError",
    "KMSInternalException",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "TransactionInProgressException",
}


def code(fault: ClientError) -> str:
    return str(fault.response.get("Error", {}).get("Code", ""))


@contextmanager
def reaching(service: str) -> Iterator[None]:
    """Raises Unavailable for temporary faults, LinkContended for a row in another worker's transaction.

    Everything else goes through unchanged.
    """
    try:
        yield
    except ClientError as fault:
        if passing(fault):
            raise Unavailable(
                f"{service} cannot answer at the moment ({code(fault)}); it will be tried again"
            ) from fault
        if code(fault) == _CONFLICT:
            raise LinkContended("another worker is saving the same rows; it will be tried again") from fault
        raise
    except (HTTPClientError, EndpointConnectionError, ConnectionClosedError) as fault:
        raise Unavailable(
            f"{service} could not be reached ({type(fault).__name__}); it will be tried again"
        ) from fault


def passing(fault: ClientError) -> bool:
    status: Any = fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code(fault) in _PASSING or status >= 500
