"""Seven days of won opportunities, quotations and invoices between SugarCRM and Sage Business Accounting, and
what is said of every bad one."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from shared.sync.engine import whose
from shared.sync.engine.steps import already
from tests.e2e.any_pair import AnyPair, any_pair

FLOW = "sugarcrm--sage_accounting"


@dataclass
class Offices:
    """The sales office and the bookkeeper."""

    pair: AnyPair

    def account(self, key: str, reference: str | None) -> str:
        row = {"id": key, "name": f"{key} Ltd", "sales_account_ref_c": reference}
        return str(self.pair.desks["sugarcrm"].post("/accounts", row)["id"])

    def won(self, key: str = "", account: str = "acme", **values: Any) -> str:
        row = {
            "name": "New shelving",
            "amount": "100.00",
            "currency_id": "-99",
            "date_closed": "2026-11-20",
            "sales_stage": "Closed Won",
            "account_id": account,
            **({"id": key} if key else {}),
            **values,
        }
        return str(self.pair.desks["sugarcrm"].post("/opportunities", row)["id"])

    def edit(self, key: str, **values: Any) -> None:
        self.pair.desks["sugarcrm"].post("/opportunities", {"id": key, **values})

    def shown(self, key: str) -> dict[str, Any]:
        rows = self.pair.desks["sugarcrm"].get("/opportunities")
        return next(dict(row) for row in rows if row["id"] == key)

    def customer(self, reference: str, **values: Any) -> str:
        body = {
            "name": f"{reference} Ltd",
            "reference": reference,
            "contact_type_ids": ["CUSTOMER"],
            **values,
        }
        return str(self.pair.desks["sage_accounting"].post("/contacts", body)[0])

    def quotes(self) -> dict[str, dict[str, Any]]:
        return {one["displayed_as"]: one for one in self.pair.desks["sage_accounting"].get("/sales_quotes")}

    def invoice(self, number: str, **body: Any) -> str:
        key = self.quotes()[number]["id"]
        return str(self.pair.desks["sage_accounting"].post(f"/sales_quotes/{key}/invoice", body)["id"])

    def said(self, key: str) -> tuple[str, str]:
        outcome = self.pair.outcome("sugarcrm", "quotation", key)
        return outcome.kind, " | ".join((outcome.reason, *outcome.notes))


@pytest.fixture
def here() -> Iterator[Offices]:
    with any_pair(FLOW) as pair:
        made = Offices(pair)
        made.account("acme", "acme01")
        made.customer("ACME01")
        yield made


def test_a_week_of_quotations(here: Offices) -> None:
    # Monday: two are won, and quoted once each.
    first, second = here.won(), here.won(amount="12.35")
    here.pair.settle()
    numbers = {here.shown(one)["sales_quote_no_c"] for one in (first, second)}
    assert numbers == {"SQ-1", "SQ-2"} == set(here.quotes()), here.pair.tell()
    number = here.shown(first)["sales_quote_no_c"]
    quote = here.quotes()[number]
    assert (quote["net_amount"], quote["tax_amount"], quote["date"]) == ("100.0", "20.0", "2026-11-20")
    assert (quote["expiry_date"], quote["contact"]["displayed_as"]) == ("2026-12-20", "ACME01 Ltd (ACME01)")
    here.pair.quiet()
    # Tuesday: a draft invoice has no number yet, and none is written.
    here.pair.day()
    draft = here.invoice(number, draft=True)
    here.pair.settle()
    assert here.shown(first)["sales_invoice_no_c"] in (None, "")
    # Wednesday: it is released; one cycle later its number stands in SugarCRM.
    here.pair.day()
    here.pair.desks["sage_accounting"].post(f"/sales_invoices/{draft}/release")
    here.pair.cycle()
    assert here.shown(first)["sales_invoice_no_c"] == "SI-1", here.pair.tell()
    here.pair.settle()
    (acme,) = here.pair.desks["sugarcrm"].get("/accounts")
    assert Decimal(acme["sage_balance_c"]) == 120, acme
    here.pair.quiet()
    # Thursday: the amount of a quoted opportunity is edited: the quotation stays, and it is told once.
    here.pair.day()
    here.edit(second, amount="500.00")
    here.pair.settle()
    kind, why = here.said(second)
    assert kind == "skipped" and "SugarCRM now shows net total “500.00”; the quotation was made with" in why
    # Friday: somebody types over what Tieout keeps: it is put back.
    here.pair.day()
    here.edit(first, sales_invoice_no_c="SI-9")
    here.pair.settle()
    assert here.shown(first)["sales_invoice_no_c"] == "SI-1", here.pair.tell()
    # The weekend: nothing.
    here.pair.day()
    here.pair.day()
    here.pair.quiet()
    assert len(here.quotes()) == 2 and here.pair.failed == []


def test_a_won_opportunity_waits_for_its_customer(here: Offices) -> None:
    here.account("late", "LATE01")
    key = here.won(account="late")
    here.pair.settle()
    assert here.said(key)[0] == "waiting" and here.quotes() == {}
    here.customer("LATE01")
    here.pair.settle()
    assert here.shown(key)["sales_quote_no_c"] == "SQ-1", here.pair.tell()


def test_a_deleted_quote_is_held_and_none_is_made_again(here: Offices) -> None:
    key = here.won()
    here.pair.settle()
    quote = here.quotes()["SQ-1"]["id"]
    here.pair.desks["sage_accounting"].delete(f"/sales_quotes/{quote}")
    here.pair.day()
    said = here.pair.outcome("sage_accounting", "quotation", quote)
    assert said.kind == "held", here.pair.tell()
    assert said.reason.startswith("Sage Accounting quotation SQ-1 no longer exists")
    here.pair.day()
    assert here.quotes() == {} and here.shown(key)["sales_quote_no_c"] == "SQ-1"


def test_two_opportunities_with_one_number(here: Offices) -> None:
    key = here.won()
    here.pair.settle()
    copy = here.pair.desks["sugarcrm"].post("/opportunities", {"duplicate": key, "account_id": "acme"})["id"]
    here.pair.settle()
    kind, why = here.said(copy)
    assert kind == "held" and "holds SQ-1, which is the number of “New shelving” in SugarCRM" in why
    assert "to have a quotation made for this one too" in why and len(here.quotes()) == 1
    here.edit(copy, sales_quote_no_c="")
    here.pair.settle()
    assert here.shown(copy)["sales_quote_no_c"] == "SQ-2"


@pytest.mark.parametrize(
    ("values", "kind", "word"),
    [
        ({"account_id": ""}, "skipped", "has no account"),
        ({"amount": "-5.00"}, "held", "credit note"),
        ({"amount": "0"}, "skipped", "above zero"),
        ({"amount": "1.005"}, "skipped", "two decimal places"),
    ],
)
def test_a_bad_opportunity_is_named_and_not_quoted(
    here: Offices, values: dict[str, Any], kind: str, word: str
) -> None:
    key = here.won(**values)
    here.pair.settle()
    said = here.said(key)
    assert said[0] == kind and word in said[1] and here.quotes() == {}


def test_the_customers_own_tax_rate_is_taken(here: Offices) -> None:
    here.account("abroad", "ABROAD01")
    here.customer(
        "ABROAD01",
        default_sales_tax_rate_id="GB_ZERO",
        main_address={"address_type_id": "ACCOUNTS", "city": "Lyon", "country_id": "FR"},
    )
    here.won(account="abroad")
    here.pair.settle()
    line = here.quotes()["SQ-1"]["quote_lines"][0]
    assert (line["tax_rate"]["id"], line["tax_amount"]) == ("GB_ZERO", "0.0"), here.pair.tell()


@pytest.fixture
def drafting() -> Iterator[Offices]:
    with any_pair(FLOW, directions={"quotation": "off", "invoice": "from sugarcrm"}) as pair:
        made = Offices(pair)
        made.account("acme", "acme01")
        made.customer("ACME01")
        yield made


def test_a_draft_invoice_by_setting_is_made_once_and_its_number_follows(drafting: Offices) -> None:
    here, books = drafting, drafting.pair.desks["sage_accounting"]
    key = here.won()
    here.pair.settle()
    draft = books.get("/sales_invoices")[0]
    assert (draft["status"]["id"], draft["total_amount"]) == ("DRAFT", "120.0"), here.pair.tell()
    assert here.shown(key)["sales_invoice_id_c"] == draft["id"]
    assert not here.shown(key)["sales_invoice_no_c"]
    here.pair.day()
    assert len(books.get("/sales_invoices")) == 1
    here.pair.quiet()
    books.post(f"/sales_invoices/{draft['id']}/release")
    here.pair.cycle()
    assert here.shown(key)["sales_invoice_no_c"] == "SI-1", here.pair.tell()
    here.pair.settle()
    here.pair.quiet()


def test_a_draft_invoice_that_is_deleted_is_held(drafting: Offices) -> None:
    here, books = drafting, drafting.pair.desks["sage_accounting"]
    here.won()
    here.pair.settle()
    draft = books.get("/sales_invoices")[0]["id"]
    books.delete(f"/sales_invoices/{draft}")
    here.pair.settle()
    assert here.pair.outcome("sage_accounting", "invoice", draft).kind == "held", here.pair.tell()
    assert books.get("/sales_invoices") == []


@pytest.mark.parametrize("broken", ["takes nothing back", "knows a number by its id alone"])
def test_a_broken_engine_is_caught(here: Offices, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    if broken == "takes nothing back":
        monkeypatch.setattr(already, "_take_back", lambda *anything: None)
        with pytest.raises(AssertionError, match="SI-1"):
            test_a_week_of_quotations(here)
    else:
        monkeypatch.setattr(whose, "_made_by_us", lambda *anything: {})
        with pytest.raises(AssertionError, match="the log says nothing of quotation"):
            test_two_opportunities_with_one_number(here)
