"""Which AWS faults pass by themselves."""

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, ReadTimeoutError

from shared.errors import LinkContended, Unavailable
from shared.stores._faults import reaching
from tests.unit.stores.scripted import fault


@pytest.mark.parametrize(
    "one",
    [
        fault("ThrottlingException"),
        fault("ProvisionedThroughputExceededException"),
        fault("SlowDown", 503),
        fault("WhateverElse", 500),
        EndpointConnectionError(endpoint_url="http://x"),
        ReadTimeoutError(endpoint_url="http://x"),
    ],
)
def test_what_passes_is_unavailable(one: Exception) -> None:
    with pytest.raises(Unavailable, match="DynamoDB"), reaching("DynamoDB"):
        raise one


@pytest.mark.parametrize(
    "one", [fault("AccessDeniedException"), fault("ValidationException"), NoCredentialsError()]
)
def test_what_a_person_must_repair_goes_through_unchanged(one: Exception) -> None:
    with pytest.raises((ClientError, NoCredentialsError)) as caught, reaching("DynamoDB"):
        raise one
    assert caught.value is one


def test_a_row_in_another_transaction_is_contention() -> None:
    with pytest.raises(LinkContended, match="another worker"), reaching("DynamoDB"):
        raise fault("TransactionConflictException")
