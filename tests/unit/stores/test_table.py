"""Faults of DynamoDB's batch calls and pages, scripted."""

import pytest

from shared.errors import Unavailable
from shared.stores._attributes import from_wire, names, to_wire
from shared.stores._table import Condition, Table, under
from tests.unit.stores.scripted import Pauses, ScriptedClient, fault

ROW = {"pk": {"S": "a"}, "sk": {"S": "b"}}
LEFT = {"UnprocessedKeys": {"t": {"Keys": [{"pk": {"S": "c"}, "sk": {"S": "d"}}]}}}


def test_keys_left_unread_are_asked_for_again() -> None:
    client = ScriptedClient(
        {"Responses": {"t": [ROW]}, **LEFT}, {"Responses": {"t": [{**ROW, "n": {"N": "7"}}]}}
    )
    pauses = Pauses()
    assert list(Table(client, "t", pauses).get_many([("a", "b"), ("c", "d"), ("a", "b")])) == [
        {"pk": "a", "sk": "b"},
        {"pk": "a", "sk": "b", "n": 7},
    ]
    assert len(client.asked[0][1]["RequestItems"]["t"]["Keys"]) == 2
    assert client.asked[1][1]["RequestItems"] == LEFT["UnprocessedKeys"]
    assert len(pauses.seconds) == 1


def test_keys_that_stay_unread_are_never_taken_for_absent() -> None:
    client = ScriptedClient(*[{"Responses": {}, **LEFT}] * 6)
    with pytest.raises(Unavailable, match="unread 6 times"):
        list(Table(client, "t", Pauses()).get_many([("c", "d")]))
    assert client.exhausted


def test_rows_left_unwritten_are_written_again_and_reported_at_last() -> None:
    left = {"UnprocessedItems": {"t": [{"DeleteRequest": {"Key": ROW}}]}}
    client = ScriptedClient(left, {})
    Table(client, "t", Pauses()).write_many(deletes=[("a", "b"), ("c", "d")])
    assert client.asked[1][1]["RequestItems"] == left["UnprocessedItems"]
    with pytest.raises(Unavailable, match="unwritten"):
        Table(ScriptedClient(*[left] * 6), "t", Pauses()).write_many(deletes=[("a", "b")])


def test_pages_are_followed_and_only_as_far_as_read() -> None:
    client = ScriptedClient({"Items": [ROW], "LastEvaluatedKey": ROW}, {"Items": [ROW]})
    assert len(list(Table(client, "t").query(under("a", "b")))) == 2
    assert client.asked[1][1]["ExclusiveStartKey"] == ROW
    client = ScriptedClient({"Items": [ROW], "LastEvaluatedKey": ROW})
    next(Table(client, "t").query(under("a"), page=1))
    assert client.exhausted


def test_a_failed_condition_is_an_answer_and_other_refusals_are_not() -> None:
    failed = Table(ScriptedClient(fault("ConditionalCheckFailedException")), "t")
    assert failed.put({"pk": "a", "sk": "b"}, Condition("#n = :n", {":n": 1})) is False
    with pytest.raises(Unavailable):
        Table(ScriptedClient(fault("ThrottlingException")), "t").delete("a", "b")
    with pytest.raises(Exception, match="AccessDenied"):
        Table(ScriptedClient(fault("AccessDenied")), "t").delete("a", "b")


def test_attributes_keep_their_types_and_leave_out_what_is_not_there() -> None:
    item = {"s": "", "n": 3, "no": False, "b": b"x", "set": {"a", "b"}}
    assert from_wire(to_wire({**item, "none": None, "empty": set()})) == item
    with pytest.raises(TypeError, match="a float cannot be"):
        to_wire({"money": 1.5})
    assert names("#a = :b AND #c > :d") == {"#a": "a", "#c": "c"}
