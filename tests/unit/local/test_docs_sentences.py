"""Every sentence that says what became of a record stands on the page for bookkeepers, word for word.

The page writes `…` where a value stands, and quotes sentences in italics.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest

from shared.domain import outcomes
from shared.domain.link import Outcome
from shared.domain.outcomes import (
    accepted,
    by_flow,
    coding,
    credit,
    gone,
    left_out,
    line_changes,
    look_alikes,
    lost_answers,
    missing,
    offers,
    paid,
    pairing,
    unfinished,
    waiting,
    watching,
    written,
)

PAGE = (Path(__file__).parents[3] / "docs" / "skipped-and-why.md").read_text("utf-8")
QUOTES = [" ".join(quote.split()) for quote in re.findall(r"(?<![*\w])\*([^*]+)\*(?![*\w])", PAGE)]
MODULES = [import_module(one.name) for one in iter_modules(outcomes.__path__, f"{outcomes.__name__}.")]
VTIGER, SAGE, SUGAR, SAGE_50 = "vtiger", "sage_accounting", "sugarcrm", "sage_50"
SALES, WHEN = "Sage Sales Management", datetime(2026, 11, 10, tzinfo=UTC)
NAMED = pairing.conflict({"name": "Vtiger has “Acme”; Sage Accounting has “Acme Ltd”"}, [])
LINES = [f"25.00 net (line 1 “Widget”: tax rate {rate} %)" for rate in (20, 0)]
ROOT_CAUSE = by_flow.filtered("name", "equals", "x", "y")
ACCOUNT = (VTIGER, "account", "11x2")

SAID: dict[Callable[..., Outcome], list[Outcome]] = {
    by_flow.not_made_there: [by_flow.not_made_there(SAGE_50, "contact")],
    by_flow.mask_used_up: [by_flow.mask_used_up(SAGE_50, "account", "reference", "@@@@####", "Acme Ltd")],
    by_flow.filtered: [
        by_flow.filtered("sales_stage", "equals", "Closed Won", "Negotiation/Review"),
        by_flow.filtered("sales_order_no_c", "blank", None, "1042", "number"),
        by_flow.filtered("name", "not_equals", "Main Contact", "Main Contact"),
    ],
    by_flow.turned: [by_flow.turned(SAGE_50, "sage_sales_management", "quotation", "1001")],
    by_flow.wrong_way: [
        by_flow.wrong_way("sales_order", SUGAR, "…"),
        by_flow.wrong_way("invoice", SAGE, "…"),
    ],
    by_flow.switched_off: [by_flow.switched_off("invoice")],
    by_flow.not_live: [by_flow.not_live()],
    by_flow.only_looked_up: [by_flow.only_looked_up("account", 2)],
    by_flow.nothing_changed: [by_flow.nothing_changed("1042")],
    by_flow.own_number_shown: [by_flow.own_number_shown(SUGAR, "1042")],
    by_flow.changed_after: [by_flow.changed_after("1042", ["name"])],
    left_out.left_out: [left_out.left_out("Fenwick Ltd", "Ann", WHEN)],
    left_out.counterpart_left_out: [left_out.counterpart_left_out(VTIGER, "11x2", "Ann", WHEN)],
    gone.hidden_or_gone: [gone.hidden_or_gone(SUGAR), gone.hidden_or_gone(VTIGER)],
    gone.nothing_left: [gone.nothing_left([SAGE, VTIGER])],
    gone.out_of_use_already: [gone.out_of_use_already([SAGE], "Vtiger Widget")],
    gone.deleted_later: [
        gone.deleted_later([SAGE_50], f"{SALES} Acme Ltd", WHEN, True),
        gone.deleted_later([SAGE_50], f"{SALES} Acme Ltd", None, False),
    ],
    gone.deleted_for_good: [gone.deleted_for_good([SAGE_50], "sage_sales_management", "Acme Ltd", WHEN)],
    gone.left_alone: [
        gone.left_alone([SUGAR], ["Sage 50 1042"], "keep", True),
        gone.left_alone([VTIGER], ["Sage Accounting Acme Ltd"], "hold", False),
    ],
    gone.edited_since: [gone.edited_since([SAGE], "Vtiger Widget", "description")],
    gone.no_archive: [gone.no_archive([SAGE], VTIGER, "contact")],
    gone.merged_unknown: [gone.merged_unknown(SUGAR, "1", "2")],
    gone.merged: [gone.merged(VTIGER, "1", "2", True), gone.merged(SUGAR, "1", "2", False)],
    missing.asked: [
        missing.asked(SAGE, "product", ["Desk", "Chair", "Lamp", "Shelf", "Bin", "Mat", "Pen"], 60),
    ],
    missing.kept_back: [missing.kept_back([SAGE])],
    missing.counterpart_missing: [missing.counterpart_missing(VTIGER, [SAGE])],
    missing.counterpart_kept: [missing.counterpart_kept(VTIGER, [SAGE])],
    missing.believed_no_more: [missing.believed_no_more([VTIGER])],
    missing.taken_back: [missing.taken_back([VTIGER], [SAGE])],
    look_alikes.nobody_can_tell: [
        look_alikes.nobody_can_tell(
            look_alikes.Seen(VTIGER, "11x2", {"name": "Acme Retail Ltd", "vat_number": "GB123456789"}),
            [
                (
                    look_alikes.Seen(SAGE, "a1", {"name": "Acme Wholesale Ltd", "vat_number": "GB123456789"}),
                    look_alikes.why_unsure(["vat_number"], ["name"], 0),
                )
            ],
            ["vat_number"],
        )
    ],
    look_alikes.here_twice: [
        look_alikes.here_twice(
            look_alikes.Seen(VTIGER, "11x2", {"name": "Smith & Co", "phone": "111"}),
            look_alikes.Seen(SAGE, "a1", {"name": "Smith & Co", "phone": "111"}),
            "11x1",
            ["name"],
        )
    ],
    line_changes.not_told_apart: [
        line_changes.not_told_apart(SAGE, VTIGER, [1], ["Sales (4000), Exempt", "Export (4001), Zero rated"])
    ],
    lost_answers.not_searchable: [lost_answers.not_searchable(SAGE)],
    lost_answers.perhaps_changed: [lost_answers.perhaps_changed(VTIGER, ["11x7"])],
    lost_answers.perhaps_the_copy: [lost_answers.perhaps_the_copy(SAGE, "a1")],
    lost_answers.successor_held: [lost_answers.successor_held(VTIGER, "11x7", SAGE, "a1")],
    lost_answers.settle_first: [lost_answers.settle_first(VTIGER, "11x7")],
    lost_answers.doubled: [
        lost_answers.doubled(VTIGER, ["11x7", "11x8"]),
        lost_answers.doubled(SAGE_50, ["1042", "1043"]),
    ],
    lost_answers.origin_lost: [lost_answers.origin_lost(VTIGER)],
    pairing.several_match: [pairing.several_match(SAGE, ["vat_number"], ["a1", "a2"])],
    pairing.several_want: [pairing.several_want(VTIGER, SAGE, ["vat_number"], "a1", ["11x1", "11x2"])],
    pairing.linked_already: [pairing.linked_already(VTIGER, SAGE, ["name"], "a1")],
    pairing.taken: [pairing.taken(VTIGER, SAGE, "a1")],
    pairing.conflict: [NAMED],
    unfinished.parked: [unfinished.parked("REASON", datetime(2026, 11, 22, 10, 30, tzinfo=UTC))],
    unfinished.unexpected: [unfinished.unexpected(KeyError("x"))],
    watching.nothing_watched: [watching.nothing_watched("1042")],
    watching.agrees_again: [watching.agrees_again("1042")],
    watching.vanished: [
        watching.vanished(SAGE_50, "1042", "sales_order", False),
        watching.vanished(SAGE_50, "1042", "sales_order", True),
    ],
    watching.done_and_gone: [watching.done_and_gone(SAGE_50, "1042")],
    watching.many_vanished: [
        watching.many_vanished(SAGE_50, "sales_order", [str(one) for one in range(1042, 1067)], False)
    ],
    watching.anothers_number: [
        watching.anothers_number(SUGAR, "sales_order_no_c", "1042", watching.of_record(SUGAR, "Desks"))
    ],
    watching.ordered_elsewhere: [watching.ordered_elsewhere(SAGE_50, "1042")],
    watching.no_such_order: [watching.no_such_order(SUGAR, "sales_order_no_c", "1042", SAGE_50)],
    offers.disagrees: [
        offers.disagrees(
            SAGE_50, "1001", (Decimal("37.53"), Decimal("37.54")), (Decimal("7.51"), Decimal("7.51"))
        )
    ],
    offers.not_proved: [offers.not_proved(SAGE_50)],
    offers.not_as_asked: [
        offers.not_as_asked(SAGE_50, "1001", offers.other_quantity(1, "W1", Decimal(3), Decimal(30))),
        offers.not_as_asked(
            SAGE_50,
            "1001",
            offers.other_totals((Decimal("32.40"), Decimal("29.70")), (Decimal("6.48"), Decimal("5.94"))),
        ),
    ],
    offers.not_priced: [offers.not_priced(SAGE_50, "…", 2, "…")],
    offers.edited_meanwhile: [offers.edited_meanwhile("sage_sales_management", SAGE_50, "1001")],
    waiting.for_record: [waiting.for_record("account", "account", ACCOUNT, "", SAGE, ROOT_CAUSE)],
    waiting.for_name: [waiting.for_name("customer", (SAGE_50, "account", "SMITH001"))],
    waiting.for_blank: [
        waiting.for_blank(
            "sales_account_ref_c",
            "account “Example Ltd” in SugarCRM",
            "customer",
            SAGE_50,
            (SUGAR, "account", "1"),
        )
    ],
    waiting.for_the_rest: [
        waiting.for_the_rest(
            "main_contact",
            (VTIGER, "contact", "12x3"),
            [waiting.left_out("main_contact", (VTIGER, "contact", "12x3"), SAGE)],
            [],
        )
    ],
    waiting.unlinked: [waiting.unlinked("account_id", "account", "account", "link")],
    written.created: [
        written.created(
            [written.made(SAGE_50, "sales_order", "1042", earlier), written.number_written([SUGAR])], []
        )
        for earlier in (False, True)
    ]
    + [
        written.created([written.made(VTIGER, "product", "Widget", False)], []),
        written.created(
            [written.made(SAGE, "account", "Acme Ltd (ACME01)", False), written.brought(VTIGER, ["number"])],
            [],
        ),
    ],
    written.updated: [
        written.updated([written.linked(SAGE, "Acme Ltd (ACME01)"), written.AGREED], []),
        written.updated([written.brought(VTIGER, ["email", "phone"])], []),
        written.updated([written.brought(SUGAR, [])], []),
        written.updated([gone.put_out_of_use(VTIGER, [SAGE])], []),
        written.updated([missing.in_use_again(VTIGER, [SAGE])], []),
    ],
    written.kept: [
        written.kept([written.stays_there("tax_rate", VTIGER, SAGE, Decimal("20.00"))], ["tax_rate"], [])
    ],
    written.unchanged: [written.unchanged([])],
    written.lost_a_conflict: [written.lost_a_conflict(["phone"])],
    written.put_back: [written.put_back(["received"], [VTIGER])],
    written.released: [
        written.released(
            [written.stays(SAGE, "SI-12", "issued", "due_date", "“2026-11-30”", "“2026-12-24”")],
            ["due_date"],
            "x",
            [],
        ),
        written.released([written.stays(SAGE, "SI-2", "issued", "lines", *LINES)], ["lines"], "x", []),
    ],
    written.not_stored: [
        written.not_stored(written.shows_otherwise(SUGAR, ["sales_order_no_c"], "", "1042"), "number", ""),
        written.not_stored(written.shows_otherwise(VTIGER, ["phone"], "", "1"), "phone", ""),
    ],
    written.flapping: [written.flapping(VTIGER, "phone", 5, 10), written.flapping(SUGAR, "number", 5, 10)],
    written.other_total: [written.other_total(SAGE, "amount", Decimal("36.01"), Decimal("36.00"))],
    written.edited_since_run: [written.edited_since_run(["phone"], "run")],
}
FOREIGN = (by_flow.refused, written.rejected, written.not_allowed)
"""They pass on the words of a flow or of a vendor."""
NOTES = [
    written.stays_open(SAGE, "SI-DRAFT", "draft"),
    "The customer is over the credit limit in Sage. "
    + credit.sum_of(Decimal(400), Decimal(600), Decimal(120), Decimal(1120), Decimal(1000)),
    left_out.taken_up("Ann", WHEN),
    accepted.stands("Ann", WHEN, "phone", VTIGER, "222", accepted.instead(SAGE, "333")),
    accepted.put_back(
        "Ann", WHEN, "phone", VTIGER, "222", accepted.instead(SAGE, "333") + accepted.instead(VTIGER, "333")
    ),
    accepted.moved("Ann", "phone", VTIGER),
    accepted.refused("Ann", "phone", VTIGER, accepted.wrong_way("phone", SAGE, VTIGER)),
    accepted.not_heard("Ann", "phone", VTIGER),
    credit.not_known(SAGE_50, "ACME01"),
    credit.foreign_limit(SAGE_50, "ACME01"),
    credit.no_worth(),
    gone.made_anew("sage_sales_management", "Acme Ltd", WHEN, SAGE_50),
    f"{SALES} Acme Ltd {gone.will_be_deleted([SAGE_50], WHEN)}",
    credit.no_fields(SUGAR, ["sage_balance_c", "sage_overdue_c"]),
    credit.left_out(SUGAR, ["sage_balance_c"]),
    credit.not_kept(SAGE, ["account_status", "on_hold"]),
    credit.in_another_currency(SAGE_50, ["EURO01"]),
    credit.refused(SUGAR, {"ACME01": "no"}),
    credit.to_be_continued(120),
    written.shows_otherwise(VTIGER, ["phone"], "1", "2"),
    gone.merge_followed(VTIGER, "11x2", "11x9"),
    coding.abroad_by_item("EUCUST01", "DE", "T4", ["line 1: T1"]),
    coding.abroad_at_a_rate("EXPORT01", "US", "T1", "20"),
    coding.by_rate_alone(2, "0", "GB_ZERO", ["GB_EXEMPT", "GB_NO_TAX"], SAGE),
    coding.item_by_rate_alone("0", "GB_ZERO", ["GB_EXEMPT", "GB_NO_TAX"], SAGE),
    paid.settled(SAGE, "SI-3", dict.fromkeys(paid.SETTLED, Decimal(0)), Decimal(30), ""),
    paid.settled(
        SAGE, "SI-3", dict.fromkeys(paid.SETTLED, Decimal(1)), Decimal(6), "SCN-1 1.00; Contra 1.00"
    ),
]


def public() -> Iterator[Callable[..., Any]]:
    for module in MODULES:
        for name, one in inspect.getmembers(module, inspect.isfunction):
            if one.__module__ == module.__name__ and not name.startswith("_"):
                yield one


def quoted(sentence: str) -> bool:
    return any(re.fullmatch(".+".join(map(re.escape, quote.split("…"))), sentence) for quote in QUOTES)


def test_every_function_is_tried() -> None:
    makers = {one for one in public() if inspect.signature(one).return_annotation is Outcome}
    assert makers == {*SAID, *FOREIGN}


@pytest.mark.parametrize(
    "sentence",
    [*(outcome.reason for made in SAID.values() for outcome in made), *NOTES],
    ids=lambda text: text[:60],
)
def test_it_stands_on_the_page(sentence: str) -> None:
    assert quoted(sentence), sentence
