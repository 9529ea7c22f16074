"""What a refused or lost save becomes, scripted."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from shared.errors import LinkContended, Unavailable
from shared.stores._link_commit import LinkCommit
from shared.stores._link_rows import LinkRows
from shared.stores.body import Bodies
from tests.contract.stored import commit, link
from tests.contract.stores_world import START
from tests.unit.stores.scripted import ScriptedClient, fault

CLAIM = (("sugarcrm", "sales_order", "opp-1"),)


def _no_s3() -> Any:
    raise AssertionError("S3 was asked for although everything fits")


def _commits(client: ScriptedClient) -> LinkCommit:
    bodies = Bodies(_no_s3, "bucket")
    return LinkCommit(client, "state", LinkRows("acme", bodies))


def _cancelled(*codes: str, **first: Any) -> ClientError:
    reasons: list[dict[str, Any]] = [{"Code": code} for code in codes]
    reasons[0] |= first
    return fault("TransactionCanceledException", CancellationReasons=reasons)


def _own_save(request: dict[str, Any]) -> Any:
    """The answer to a repeat of a save that had worked: the row is already as we wrote it."""
    saved = {"s": request["ExpressionAttributeValues"][":s"], "v": {"N": "1"}}
    raise fault("ConditionalCheckFailedException", Item=saved)


def _own_transaction(request: dict[str, Any]) -> Any:
    values = request["TransactItems"][0]["Update"]["ExpressionAttributeValues"]
    raise _cancelled("ConditionalCheckFailed", "None", Item={"s": values[":s"], "v": {"N": "1"}})


def test_a_repeat_of_our_own_save_counts_as_done() -> None:
    assert _commits(ScriptedClient(_own_save)).save(commit(), START) == link(version=1)
    assert _commits(ScriptedClient(_own_transaction)).save(commit(claims=CLAIM), START) == link(version=1)


@pytest.mark.parametrize("codes", [("TransactionConflict", "None"), ("None", "TransactionConflict")])
def test_two_transactions_at_once_are_contention(codes: tuple[str, ...]) -> None:
    with pytest.raises(LinkContended, match="being saved by another worker"):
        _commits(ScriptedClient(_cancelled(*codes))).save(commit(claims=CLAIM), START)


def test_a_throttled_transaction_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="ThrottlingError"):
        _commits(ScriptedClient(_cancelled("ThrottlingError", "None"))).save(commit(claims=CLAIM), START)


def test_a_refusal_names_the_versions_or_the_holder() -> None:
    newer = fault("ConditionalCheckFailedException", Item={"v": {"N": "4"}})
    with pytest.raises(LinkContended, match=r"it is at version 4, and this work started from 2"):
        _commits(ScriptedClient(newer)).save(commit(expected=2), START)
    held = fault("ConditionalCheckFailedException", Item={"v": {"N": "2"}, "o": {"S": "worker-b"}})
    with pytest.raises(LinkContended, match="held by worker-b"):
        _commits(ScriptedClient(held)).save(commit(expected=2), START)


def test_a_missing_right_is_not_taken_for_contention() -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        _commits(ScriptedClient(fault("AccessDeniedException"))).save(commit(), START)
    with pytest.raises(ClientError, match="AccessDenied"):
        _commits(ScriptedClient(fault("AccessDeniedException"))).save(commit(claims=CLAIM), START)
