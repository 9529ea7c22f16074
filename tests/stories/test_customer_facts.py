"""What Sage says of a customer (on hold, currency, tax code, nominal) is asked for when the order is about to
be made, with Sage's lane held: once for each customer of a batch, and never ten seconds too late."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.stories.orders import SAGE, SUGAR
from tests.stories.test_vat import Sales

CUSTOMERS = ("BAKER001", "JONES001", "SMITH001")


class Asked(Sales):
    """`asked_about` holds (customer, whether the whole record, when) for each that Sage was asked about,
    `made` the customer of each order with the time at which it was sent."""

    def __init__(self, pace: float = 0.1, seconds_each: float = 0) -> None:
        """Sage takes `pace` for each order, and `seconds_each` to tell of each customer."""
        super().__init__()
        self.asked_about: list[tuple[str, bool, float]] = []
        self.made: list[tuple[str, float]] = []
        self.product("BOLT", "1")
        ledger, clock = self.rig.systems[SAGE], self.rig.clock
        start, find, create = clock.now(), ledger.find, ledger.create

        def seconds() -> float:
            return (clock.now() - start).total_seconds()

        def ask(spec: Any, path: str, values: Sequence[str]) -> Any:
            if spec.entity == "account":
                for one in values:
                    self.asked_about.append((one, spec.whole, seconds()))
                    clock.advance(seconds_each)
            return find(spec, path, values)

        def make(spec: Any, values: Any, key: str) -> Any:
            self.made.append((values["customerAccountRef"], seconds()))
            clock.advance(pace)
            return create(spec, values, key)

        ledger.find, ledger.create = ask, make  # type: ignore[method-assign]

    def queue(
        self, count: int, customers: Sequence[str] = CUSTOMERS, cause: str = "poll", **more: Any
    ) -> None:
        """So many opportunities of these customers in turns are won, and told of by a poll or by hooks."""
        for one in set(customers):
            self.buyer(one, "1", "GB")
        deals = [f"deal{number:02}" for number in range(count)]
        for number, deal in enumerate(deals):
            self.win(deal, customer=customers[number % len(customers)], **more)
        if cause == "poll":
            self.rig.poll()
        self.tell: Callable[[], object] = (
            (lambda: self.rig.handle(self.rig.world.receive("sales_order", count)))
            if cause == "poll"
            else (lambda: self.hear(SUGAR, *deals))
        )

    def others_have_the_lane(self, meanwhile: Callable[[], object]) -> None:
        """Another function makes orders when this one comes to make its own."""
        ledger = self.rig.systems[SAGE]

        def reserve(spec: Any, seconds: float) -> bool:
            del ledger.reserve  # type: ignore[attr-defined]
            self.rig.clock.advance(3)
            meanwhile()
            return True

        ledger.reserve = reserve  # type: ignore[method-assign]

    def times_asked(self) -> Counter[str]:
        return Counter(customer for customer, _, _ in self.asked_about)

    def ages(self) -> list[float]:
        """How old what Sage said of its customer was when each order was sent."""
        return [
            at - max(when for one, _, when in self.asked_about if one == customer and when <= at)
            for customer, at in self.made
        ]


@pytest.mark.parametrize("cause", ["poll", "hook"])
@pytest.mark.parametrize(("item", "whole"), [("BOLT", True), (None, False)])
def test_d_each_customer_of_a_batch_is_asked_about_once(cause: str, item: str | None, whole: bool) -> None:
    """Thirty orders at a tenth of a second each. Single records are read only where a line has an item of its
    own, for the box "Use default"."""
    here = Asked()
    here.queue(30, cause=cause, code_c=item)
    here.tell()
    assert len(here.made) == 30
    assert here.times_asked() == dict.fromkeys(CUSTOMERS, 1)
    assert {one for _, one, _ in here.asked_about} == {whole}


@pytest.mark.parametrize("cause", ["poll", "hook"])
def test_d_a_slow_ledger_is_asked_about_each_customer_once_too(cause: str) -> None:
    """Two seconds a create: who is asked about singly is asked about when the order's turn is near."""
    here, everybody = Asked(pace=2), [f"BUYER{number:03}" for number in range(20)]
    here.queue(20, everybody, cause, code_c="BOLT")
    here.tell()
    assert len(here.made) == 20 and max(here.ages()) <= 10
    assert here.times_asked() == dict.fromkeys(everybody, 1)


@pytest.mark.parametrize("item", ["BOLT", None])
@pytest.mark.parametrize("seconds_each", [0.5, 3, 6])
def test_d_no_order_is_made_of_what_was_asked_too_long_ago(item: str | None, seconds_each: float) -> None:
    """A service that takes so long to tell of each customer."""
    here = Asked(1, seconds_each)
    here.queue(8, [f"BUYER{number:03}" for number in range(8)], code_c=item)
    here.tell()
    assert len(here.made) == 8 and max(here.ages()) <= 10


@pytest.mark.parametrize("cause", ["poll", "hook"])
def test_d_a_customer_put_on_hold_while_others_had_the_lane(cause: str) -> None:
    here = Asked()
    here.queue(1, ["JONES001"], cause)
    here.others_have_the_lane(lambda: here.rig.systems[SAGE].put("customer", "JONES001", {"onHold": True}))
    here.tell()
    assert here.made == []
    here.says("skipped", "on hold", rule="customer_not_on_hold")


@pytest.mark.parametrize("cause", ["poll", "hook"])
@pytest.mark.parametrize("item", ["BOLT", None])
def test_d_defaults_changed_while_others_had_the_lane_are_what_is_charged(
    cause: str, item: str | None
) -> None:
    here = Asked()
    here.queue(1, ["JONES001"], cause, code_c=item)
    changed = {"defTaxCode": "5", "defTaxCodeUseDefault": True, "defNomCode": "4001"}
    here.others_have_the_lane(lambda: here.rig.systems[SAGE].put("customer", "JONES001", changed))
    here.tell()
    assert here.lines()["JONES001"][:2] == ("5", "5")


def test_d_what_changed_in_a_first_look_is_still_said_after_a_second() -> None:
    """The last of ten is looked at twice: with all, and once more when its turn has come."""
    here = Asked(pace=2)
    here.queue(10)
    here.edit("deal09", amount="250.00")
    here.tell()
    here.says("created", "100.00", "250.00", "while it waited", of="deal09")


def test_who_has_no_customer_to_ask_about_does_not_wait_for_the_lane() -> None:
    here = Asked()
    here.queue(1)
    here.others_have_the_lane(lambda: pytest.fail("nothing is to be made"))
    here.edit("deal00", customer=None)
    here.win("dear", amount="0.00")
    here.hear(SUGAR, "deal00", "dear")
    assert here.asked_about == [] and here.log() == ["waiting", "skipped"]
