"""Record page, log and preview call a customer that a document refers to by its name."""

import re

from shared.operations.preview import preview_entity
from tests.browser.console_world import Console
from tests.stories.customers import SAGE, VTIGER
from tests.stories.test_told_values import DRAFT, agreed_on

OUR_ID = re.compile(r"\b[A-Z2-7]{24}\b")


def text_of(body: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_what_was_replaced_is_called_by_its_name_before_and_after() -> None:
    here = agreed_on(DRAFT)
    (number,) = here.native(SAGE)
    here.rig.systems[SAGE].put("sales_invoices", number, {"contact_id": "gamma"})
    beta = here.id_of(VTIGER, "beta", "account")
    here.invoice(here.line("BOLT", "20"), invoicestatus=DRAFT, account_id=beta)
    forecasts = [*preview_entity(here.rig.services(), "invoice")]
    assert {"field": "account", "system": VTIGER, "lost": "Beta Ltd"} in forecasts[0].changes
    here.sync()
    page = Console(here.rig)
    record = text_of(page.get("record", system=VTIGER, entity="invoice", record="inv").body)
    log = text_of(page.get("log").body)
    assert "Acme Ltd Gamma Ltd" in record and "Put back “Beta Ltd”" in record
    assert "had the account “Beta Ltd”" in log
    assert not OUR_ID.findall(record + log)
