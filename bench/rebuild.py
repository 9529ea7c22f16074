"""The tables are gone: everything is linked again from what both systems hold, by one command.

The real polls, engine and sweep on vendors in memory, which count what they are asked for. A quarter of the
records are customers that go both ways, the others orders made once.
"""

from collections import Counter
from typing import Any

from bench.figures import Figures, at_most, exactly, told
from local.stack.integrations import recover
from tests.properties.orders import deal, order_rig, sage_orders
from tests.properties.rig import NAME, Rig
from tests.stories.customers import SAGE, VTIGER, Customers

BATCH, AT_ONCE = 50, 1_000
"""As the queues deliver; and larger ones while the records are linked for the first time, which is not
measured."""
QUARTERS, MOST = 6, 60
"""An hour and a half, after which the sweep may end a recovery; and more while polls find more than they may
queue at once."""


def run(records: int = 20_000) -> Figures:
    """Figures by name."""
    asked, doubled, linked = Counter[str](), 0, 0
    customers = records // 4
    for count, make in ((customers, _customers), (records - customers, _orders)):
        rig, held = make(count)
        before, saved = {name: len(rows) for name, rows in held().items()}, rig.world.save()
        assert _whole(rig) == count, "not all of them were linked to begin with"
        rig.world.restore({**{key: {} for key in saved}, "dynamodb": _settings(saved["dynamodb"])})
        state = rig.world.integrations.state(NAME)
        assert not rig.links() and state.live, "the tables are gone, and the settings are there"
        recover(rig.world.integrations, rig.clock.now())
        _count(rig, asked)
        _work(rig)
        assert rig.world.integrations.state(NAME).recovering_since is None, "the recovery did not end"
        doubled += sum(len(rows) - before[name] for name, rows in held().items())
        linked += _whole(rig)
    name = f"rebuilding {records} linked records from nothing"
    return {
        f"{name}: linked again": exactly(linked, records, "records"),
        f"{name}: doubled": exactly(doubled, 0, "records"),
        f"{name}: creates that were tried": exactly(asked["create"], 0, "calls"),
        f"{name}: vendor reads a record": at_most(asked["calls"] / records, 1, "calls"),
        f"{name}: records read one by one, beside the lists": told(
            asked["read"] / records, "a linked record"
        ),
        f"{name}: commands": exactly(1, 1, "`tieout recover --settings FILE`"),
    }


def _customers(count: int) -> tuple[Rig, Any]:
    here = Customers()
    for number in range(count):
        here.enter(VTIGER, f"c{number}", name=f"Customer {number} Ltd", email=f"c{number}@example.test")
    _work(here.rig, AT_ONCE)
    return here.rig, lambda: {system: here.native(system) for system in (VTIGER, SAGE)}


def _orders(count: int) -> tuple[Rig, Any]:
    rig = order_rig()
    for number in range(count):
        deal(rig, f"deal-{number}", sales_order_no_c=None)
    _work(rig, AT_ONCE)
    return rig, lambda: {"sage_50": sage_orders(rig)}


def _work(rig: Rig, batch: int = BATCH) -> None:
    for quarter in range(MOST):
        rig.clock.advance(900)
        queued = sum(polled.queued for polled in rig.poll())
        while rig.deliver(batch):
            pass
        if quarter + 1 >= QUARTERS and not queued:
            break
    rig.reconcile()
    while rig.deliver(batch):
        pass


def _whole(rig: Rig) -> int:
    """A customer knows both sides again; an order its ledger's, under the key that its opportunity's next
    event computes again."""
    wanted = {"account": {VTIGER, SAGE}, "sales_order": {"sage_50"}}
    return sum(wanted.get(link.entity, {""}) <= set(link.sides) for link in rig.links())


def _settings(rows: Any) -> Any:
    """What the settings file stores again: the integration, and whether it is live."""
    return {key: value for key, value in rows.items() if key[1] in ("integration", "integrations", "state")}


def _count(rig: Rig, asked: Counter[str]) -> None:
    for system in rig.systems.values():
        for name in ("read", "find", "create", "update"):
            setattr(system, name, _counting(getattr(system, name), name, asked))


def _counting(call: Any, name: str, asked: Counter[str]) -> Any:
    def counted(spec: Any, given: Any, *rest: Any, **more: Any) -> Any:
        asked[name] += len(given) if name in ("read", "find") else 1
        asked["calls"] += name in ("read", "find")
        return call(spec, given, *rest, **more)

    return counted
