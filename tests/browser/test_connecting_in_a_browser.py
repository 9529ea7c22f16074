"""*Authenticate your Sage account* in a real browser: by flag to the emulated Sage's page, allowed there,
back, and the business chosen, while the page follows by itself."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.vendors._serve import serve
from local.vendors.sage_accounting.app import build_app
from local.vendors.sage_accounting.options import BUSINESSES, SageAccountingOptions
from shared.ports.sessions import Provider
from tests.browser.served import served
from tests.browser.visits import sign_in
from tests.e2e.connect_world import SAGE_SECRET, Office
from tests.integration.browser import Page, browser, installed
from tests.properties.rig import NAME

pytestmark = pytest.mark.skipif(not installed(), reason="no Chromium here: make browser")

KINGDOM = "one => one.innerText.includes('Kingdom')"
OUTCOME = "document.querySelector('#live .state')"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with browser(tmp_path) as made:
        yield made


def test_a_person_authenticates_a_sage_account(page: Page) -> None:
    with serve(build_app(SageAccountingOptions())) as sage:
        page_of_sage = f"{sage.url}/oauth2/auth/central"
        office = Office(
            "sage_accounting", sage.url, token_url=f"{sage.url}/token", authorize_url=page_of_sage
        )
        with served(office) as address:
            office.world.provider.provider = Provider("https://issuer", "client", f"{address}/")
            sign_in(page, address)
            page.open(f"{address}/{NAME}/connection?system=sage_accounting")
            for name, value in SAGE_SECRET.items():
                page.run(f"document.querySelector('[name=secret-{name}]').value = {json.dumps(value)}")
            page.run(f"[...document.querySelectorAll('label')].find({KINGDOM}).click()")
            page.run("document.querySelector('form[action$=begin] button').click()")
            page.until("document.title.includes('emulated') && document.querySelector('[value=allow]')")
            assert "country=gb" in page.run("location.href")
            page.run("document.querySelector('[value=allow]').click()")
            page.until(f"location.href.includes('/{NAME}/connection') && document.querySelector('.going')")
            assert "code" not in page.run("location.search")
            office.work()
            page.until(OUTCOME)
            page.run(f"document.querySelector('[value={BUSINESSES[1].id}]').click()")
            page.run("document.querySelector('form[action$=choose] button').click()")
            page.until("document.querySelector('.going')")
            office.work()
            page.until(f"{OUTCOME} && document.querySelector('main').innerText.includes('Chosen: done')")
            assert BUSINESSES[1].name in page.run("document.querySelector('aside').innerText")
    options = office.world.integrations.load(NAME).connections["sage_accounting"].options
    assert options["business"] == BUSINESSES[1].id
