"""What a poll costs that finds nothing new: with no linked record, with 100,000 of them, and with records
that wait.

The links are really in the table (of moto, put there past its HTTP face); the second quiet poll is the one
counted.
"""

from datetime import UTC, datetime

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table

from bench.figures import Figure, Figures, at_most, exactly, told
from bench.installation import Installation, installation
from shared.domain.keys import link_id
from shared.domain.link import Base, Link, Outcome, Side
from shared.ports import Commit
from shared.settings import ENTITIES
from shared.stores._attributes import to_wire
from shared.stores._link_rows import LinkRows
from shared.stores.body import Bodies

_ACCOUNT, _REGION = "123456789012", "eu-west-1"
WAITING = 50


def run(links: int = 100_000) -> Figures:
    """Figures by name."""
    figures: Figures = {}
    for api in ("v11", "v4_1"):
        with installation(api) as here:
            here.accounts(1)
            figures |= _quiet(here, f"idle cycle, 0 linked records, {api}")
            fill(links)
            figures |= _quiet(here, f"idle cycle, {links} linked records, {api}")
    with installation("v11") as here:
        here.accounts(1)
        return figures | _waiting(here)


def _quiet(here: Installation, name: str) -> Figures:
    _settle(here)
    sugar, sage = here.sugar_calls(), here.sage_calls()
    sign_ins = {one: number for one, number in sugar.items() if "login" in one or "oauth2" in one}
    calls = sum(sugar.values()) + sum(sage.values()) - sum(sign_ins.values())
    return {
        f"{name}: vendor calls": exactly(
            calls, 1, "calls", ", ".join(sorted({**sugar, **sage} - sign_ins.keys()))
        ),
        f"{name}: sign-ins": told(sum(sign_ins.values()), "calls"),
        **_messages(here, name),
        f"{name}: DynamoDB writes beyond the runs": _beyond_run(here),
        f"{name}: DynamoDB reads": told(
            here.aws.operations("dynamodb").total() - len(here.aws.writes()), "requests"
        ),
    }


def _settle(here: Installation) -> None:
    """The first cycles sign in and note the rules' version; the one after the second quiet one is counted."""
    for _ in range(2):
        here.world.tick()
        here.world.drain()
    here.forget()
    here.world.tick()


def _messages(here: Installation, name: str) -> Figures:
    queue = here.world.aws.stores("main").queue
    return {
        f"{name}: poll messages": exactly(here.aws.operations("sqs").total(), 1, "requests", "the tick's"),
        f"{name}: messages on the entity queues": exactly(
            sum(queue.depth(entity) for entity in ENTITIES), 0, "messages"
        ),
    }


def _beyond_run(here: Installation) -> Figure:
    kinds = here.aws.by_kind()
    runs, noted = kinds.pop("run", 0), kinds.pop("state", 0)
    assert noted == 1, f"a message of the clock is noted once, not {noted} times"
    assert runs == 1, f"a poll writes its run row once, not {runs} times"
    counted = kinds.pop("calls", 0)
    assert counted == 1, f"the calls of a tick are added up once, not {counted} times"
    return exactly(sum(kinds.values()), 0, "requests", ", ".join(sorted(kinds)))


def _waiting(here: Installation) -> Figures:
    """Opportunities whose customers do not exist in Sage yet: their customers are looked for, in one search
    for 50."""
    here.accounts(WAITING + 1, known=False)
    ids = here.won(WAITING, first=1, accounts=WAITING)
    here.world.tick()
    here.world.drain()
    assert {here.world.outcome(one).kind for one in (ids[0], ids[-1])} == {"waiting"}
    _settle(here)
    sugar, sage, name = here.sugar_calls(), here.sage_calls(), f"idle cycle, {WAITING} waiting records, v11"
    return {
        f"{name}: vendor calls": at_most(
            sum(sugar.values()) + sum(sage.values()), 2, "calls", ", ".join(sorted({**sugar, **sage}))
        ),
        **_messages(here, name),
        f"{name}: DynamoDB writes beyond the runs": told(
            len(here.aws.writes()) - 3, "requests", ", ".join(sorted(here.aws.by_kind()))
        ),
        f"{name}: DynamoDB reads": told(
            here.aws.operations("dynamodb").total() - len(here.aws.writes()), "requests"
        ),
    }


def fill(count: int) -> None:
    """`count` links of orders that were made, straight into moto's state table."""
    table: Table = dynamodb_backends[_ACCOUNT][_REGION].get_table("state")
    rows = LinkRows("main", Bodies(lambda: None, "archive"))
    one = _link()
    _, _, values = rows.change(Commit(one, 1, "bench"), b"bench")
    item = to_wire({name.removeprefix(":"): value for name, value in values.items()})
    for number in range(count):
        own = link_id("main", "sales_order", "sugarcrm", f"filled-{number}")
        table.put_item({**item, "pk": {"S": rows.pk(own)}, "sk": {"S": "link"}})
    assert sum(map(len, table.items.values())) >= count


def _link() -> Link:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    seen = {"name": "Shelving", "amount": "100.00", "sales_order_no_c": "1001"}
    sides = {
        "sugarcrm": Side("filled", "1", seen, {"number": 1}, "rules", at, at, "Shelving"),
        "sage_50": Side("1001", None, {"orderNumber": "1001"}, {"name": 1}, "rules", at, at, "1001"),
    }
    return Link(
        "filled",
        "sales_order",
        "sugarcrm",
        "filled",
        1,
        0,
        {"number": Base("1001", 1, "sage_50")},
        sides,
        Outcome("created", "sage_50 sales order 1001 made"),
        False,
        "rules",
        updated_at=at,
    )
