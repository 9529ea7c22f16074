"""The console in a real browser: nothing that axe calls a fault, nothing wider than a phone, all of it by
keyboard, and an outcome that comes by itself."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_core_python  # type: ignore[import-untyped,unused-ignore]
import pytest

from tests.browser.console_world import Console
from tests.browser.sample import customers, orders
from tests.browser.served import served
from tests.browser.visits import CUSTOMERS, ORDERS, sign_in, visit
from tests.integration.browser import Page, browser, installed
from tests.stories.orders import Orders
from tests.unit.console.settings_world import Settled

pytestmark = pytest.mark.skipif(not installed(), reason="no Chromium here: make browser")

AXE = (Path(str(axe_core_python.__file__)).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
FOUND = """axe.run(document, RULES).then(found => found.violations.map(
  one => [one.id, one.help, one.nodes.map(node => node.html.slice(0, 200))]))"""
FEW = {"resultTypes": ["violations"]}
CONTRAST = FOUND.replace("RULES", json.dumps({"runOnly": ["color-contrast"], **FEW}))
ALL = FOUND.replace("RULES", json.dumps({"runOnly": TAGS, **FEW}))
OVERFLOW = """[...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .filter(one => !one.closest('.hidden, .skip'))
  .map(one => one.outerHTML.slice(0, 120))"""
NARROW = """[...document.querySelectorAll('main p, main td, main li, main .what')]
  .filter(one => one.textContent.trim().length > 40 && one.offsetParent)
  .filter(one => one.getBoundingClientRect().width < 120)
  .map(one => one.outerHTML.slice(0, 120))"""

ENTERED = """
for (const [name, value] of [['name', 'date_closed'], ['how', 'gte'], ['value', '2026-12-01']])
  document.querySelector(`[name="row.2.${name}"]`).value = value;
document.querySelector('[name="row.2.value"]').dispatchEvent(new Event('change', { bubbles: true }));"""
BAD = """
const main = document.querySelector('main');
main.insertAdjacentHTML('beforeend', '<img src="x"><input>');
for (const style of ['color: #999; background: #aaa', 'width: 20px', 'width: 900px']) {
  const one = document.createElement('p');
  one.textContent = 'one letter under another, for longer than anybody reads';
  one.style.cssText = style;
  main.append(one);
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with browser(tmp_path_factory.mktemp("browser")) as made:
        yield made


@pytest.fixture(
    scope="module", params=[(orders, ORDERS), (customers, CUSTOMERS)], ids=["orders", "customers"]
)
def shown(request: Any, page: Page) -> Iterator[tuple[str, dict[str, str]]]:
    make, paths = request.param
    with served(make()) as address:
        sign_in(page, address)
        yield address, dict(paths)


def test_every_page_is_accessible_and_fits_a_phone(page: Page, shown: tuple[str, dict[str, str]]) -> None:
    """Light and dark, also with 255 characters without a space."""
    address, paths = shown
    for name, path in paths.items():
        page.looks_like(390, 844)
        visit(page, address, path)
        assert (name, page.run("document.documentElement.scrollWidth"), page.run(OVERFLOW)) == (name, 390, [])
        assert (name, page.run(NARROW)) == (name, [])
        page.run(AXE + "; 0")
        assert (name, page.run(ALL)) == (name, [])
        page.looks_like(1280, 800, dark=True)
        assert (name, page.run(OVERFLOW), page.run(CONTRAST)) == (name, [], [])


@pytest.mark.parametrize("path", ["", "log"])
def test_the_content_is_one_key_away(page: Page, shown: tuple[str, dict[str, str]], path: str) -> None:
    page.looks_like(1280, 800)
    visit(page, shown[0], path)
    page.press("Tab")
    assert page.run("document.activeElement.textContent") == "Skip to the content"
    page.press("Enter")
    page.until("document.activeElement.id === 'main'")
    assert page.run("[...document.querySelectorAll('a, button, input')].every(one => one.tabIndex >= 0)")


def test_the_checks_find_what_they_look_for(page: Page, shown: tuple[str, dict[str, str]]) -> None:
    page.looks_like(390, 844)
    visit(page, shown[0], "health")
    page.run(AXE + "; 0")
    page.run(BAD)
    assert {one[0] for one in page.run(ALL)} >= {"image-alt", "color-contrast", "label"}
    assert page.run("document.documentElement.scrollWidth") > 390
    assert page.run(OVERFLOW) and page.run(NARROW)


def test_a_person_mends_an_opportunity_retries_it_and_sees_it_created(page: Page) -> None:
    """Two clicks, and no reload."""
    here = Orders()
    here.win("fenwick", name="Fenwick: timber decking", amount=None)
    here.sync()
    console = Console(here.rig)
    with served(console) as address:
        sign_in(page, address)
        visit(page, address, "")
        page.run("document.querySelector('.records a.name').click()")
        page.until("document.querySelector('form[action$=retry] button')")
        here.edit("fenwick", amount="1250.00")
        here.rig.clock.advance(60)
        page.run("document.querySelector('form[action$=retry] button').click()")
        page.until("document.querySelector('[data-follow]')")
        worker = threading.Timer(0.3, here.rig.drain)
        worker.start()
        page.until("document.querySelector('.state.created') && !document.querySelector('[data-follow]')")
        worker.join()
        assert "1,250.00 GBP" in page.run("document.querySelector('h1').textContent")
        assert "done=" not in page.run("location.search")


def test_a_mapping_is_checked_as_one_edits_and_what_was_entered_stays(page: Page) -> None:
    here = Orders()
    here.win("fenwick", amount="120.00", **{"account.name": "Fenwick Fencing Limited"})
    here.sync()
    with served(Console(here.rig)) as address:
        sign_in(page, address)
        visit(page, address, "mapping?entity=sales_order")
        page.run("document.querySelector('button[value=delivery_name]').click()")
        page.until("document.querySelector('.editor')")
        for typed, shown in (
            ("7", "'.differs td:last-child')?.textContent === 'Fenwick'"),
            ("0", "'.note.bad')"),
        ):
            page.run(f"document.getElementById('max-sage_50').value = '{typed}'")
            page.run(
                "document.getElementById('max-sage_50').dispatchEvent(new Event('change', {bubbles: true}))"
            )
            page.until(f"document.querySelector({shown}")
        assert page.run("document.getElementById('max-sage_50').value") == "0"


def test_the_page_needs_no_script_from_elsewhere_and_runs_none_of_a_record(page: Page) -> None:
    here = Orders()
    here.win("evil", name="<img src=x onerror=window.hit=1><script>window.hit=1</script>", amount=None)
    here.sync()
    with served(Console(here.rig)) as address:
        sign_in(page, address)
        for path in ("", "log", "record?system=sugarcrm&entity=sales_order&record=evil"):
            visit(page, address, path)
            assert page.run("window.hit") is None and "onerror" in page.run("document.body.innerText")
            page.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.hit=1>')")
            page.run("new Promise(done => setTimeout(done, 50))")
            assert page.run("window.hit") is None, "the policy forbids inline script"


def test_the_pages_before_the_sign_in_are_accessible_and_the_way_out_works(page: Page) -> None:
    with served(Console(Orders().rig)) as address:
        sign_in(page, address)
        page.run("document.querySelector('form[action$=sign-out] button').click()")
        page.until("location.pathname === '/-/signed-out'")
        for path in ("/-/signed-out", "/main/log?q=x"):
            page.looks_like(390, 844)
            page.open(f"{address}{path}")
            assert page.run("document.querySelector('main a').textContent") == "Sign in"
            page.run(AXE + "; 0")
            assert (path, page.run(ALL), page.run(OVERFLOW)) == (path, [], [])


def test_a_person_adds_a_condition_sees_what_it_does_and_saves_it(page: Page) -> None:
    """Four clicks; what is entered is checked as it is entered."""
    here = Orders()
    here.win("fenwick", name="Fenwick: timber decking", amount="1250.00")
    here.sync()
    console = Settled(here)
    with served(console) as address:
        sign_in(page, address)
        visit(page, address, "mapping?entity=sales_order")
        page.run("document.querySelector('button[value=\"where:sugarcrm\"]').click()")
        page.until("document.querySelector('[name=\"row.2.name\"]')")
        page.run(ENTERED)
        page.until("document.querySelector('#not-stored')")
        assert "date_closed is at least “2026-12-01”" in page.run(
            "document.querySelector('#checked').textContent"
        )
        page.run("document.querySelector('button[value=review]').click()")
        page.until("document.querySelector('form[action$=settings-save] button')")
        page.run("document.querySelector('form[action$=settings-save] button').click()")
        page.until("location.pathname.endsWith('/versions')")
    stored = console.stored.rules["systems/sugarcrm/sales_order.toml"]
    assert stored == '[poll.where]\ndate_closed = { gte = "2026-12-01" }\n'
