"""The promises of AskedStore, for both implementations; and what the AWS store leaves in its row."""

from datetime import timedelta
from random import Random

import pytest
from botocore.exceptions import ClientError

from shared.ports import Stores
from shared.ports.asked import LASTS, Asked
from tests.contract.stores_world import START, OnMoto

ASKED = Asked("id-1", "credentials", "sugarcrm", "ann@example.com", START, "p-1")
SECRET = {"user": "sync", "password": "s3cret-Straße-é"}


class TestAskedStore:
    """One suite, every implementation."""

    def test_what_was_asked_comes_back_once(self, stores: Stores) -> None:
        assert stores.asked.take("id-1", START) is None
        stores.asked.put(ASKED, SECRET)
        assert stores.asked.take("other", START) is None
        assert stores.asked.take("id-1", START + timedelta(minutes=14)) == (ASKED, SECRET)
        assert stores.asked.take("id-1", START) is None

    def test_what_is_too_old_is_not_done_and_is_gone(self, stores: Stores) -> None:
        stores.asked.put(ASKED, {})
        assert stores.asked.take("id-1", START + LASTS) is None
        assert stores.asked.take("id-1", START) is None

    @pytest.mark.parametrize("length", [0, 5_000, 12_000])
    def test_values_of_a_sensible_length_come_back(self, stores: Stores, length: int) -> None:
        values = {"code": "".join(chr(33 + number * 7919 % 90) for number in range(length))}
        stores.asked.put(ASKED, values)
        taken = stores.asked.take("id-1", START)
        assert taken is not None and taken[1] == values

    def test_two_integrations_never_meet(self, stores: Stores, others: Stores) -> None:
        stores.asked.put(ASKED, SECRET)
        assert others.asked.take("id-1", START) is None
        assert stores.asked.take("id-1", START) is not None


def test_nothing_of_it_can_be_read_in_its_row_or_opened_as_another(moto: OnMoto) -> None:
    """The row alone gives nothing away, and a row that was moved or changed opens nothing."""
    moto.stores("acme").asked.put(ASKED, SECRET)
    row = moto.clients.dynamodb.get_item(TableName="state", Key={"pk": {"S": "acme#Q"}, "sk": {"S": "id-1"}})
    text = str(row["Item"])
    assert "credentials" in text and not any(value in text for value in SECRET.values())
    moved = {**row["Item"], "system": {"S": "vtiger"}}
    moto.clients.dynamodb.put_item(TableName="state", Item=moved)
    with pytest.raises(ClientError):
        moto.stores("acme").asked.take("id-1", START)


def test_what_is_too_long_is_refused_before_anything_is_stored(stores: Stores) -> None:
    noise = "".join(chr(33 + byte % 90) for byte in Random(1).randbytes(60_000))
    with pytest.raises(ValueError, match="too long"):
        stores.asked.put(ASKED, {"password": noise})
    assert stores.asked.take("id-1", START) is None
