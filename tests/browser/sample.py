"""Two companies' weeks, small enough to look at: orders one way, customers both ways."""

import json
from dataclasses import replace
from datetime import timedelta

from shared.domain import codec
from shared.domain.outcomes.unfinished import unexpected
from shared.operations.poll_messages import PreviewTask, message_of
from shared.operations.preview_run import run
from shared.operations.settings_versions import CONSOLE, FILE, Maker, stored_with_version
from shared.ports import Commit, Finding, Missing
from shared.ports.sessions import Provider
from tests.browser.console_world import Console
from tests.properties.rig import NAME
from tests.stories.customers import SAGE as LEDGER
from tests.stories.customers import VTIGER, Customers
from tests.stories.orders import SAGE, SUGAR, Orders

WON = (
    ("Fenwick: timber decking", "1,850.00", "FEN001"),
    ("Fenwick: timber decking", "640.00", "FEN001"),
    ("Harrogate Tea Rooms: oak counter", "2,310.50", "HAR001"),
    ("Ilkley Moor Lodge: twelve bed frames", "4,788.00", "ILK001"),
    ("Otley Library: reading desks", "975.25", "OTL001"),
    ("Saltaire Gallery: display plinths", "1,140.00", "SAL001"),
)
LONG = "Llanfairpwllgwyngyll" * 12 + "gogogochgogogoch"
CHECKED = (
    Finding(
        "warning",
        "sales_order",
        "The field accountsRef of 3 customers is longer than 8 letters: Sage 50 cuts it off",
    ),
    Finding("ok", "tax codes", "12 tax codes, in use: T1 (20 %), T5 (5 %), T0 (0 %)"),
    Finding("ok", "sales_order", "All 24 mapped fields exist"),
)
BUSINESSES = (
    {"id": "b0510e55000000000000000000000001", "name": "Example Trading Ltd", "active": True},
    {"id": "b0510e55000000000000000000000002", "name": "Example Lettings Ltd", "active": True},
    {"id": "b0510e55000000000000000000000003", "name": "Example Boats Ltd", "active": False},
)
URLS = {
    SUGAR: "https://crm.example.com/#Opportunities/{id}",
    SAGE: "",
    VTIGER: "https://crm.example.com/index.php?module={object}&view=Detail&record={number}",
    LEDGER: "https://accounts.example.com/contacts/{id}",
}


def orders(quiet: bool = False) -> Console:
    """SugarCRM and Sage 50: what went well, what is open for five reasons, and, unless `quiet`, what is
    stopped, and a name of 255 characters."""
    here = Orders()
    console = Console(here.rig, URLS)
    for reference in ("FEN001", "HAR001", "ILK001", "OTL001", "SAL001"):
        here.customer(reference)
    for number, (name, amount, customer) in enumerate(WON):
        account = {"account.name": name.partition(":")[0], "account_id": customer}
        here.win(f"opp-{number}", name=name, amount=amount.replace(",", ""), customer=customer, **account)
        if number in (0, 2, 5):
            here.sync(minutes=(number + 1) * 11 * 60)
    here.sync(minutes=200)
    blank = ("Keighley Mill: shelving", "Bingley Arms: bar stools", "Shipley Baths: benches")
    for number, name in enumerate(blank):
        here.win(f"blank-{number}", name=name, amount=None, **{"account.name": name.partition(":")[0]})
    here.sync()
    here.win("refund", name="Fenwick: returned decking", amount="-85.00", **{"account.name": "Fenwick"})
    here.win(
        "nobody",
        name="Guiseley Garden Centre: planters",
        amount="312.00",
        customer="GUI001",
        **{"account.name": "Guiseley Garden Centre"},
    )
    if not quiet:
        here.win("long", name=LONG, amount="100000000.00")
    here.sync()
    here.edit("opp-2", stage="Closed Lost")
    here.sync()
    here.sync(minutes=26 * 60)
    console.learned(SAGE, "Connected to 'Example Trading Ltd', Sage 29.1, service 2.4.", CHECKED)
    console.learned(SUGAR, "Signed in to SugarCRM (v11.20) as Tieout Sync.", CHECKED[-2:])
    here.win("new", name="Bolton Abbey: picnic tables", amount="1420.00", customer="HAR001")
    previewed(console)
    if not quiet:
        _stop(here)
        _letters(here, console)
        _versions(here)
        console.post("retry", system=SUGAR, entity="sales_order", record="refund")
    return console


def previewed(console: Console) -> None:
    """What the function of the polls makes of the button."""
    console.post("preview")
    for _, message in console.polls.sent:
        task = message_of(message)
        assert isinstance(task, PreviewTask)
        run(console.rig.services(), task)
    console.polls.sent.clear()


def _stop(here: Orders) -> None:
    store, now = here.rig.world.integrations, here.rig.clock.now()
    before = store.state(NAME)
    why = (
        "1204 of 1500 sales order records in SugarCRM changed, more than 50 %: none of it was carried over. "
        "If this is right, continue with `tieout sync --release`"
    )
    store.change_state(NAME, before, replace(before, braked={f"sales_order.{SUGAR}": why}))
    names = (
        "Fenwick: garden shed",
        "Saltaire Gallery: frames",
        "Otley Library: stools",
        "Bingley Arms: sign",
    )
    missing = here.rig.stores.missing
    missing.note(
        SUGAR, "sales_order", [Missing(f"gone-{n}", now, name, "asked", 20) for n, name in enumerate(names)]
    )
    missing.flag(SUGAR, "sales_order")
    here.rig.stores.gate.cool(
        SAGE, now + timedelta(minutes=8), "HyperAccounts did not answer within 30 seconds"
    )


def _letters(here: Orders, console: Console) -> None:
    for link in here.rig.links():
        if link.origin_id in ("opp-4", "opp-5"):
            failed = unexpected(KeyError("orderNumber"))
            saved = Commit(replace(link, outcome=failed), link.version, "worker")
            here.rig.stores.links.commit(saved, here.rig.clock.now())
    for record in ("opp-4", "opp-5"):
        console.letters.put("sales_order", codec.dumps(here.event(SUGAR, record)))
    console.letters.put("invoice", "not a message at all", group="")
    console.letters.put("poll", json.dumps({"integration": NAME, "entity": "sales_order", "system": SUGAR}))


def _versions(here: Orders) -> None:
    integrations, now = here.rig.world.integrations, here.rig.clock.now()
    for who, brake in (("root (command line)", {}), ("ann@example.com", {"records": 40})):
        before = integrations.load(NAME)
        after = replace(before, brake=brake, intervals={"default": 15})
        stored_with_version(integrations, before, after, Maker(who, CONSOLE if brake else FILE), now)


def customers() -> Console:
    """Vtiger and Sage Accounting: pairs, a conflict that the rules settled and one that a person must, three
    of one VAT number that nobody can tell apart, and one that was left out for good."""
    here = Customers('[account.fields.email]\nconflict = "hold"')
    console = Console(here.rig, URLS)
    here.enter(
        VTIGER, "11x1", name="Fenwick Fencing Ltd", phone="01943 600100", email="office@fenwick.example"
    )
    here.enter(VTIGER, "11x2", name="Ilkley Moor Lodge", phone="01943 600200")
    here.sync()
    here.wait(minutes=2)
    here.edit(VTIGER, "11x1", phone="01943 600111")
    here.edit(LEDGER, "11x1", phone="01943 600999", email="accounts@fenwick.example")
    here.sync()
    here.wait(minutes=2)
    here.enter(VTIGER, "11x4", name="Otley Joinery Ltd", phone="01943 600400", email="post@otley.example")
    here.enter(VTIGER, "11x5", name="Test Customer, please ignore", phone="01943 600500")
    here.sync()
    here.wait(minutes=2)
    here.edit(VTIGER, "11x4", email="sales@otley.example")
    here.edit(LEDGER, "11x4", email="accounts@otley.example")
    here.sync()
    console.post("skip", system=VTIGER, entity="account", record="11x5")
    here.rig.drain()
    here.enter(LEDGER, "c-10", name="Saltaire Gallery Prints Ltd", vat_number="GB980780684")
    here.edit(VTIGER, "11x2", phone="01943 600222")
    previewed(console)
    here.enter(LEDGER, "c-9", name="Saltaire Gallery Wholesale Ltd", vat_number="GB980780684")
    here.enter(VTIGER, "11x3", name="Saltaire Gallery Retail Ltd", vat_number="GB980780684")
    here.sync()
    here.wait(minutes=2)
    here.rig.world.provider.provider = Provider("https://issuer", "client", "https://tieout.example.com/")
    console.learned(LEDGER, "Connected to Example Trading Ltd.", CHECKED[-2:], BUSINESSES)
    return console
