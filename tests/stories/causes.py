"""Causes for which a record is not where somebody looks for it, each seeded by what would bring it about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from shared.domain.keys import link_id
from shared.domain.link import Intent, Lease, Link, Outcome, OutcomeKind, Side
from shared.domain.rules import FlowRule, Rule
from shared.errors import BadCredentials, MissingPermission, RecordRejected, Unavailable
from shared.ports import Commit, Parked, Run
from tests.properties.rig import NAME
from tests.stories.customers import VTIGER
from tests.stories.orders import SAGE, SUGAR, Orders
from tests.stories.world import World

DESKS = (SUGAR, "sales_order", "desks")
SMITH = (VTIGER, "account", "smith")
Given = Callable[[Orders], object]


def change(here: World, **values: Any) -> None:
    store = here.rig.world.integrations
    before = store.state(NAME)
    assert store.change_state(NAME, before, replace(before, **values))


def settings(here: World, **values: Any) -> None:
    store = here.rig.world.integrations
    store.save(replace(store.load(NAME), **values))


def stored(here: World, outcome: Outcome | None, **parts: Any) -> Link:
    """The link of the opportunity, as some earlier work left it."""
    own = link_id(NAME, "sales_order", SUGAR, "desks")
    sides = {SUGAR: Side("desks", label="Six desks")}
    at = here.rig.clock.now()
    link = Link(own, "sales_order", SUGAR, "desks", sides=sides, outcome=outcome, updated_at=at)
    lease = parts.pop("lease", None)
    owner = lease.owner if lease else "worker"
    return here.rig.stores.links.commit(Commit(replace(link, **parts), 0, owner, lease), at)


_SKIPPED = """
    WHERE DIRECTION NOT_LIVE CREATE_ONCE PRICING UNREADABLE MANDATORY NOT_MADE LINES ITEM ONE_TAX TAX
    INCLUDES_VAT EXCHANGE_RATE TOTALS RELEASED EMPTIED DELETED DELETES MOVED TURNED ELSEWHERE NO_ORDER
"""
_HELD = """
    PRICE MASK LINE_IDENTITY TOTALS NEGATIVE_LINE DELETES MISSING MOVED COPIED VANISHED REFERENCE CONFLICT
    MATCH TAKEN ORIGIN UNKNOWN_OUTCOME DOUBLED REJECTED NOT_STORED FLAPPING UNDO
"""
SAID: list[tuple[OutcomeKind, str]] = [
    *(("skipped", Rule[name]) for name in _SKIPPED.split()),
    *(("held", Rule[name]) for name in _HELD.split()),
    ("skipped", FlowRule("amount")),
    ("held", FlowRule("credit_note")),
    ("held", FlowRule("credit_limit")),
    ("waiting", Rule.REFERENCE),
    ("failed", Rule.UNEXPECTED),
]


def never_polled(here: Orders) -> None:
    here.win("desks")


def previews(here: Orders) -> None:
    here.win("desks")
    change(here, live=False)


def off(here: Orders) -> None:
    here.rig.flow = _directed(here, "off")


def other_way(here: Orders) -> None:
    here.rig.flow = _directed(here, f"from {SAGE}")


def _directed(here: Orders, direction: str) -> Any:
    entities = here.rig.flow.entities
    return replace(
        here.rig.flow,
        entities={**entities, "sales_order": replace(entities["sales_order"], direction=direction)},
    )


def filtered(here: Orders) -> None:
    here.edit("desks", stage="Negotiation/Review")


def filtered_in_the_log(here: Orders) -> None:
    filtered(here)
    here.hear(SUGAR, "desks")


def numbered(here: Orders) -> None:
    here.edit("desks", number="77")


def not_there(here: Orders) -> None:
    here.sync()


def deleted_before_anything(here: Orders) -> None:
    here.edit("desks", stage="Prospecting")
    here.hear(SUGAR, "desks")
    here.rig.systems[SUGAR].drop("Opportunities", "desks")


def merged(here: Orders) -> None:
    here.edit("desks")
    here.edit("tables")
    here.rig.systems[SUGAR].merge("Opportunities", "desks", "tables")


def fails(fault: Exception) -> Given:
    def given(here: Orders) -> None:
        here.win("desks")

        def on(call: str) -> None:
            if call == f"{SUGAR}.read":
                raise fault

        here.rig.line.on = on

    return given


def late(here: Orders) -> None:
    here.sync()
    here.rig.clock.advance(60)
    here.win("desks")


def unseen(here: Orders) -> None:
    """It was there, and won, before the list was read; the list did not show it."""
    here.win("desks")
    here.rig.clock.advance(60)
    now = here.rig.clock.now()
    here.rig.stores.log.put_run(Run("r", "poll", "sales_order", SUGAR, now, now, "done", "0 read"))
    here.rig.systems[SUGAR]._version = lambda *_: (now - timedelta(hours=1)).isoformat()  # type: ignore[attr-defined,method-assign]


def refused_by_rule(here: Orders) -> None:
    here.win("desks", amount=None)


def would_be_held(here: Orders) -> None:
    here.win("desks", amount="-3.00")


def would_wait(here: Orders) -> None:
    here.win("desks", customer="NOBODY01")


def at_work(here: Orders) -> None:
    stored(here, None, lease=Lease("another", here.rig.clock.now() + timedelta(seconds=60)))


def cut_off(here: Orders) -> None:
    now = here.rig.clock.now()
    intent = Intent(SAGE, "create", "KEY", now - timedelta(hours=1))
    stored(here, None, lease=Lease("another", now - timedelta(minutes=30), intent))


def parked(here: Orders) -> None:
    here.win("desks")
    at = here.rig.clock.now() + timedelta(hours=2)
    here.rig.stores.parks.park([Parked(here.event(SUGAR, "desks"), at, "Sage 50 is busy")])


def there(here: Orders) -> None:
    here.win("desks")
    here.sync()


def another_ones(here: Orders) -> None:
    stored(here, Outcome("created", "made"), sides={SUGAR: Side("other"), SAGE: Side("101", label="101")})
    here.rig.stores.links.claim(link_id(NAME, "sales_order", SUGAR, "desks"), [DESKS])


def half(here: Orders) -> None:
    stored(here, None, pending=True)


def frozen(here: Orders) -> None:
    stored(here, None, held={"amount": "both sides changed it"})


NOWHERE: list[tuple[str, Given, str]] = [
    ("next", never_polled, "nothing stands in its way"),
    ("previews only", previews, "not live yet"),
    ("switched off", off, "switched off"),
    ("wrong way", other_way, "takes no sales order records from there"),
    ("where", filtered, "sales stage is “Negotiation/Review”; this flow takes only “Closed Won”"),
    ("where", filtered_in_the_log, "“Negotiation/Review”"),
    ("numbered", numbered, "“77”"),
    ("no such record", not_there, "shows the sync user no sales order record desks"),
    ("no such record", deleted_before_anything, "no sales order record desks"),
    ("merged", merged, "merged into SugarCRM tables"),
    ("no right", fails(MissingPermission("no right to Opportunities")), "no right to Opportunities"),
    ("no such record", fails(RecordRejected("an id has 36 characters")), "36 characters"),
    ("not readable", fails(Unavailable("no answer")), "could not be asked: no answer"),
    ("not readable", fails(BadCredentials("wrong password")), "wrong password"),
    ("not polled yet", late, "the list was last read at"),
    ("never listed", unseen, "meets all conditions"),
    ("amount", refused_by_rule, "The amount is blank"),
    ("credit_note", would_be_held, "below zero"),
    ("waiting: reference", would_wait, "“NOBODY01” does not exist in Sage 50"),
    ("in hand", at_work, "at work on it"),
    ("unfinished", cut_off, "being created in Sage 50"),
    ("parked", parked, "Sage 50 is busy; tried again automatically at"),
    ("there", there, "it is in both systems: SugarCRM Deal desks and Sage 50 101"),
    ("other link", another_ones, "its place is taken by SugarCRM other and Sage 50 101"),
    ("half written", half, "a part of it was not written yet"),
    ("frozen field", frozen, "amount is left as it is on both sides: both sides changed it"),
]  # fmt: skip


def paused(here: Orders) -> None:
    here.rig.stores.gate.pause(SUGAR, "wrong password")


def cooling(here: Orders) -> None:
    here.rig.stores.gate.cool(SAGE, here.rig.clock.now() + timedelta(minutes=5), "429")


def braked(here: Orders) -> None:
    change(here, braked={f"sales_order.{SUGAR}": "1,000 records would change"})


def recovering(here: Orders) -> None:
    change(here, recovering_since=here.rig.clock.now())


def queued(here: Orders) -> None:
    here.rig.notify(SUGAR, "sales_order", "chairs")


def poll_stopped(here: Orders) -> None:
    now = here.rig.clock.now()
    here.rig.stores.log.put_run(
        Run("r", "poll", "sales_order", SUGAR, now, now, "stopped", "HTTP 422: Invalid field amuont")
    )


def new(here: Orders) -> None:
    return None


LISTS: list[tuple[str, Given, str]] = [
    ("paused", paused, "SugarCRM is paused: wrong password"),
    ("cooling", cooling, "Sage 50 is not called until"),
    ("braked", braked, "1,000 records would change"),
    ("recovering", recovering, "recovering since"),
    ("in the queue", queued, "not handled yet: 1 message of sales order records"),
    ("poll stopped", poll_stopped, "HTTP 422: Invalid field amuont"),
    ("never polled", new, "the list of sales order records in SugarCRM was not read yet"),
]
