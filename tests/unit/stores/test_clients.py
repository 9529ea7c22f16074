"""Clients are made when first used, once, with short time-outs."""

import pytest

from shared.stores.aws_clients import Clients


def test_a_client_is_made_once_and_gives_up_early() -> None:
    clients = Clients(region="eu-west-1")
    assert not {"sqs", "s3"} & set(vars(clients))
    assert clients.sqs is clients.sqs
    config = clients.sqs.meta.config
    assert (config.connect_timeout, config.read_timeout, config.retries["mode"]) == (3, 10, "standard")
    assert "s3" not in vars(clients)


@pytest.mark.parametrize(("endpoint", "style"), [(None, "auto"), ("http://localhost:4566", "path")])
def test_an_emulator_is_asked_for_buckets_by_path(endpoint: str | None, style: str) -> None:
    assert Clients(region="eu-west-1", endpoint_url=endpoint).s3.meta.config.s3["addressing_style"] == style
