"""Links that sign in on the local stack: once, for minutes, and no more of them than a person opens."""

from local.stack.tickets import LASTS_SECONDS, Tickets


def test_a_ticket_works_once() -> None:
    tickets = Tickets()
    first, second = tickets.issue("admin@localhost", 0), tickets.issue("viewer@localhost", 0)
    assert tickets.take(second, 1) == "viewer@localhost"
    assert (tickets.take(second, 1), tickets.take("guess", 1), tickets.take("\ud800", 1)) == ("", "", "")
    assert tickets.take(first, LASTS_SECONDS - 1) == "admin@localhost"


def test_an_old_ticket_is_worth_nothing() -> None:
    tickets = Tickets()
    old = tickets.issue("admin@localhost", 0)
    assert tickets.take(old, LASTS_SECONDS) == ""


def test_the_oldest_makes_room() -> None:
    tickets = Tickets()
    made = [tickets.issue(f"u{number}", 0) for number in range(25)]
    assert [tickets.take(one, 0) for one in made] == [""] * 5 + [f"u{number}" for number in range(5, 25)]
