"""Lives through an integration of the toy system with an emulated Vtiger, and prints as JSON what came of it.

Run in a process of its own, with the `src` that the toy was added to in front of all others.
"""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shared.systems.cards.system import CARDS, LOOKED_AFTER, put

from bench.site import MovableClock
from local.settings_file import parse
from local.stack.integrations import store
from local.vendors._serve import serve
from local.vendors.vtiger.app import build_app
from local.vendors.vtiger.options import VtigerOptions
from shared.domain.titles import title
from shared.errors import RuleInvalid
from shared.operations.connect import connect
from shared.operations.receive_webhook import receive
from shared.stores.memory import MemoryWorld
from tests.e2e.pair_people import Books, Clerk, Sales
from tests.e2e.pair_world import PairWorld

SETTINGS = """\
[integration.main]
flow = "vtiger--cards"
live = true

[integration.main.vtiger]
url = "{url}"
user = "tieout"
access_key = "TieoutAccessKey1"

[integration.main.cards]
drawer = "bottom"
pin = "4711"
"""
FILE = Path("settings.toml")
WRONG = {
    "unknown option": ('drawer = "bottom"', 'shelf = "bottom"'),
    "unknown option from the environment": ('drawer = "bottom"', 'shelf = "env:SHELF"'),
    "unknown option like a secret": ('pin = "4711"', 'pinn = "4711"'),
    "not a choice": ('"bottom"', '"middle"'),
    "too large": ('drawer = "bottom"', "most_cards = 501"),
    "secret of a wrong kind": ('"4711"', "4711"),
    "secret missing": ('pin = "4711"\n', ""),
}


def refused(old: str, new: str) -> str:
    try:
        parse(SETTINGS.replace(old, new), FILE, {"SHELF": "a value of the environment"})
    except RuleInvalid as fault:
        return str(fault)
    return ""


@contextmanager
def installation() -> Iterator[PairWorld]:
    """What `tieout up --settings FILE` stores, on the memory stores."""
    with serve(build_app(VtigerOptions(version="8.1.0"))) as crm:
        desk, clock = Clerk(crm.url), MovableClock()
        here = PairWorld(Sales(desk), Books(desk), clock, MemoryWorld(clock.now), [], {})
        settings = parse(SETTINGS.replace("{url}", crm.url), FILE, {})
        store(settings, here.world.integrations, lambda name: here.world.stores(name).secrets)
        yield here
        desk.close()


def organisations(here: PairWorld) -> dict[str, str]:
    """name -> telephone number, as Vtiger has them."""
    return {
        row["accountname"]: row["phone"]
        for row in here.sales.desk.get("/records/Accounts")
        if not row.get("deleted")
    }


def card(name: str) -> dict[str, Any]:
    return next((one for one in CARDS.values() if one["name"] == name), {})


def hooked(here: PairWorld, number: str) -> dict[str, Any]:
    """The webhook's address as `tieout connect` shows it, then a call of it."""
    services = here.services()
    try:
        said = [one.message for one in connect(services, "cards", "https://hooks.example")]
    finally:
        services.close()
    found = re.search(r"https://hooks\.example(\S+)\?object=(\w+)", " ".join(said))
    assert found is not None, said
    request = {
        "rawPath": found[1],
        "queryStringParameters": {"object": found[2]},
        "requestContext": {"http": {"method": "POST"}},
        "body": number,
    }
    answer = receive(request, here.world.integrations, here.world.queue)
    return {"said": " ".join(said), "status": answer.status, "handled": here.drain()}


def story() -> dict[str, Any]:
    told: dict[str, Any] = {name: refused(*change) for name, change in WRONG.items()}
    with installation() as here:
        here.sales.organisation("Acme", phone="0113 496 0000")
        put("card-a", name="Bolts Ltd", phone="0121 496 0001")
        here.cycle()
        here.cycle()
        told["carried over"] = [card("Acme").get("phone"), organisations(here).get("Bolts Ltd")]
        put("card-a", phone="0121 496 0002")
        here.cycle()
        told["changed"] = organisations(here).get("Bolts Ltd")
        put("card-a", phone="0121 496 0003")
        told["hook"] = hooked(here, "card-a")
        told["after the hook"] = organisations(here).get("Bolts Ltd")
        told["failed"], told["log"] = here.failed, here.tell()
        told["options"] = dict(here.world.integrations.load("main").connections["cards"].options)
    return told | {
        "title": title("cards"),
        "looked after": LOOKED_AFTER,
        "from": sys.modules["shared"].__path__[0],
    }


if __name__ == "__main__":
    print(json.dumps(story()))
