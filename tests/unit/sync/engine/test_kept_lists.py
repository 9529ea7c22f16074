"""What a worker keeps of lists: nothing that the store does not name any more, and lent to one batch."""

from datetime import UTC, datetime, timedelta

from shared.sync.engine.kept_lists import FEW, KEPT_FOR, Kept, KeptLists, Parts

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
ROW = ["1", {"name": "Acme"}]


def test_only_parts_that_are_named_are_kept() -> None:
    parts = Parts()
    assert parts.of(["a", "b"], NOW) == {}
    parts.keep("a", {"1": ROW})
    parts.keep("b", {"2": None})
    assert parts.of(["b", "c"], NOW) == {"b": {"2": None}}
    assert parts.of(["a", "b"], NOW) == {"b": {"2": None}}


def test_all_is_read_again_after_a_while() -> None:
    parts = Parts()
    parts.of(["a"], NOW)
    parts.keep("a", {"1": ROW})
    assert parts.of(["a"], NOW + KEPT_FOR) and not parts.of(["a"], NOW + KEPT_FOR + timedelta(seconds=1))


def test_a_row_that_says_the_same_stays_the_same_object() -> None:
    parts = Parts()
    first = parts.keep("a", {"1": ROW, "2": ROW, "3": ROW})
    parts.rows = {one: row for one, row in first.items() if row is not None}
    again = parts.keep("b", {"1": ["1", {"name": "Acme"}], "2": ["1", {"name": "Borg"}], "3": None})
    assert again["1"] is first["1"] and again["2"] == ("1", {"name": "Borg"}) and again["3"] is None


def kept(rows: int) -> Kept:
    made = Kept()
    made.of("list").rows = {str(n): (None, {}) for n in range(rows)}
    return made


def test_it_is_lent_to_one_batch_at_a_time() -> None:
    lists, one = KeptLists(), kept(1)
    lists.give_back("main", "account", one)
    assert lists.take("main", "contact") is not one and lists.take("other", "account") is not one
    assert lists.take("main", "account") is one
    assert lists.take("main", "account") is not one


def test_one_long_list_and_a_few_short_ones() -> None:
    lists, long, short = KeptLists(), kept(FEW + 1), kept(5)
    lists.give_back("long", "account", long)
    lists.give_back("short", "account", short)
    assert lists.take("new", "account").size == 0
    assert lists.take("short", "account") is short and lists.take("long", "account") is not long
