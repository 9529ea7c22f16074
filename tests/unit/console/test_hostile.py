"""Cookies, forms and addresses that no browser of ours sends are answered like those of a stranger; what
records hold is shown, and does nothing."""

import pytest

from shared.console.pages import PAGES
from shared.console.sessions import SignedIn
from shared.settings import Integration
from tests.browser.console_world import KEY, Console
from tests.properties.rig import NAME
from tests.stories.customers import SAGE, VTIGER, Customers
from tests.stories.orders import SUGAR, Orders

COOKIES = [
    '"99999999999.\\351"',
    '"\\262.aa"',
    "9" * 5000 + ".aa",
    "99999999999.éé",
    '"\\331\\241.a"',
    "99999999999." + "0" * 64,
    ".",
    "\ud800.\ud800",
    "-1.aa",
]
FORMS = [
    "&".join(f"a{number}=1" for number in range(25)),
    "key=%ED%A0%80",
    "key=%ff%fe",
    "key=\ud800",
    "token=é",
    "key=" + "a" * 70_000,
    "\x00",
]


MARKUP = "<script>alert(1)</script>\"'&"
LONG = "W" * 255


@pytest.fixture(scope="module")
def console() -> Console:
    """One record of each kind of text that people type."""
    here = Orders()
    made = Console(here.rig, {"sugarcrm": "javascript:alert({id})", "sage_50": "https://books.example/{id}"})
    here.win("markup", name=MARKUP, amount="12.50", **{"account.name": MARKUP})
    here.win("long", name=LONG, amount=None, **{"account.name": LONG})
    here.win("<id>\"'&#%", name="strange id", amount=None)
    here.sync()
    made.letters.put("sales_order", MARKUP)
    made.letters.put("sales_order", '{"system": "<b>", "entity": "<i>", "record_id": "<u>"}')
    return made


def cookies(cookie: str) -> dict[str, list[str]]:
    return {"cookies": [f"tieout={cookie}"]}


@pytest.mark.parametrize("cookie", COOKIES)
def test_f3_a_hostile_cookie_is_asked_to_sign_in(console: Console, cookie: str) -> None:
    signed_in, console.cookie = console.cookie, f"tieout={cookie}"
    try:
        reply = console.get()
        assert (reply.status, "/-/sign-in?back=/" in reply.body) == (200, True)
        assert console.post("sync", token="1").status == 403
    finally:
        console.cookie = signed_in


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("path", ["deletions", "sync"])
@pytest.mark.parametrize("encoded", [False, True])
def test_f3_a_hostile_form_is_refused(console: Console, form: str, path: str, encoded: bool) -> None:
    assert console.send("POST", path, body=form, isBase64Encoded=encoded).status == 403


@pytest.mark.parametrize("record", ["x" * 60_000, "x" * 256, "", "*"])
def test_a_record_id_that_no_vendor_gives_is_not_queued(console: Console, record: str) -> None:
    assert console.post("retry", system=SUGAR, entity="sales_order", record=record).status == 404


@pytest.mark.parametrize("system", ["__class__", "vtiger", ""])
def test_f3_a_record_of_a_system_that_is_not_ours_is_not_queued(console: Console, system: str) -> None:
    assert console.post("retry", system=system, entity="sales_order", record="1").status == 404


QUERIES = [
    ("", {"message": MARKUP}, 200),
    ("", {"done": MARKUP, "n": MARKUP}, 200),
    ("", {"done": "queued", "n": "9" * 400}, 200),
    ("log", {"outcome": f'\x00"{MARKUP}'}, 404),
    ("log", {"outcome": "nonsense"}, 404),
    ("log", {"entity": "nonsense"}, 404),
    ("log", {"run": "\U0001f600"}, 404),
    ("log", {"run": "../../x"}, 404),
    ("log", {"since": "2026-13-40"}, 404),
    ("log", {"before": MARKUP}, 404),
    ("log", {"q": MARKUP}, 200),
    ("log", {"q": "x" * 10_000}, 200),
    ("log", {"rule": MARKUP}, 200),
    ("runs", {"before": MARKUP}, 404),
    ("open", {}, 404),
    ("open", {"kind": "held", "entity": "sales_order", "rule": MARKUP}, 404),
    ("sync", {"since": MARKUP}, 200),
    ("sync", {"since": "²" * 3}, 200),
    ("record", {}, 404),
    ("record", {"system": "a" * 3000, "entity": "x", "record": MARKUP}, 404),
    ("record", {"system": "sugarcrm", "entity": "sales_order", "record": "../../Users/1"}, 404),
    ("record", {"system": "sugarcrm", "entity": "sales_order", "record": "long", "since": "9" * 500}, 200),
    ("nothing-here", {}, 404),
    ("static", {}, 404),
]


@pytest.mark.parametrize(("page", "query", "status"), QUERIES)
def test_f3_a_hostile_address_shows_a_page_and_repeats_no_markup(
    console: Console, page: str, query: dict[str, str], status: int
) -> None:
    reply = console.get(page, **query)
    assert (reply.status, "<script>alert" in reply.body) == (status, False)


@pytest.mark.parametrize("words", ["Your session ended, send the key to x", "queued again"])
def test_f6_no_link_makes_the_console_say_anything(console: Console, words: str) -> None:
    for page in PAGES:
        if page != "log":
            assert words not in console.get(page, message=words, done=words, n=words, q=words).body


@pytest.mark.parametrize("method", ["PUT", "HEAD", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", [f"/{NAME}/", f"/{NAME}/../x", "//evil.example/", "/nobody/"])
def test_f3_what_is_no_page_is_not_found(console: Console, method: str, path: str) -> None:
    assert console.ask(method, path).status == 404


@pytest.mark.parametrize("path", ["/static/../router.py", "/static/tieout.css", "/static/", "/nobody/log"])
def test_what_is_no_file_and_no_integration_is_not_found(console: Console, path: str) -> None:
    assert console.ask("GET", path).status == 404


_ASKED = ("open", "record", "version", "log.csv", "log.json", "connection", "to-vendor")
"""Pages that need to be told of what, and files."""


def test_what_records_hold_is_shown_and_does_nothing(console: Console) -> None:
    shown = [console.get(page) for page in PAGES if page not in _ASKED]
    shown += [console.get("connection", system=SUGAR)]
    shown += [
        console.get("record", system=SUGAR, entity="sales_order", record=one)
        for one in ("markup", "long", "<id>\"'&#%")
    ]
    for reply in shown:
        assert reply.status == 200
        assert "<script>alert" not in reply.body and 'href="javascript:' not in reply.body
        assert "<b>" not in reply.body and "<u>" not in reply.body and "<id>" not in reply.body
    assert "&lt;script&gt;" in shown[0].body + shown[1].body


def test_a_spreadsheet_runs_nothing_that_a_record_holds() -> None:
    here = Orders()
    console = Console(here.rig)
    for number, name in enumerate(("=1+1", "@SUM(A1)", "+1", "-1", "\t=1")):
        here.win(f"deal-{number}", name=name, amount=None)
    here.sync()
    cells = [cell for line in console.get("log.csv").body.splitlines()[1:] for cell in line.split(",")]
    assert cells and not [cell for cell in cells if cell.strip('"').startswith(("=", "+", "-", "@", "\t"))]


def test_a_deep_link_to_a_record_of_another_integration_is_not_found() -> None:
    mine, theirs = Orders(), Customers()
    theirs.enter(VTIGER, "11x1", name="Secret Ltd")
    theirs.sync()
    mine.rig.world.integrations.save(Integration("other", theirs.rig.flow.name, {}))
    console = Console(mine.rig)
    known = {"system": VTIGER, "entity": "account", "record": "11x1"}
    assert console.get("record", **known).status == 404
    assert console.get("record", system=SAGE, entity="account", record="sage_accounting-1").status == 404
    assert "Secret" in Console(theirs.rig).get("record", **known).body


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
@pytest.mark.parametrize("action", ["sync", "retry", "dead-letters"])
def test_a_form_of_another_site_presses_nothing(console: Console, site: str, action: str) -> None:
    """Even where it knew the token."""
    form = {"token": console.token, "do": "drop"}
    reply = console.ask("POST", f"/{NAME}/{action}", form=form, headers={"Sec-Fetch-Site": site})
    assert reply.status == 403 and not console.polls.sent and len(console.letters.kept) == 2


@pytest.mark.parametrize("path", ["release", "deletions", "decide", "retry-group", "dead-letters"])
def test_f3_a_button_that_nobody_was_shown_does_nothing(console: Console, path: str) -> None:
    known = {"system": SUGAR, "entity": "sales_order", "record": "long"}
    reply = console.post(path, list="x", gone="yes", other="1", verdict="same", do="burn", **known)
    shown = console.follow(reply)
    assert reply.status == 303 and 'class="note bad"' in shown.body


def test_a_button_that_is_none_is_not_found(console: Console) -> None:
    assert console.post("nothing").status == 404


def test_another_session_is_no_key_to_a_form(console: Console) -> None:
    session = console.deployment.console.stores.sessions.load(KEY)
    assert session is not None
    assert console.post("sync", token=SignedIn("another-key", session).form_token).status == 403
