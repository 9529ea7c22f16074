"""What a trial tells at once is what the whole mapping step, done twice, would have told."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain import codec
from shared.mapping.check import KEPT, refuse
from shared.mapping.compile import compile_flow
from shared.mapping.faults import RuleRefused
from shared.mapping.rules import Requirement
from shared.operations import trial_quick
from shared.operations.trial import Trial
from shared.operations.trial_archive import readings
from shared.operations.trial_rules import Rules
from shared.stores._archive_names import parse, text
from shared.stores.body import readable

CRM, SAGE, FLOW = "sugarcrm", "sage_50", "sugarcrm--sage_50"
TABLES: dict[str, Any] = {
    CRM: {"currencies": {"-99": "GBP", "": "GBP", "e": "EUR"}},
    SAGE: {
        "currencies": {"1": "GBP", "": "GBP"},
        "tax_codes": {"T1": Decimal(20), "2": Decimal(0), "T999": Decimal(5)},
    },
}
LEDGER, ORDERS = "systems/sage_50/sales_order.toml", "systems/sugarcrm/sales_order.toml"
FLOW_FILE = f"flows/{FLOW}.toml"
TOWN = {LEDGER: '[fields]\ndelivery_town = { path = "delAddress3", max = 5 }\n'}
CALLED = """[sales_order.require.called]
rule = "present"
field = "phone"
message = "There is no telephone number."
"""
RULES: dict[str, tuple[Mapping[str, str], Mapping[str, str]]] = {
    "a shorter town": ({}, TOWN),
    "the same": ({}, {}),
    "several fields, with a default": (
        {},
        {
            LEDGER: (
                '[fields]\ndelivery_name = { path = "delName", max = 10 }\n'
                'contact_name = { path = "contactName", max = 30, default = "Accounts" }\n'
                'phone = { path = "customerTelephoneNumber", as = "phone", max = 8 }\n'
            )
        },
    ),
    "a required town": ({}, {LEDGER: '[fields]\nbilling_town = { path = "address3", required = true }\n'}),
    "the currency as text": ({}, {LEDGER: '[fields]\ncurrency = { path = "currency", as = "text" }\n'}),
    "the lines": ({}, {LEDGER: '[lines.fields]\ndescription = { path = "description", max = 12 }\n'}),
    "gross on both sides": (
        {FLOW_FILE: '[sales_order.pricing]\nprices = "gross"\n'},
        {FLOW_FILE: '[sales_order.pricing]\nprices = "gross"\n', **TOWN},
    ),
    "a rule about a text": ({FLOW_FILE: CALLED}, {FLOW_FILE: CALLED, **TOWN}),
    "the customer's own code": (
        {FLOW_FILE: '[sales_order.pricing]\ntax_from = "customer"\ntotal_check = false\n'},
        {FLOW_FILE: '[sales_order.pricing]\ntax_from = "customer"\ntotal_check = false\n', **TOWN},
    ),
}
USUAL = {
    "id": "1",
    "name": "Desks",
    "amount": "100.00",
    "currency_id": "-99",
    "date_closed": "2026-06-11",
    "sales_stage": "Closed Won",
    "sales_order_no_c": "",
    "account_id": "acc-1",
    "account.sales_account_ref_c": "CUS1",
    "account.name": "Customer 1 Limited",
    "account.phone_office": "0113 170 0000",
    **{
        f"account.{kind}_address_{part}": value
        for kind in ("billing", "shipping")
        for part, value in {
            "street": "Unit 1\nThe Wharf",
            "city": "Leeds",
            "state": "West Yorkshire",
            "postalcode": "LS1 1AA",
            "country": "UK",
        }.items()
    },
}
ODD = st.one_of(
    st.sampled_from(
        (
            None,
            "",
            "  ",
            "x" * 70,
            "Newcastle upon Tyne",
            "e",
            "USD",
            "-5.00",
            "0",
            "10.005",
            "0.50",
            "1e3",
            "99999999999.00",
            "Closed Lost",
            "not a day",
            "a b/#",
            7,
            Decimal("12.5"),
            True,
            ["a"],
        )
    ),
    st.text(max_size=8),
)
GONE = object()
CHANGED = st.dictionaries(st.sampled_from(sorted(USUAL)), st.one_of(ODD, st.just(GONE)), max_size=3)
CUSTOMERS = st.sampled_from(
    (
        {"reference": "CUS1", "currency": "GBP", "tax_code": "T1"},
        {"reference": "CUS1", "currency": "GBP", "tax_code": "T2", "tax_code_always": True},
        {"reference": "CUS1", "currency": "EUR", "tax_code": "T999"},
        {"reference": "CUS1", "currency": "GBP", "tax_code": "T5", "billing_country": "FR"},
        {"reference": "CUS1", "currency": "GBP", "on_hold": True, "nominal": "4001"},
        None,
    )
)


@cache
def flows(name: str) -> tuple[Any, Any]:
    old, new = RULES[name]
    return compile_flow(FLOW, dict(old)), compile_flow(FLOW, dict(new))


def line(number: int, changed: Mapping[str, Any], customer: Mapping[str, Any] | None) -> dict[str, Any]:
    values = {name: value for name, value in {**USUAL, **changed}.items() if value is not GONE}
    references = {"customer": customer} if customer is not None else {}
    own = {"system": CRM, "entity": "sales_order", "id": str(number), "label": "", "values": values}
    return {**own, "references": references, "absent": [name for name in USUAL if name not in values]}


def told(name: str, lines: list[dict[str, Any]], quick: bool) -> tuple[Any, ...]:
    tried = Trial(*flows(name), TABLES)
    pair = tried._pair(lines[0])
    assert pair is not None
    if not quick:
        pair._quick = pair._otherwise = None
    found = list(tried.run(iter(lines)))
    return found, [vars(way) for way in tried.ways]


@pytest.mark.parametrize("name", RULES)
@given(records=st.lists(st.tuples(CHANGED, CUSTOMERS), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_what_is_told_at_once_is_what_the_whole_step_tells(
    name: str, records: list[tuple[dict[str, Any], Any]]
) -> None:
    lines = [line(number, *record) for number, record in enumerate(records)]
    assert told(name, lines, quick=True) == told(name, lines, quick=False)


@pytest.mark.parametrize(
    ("name", "able"), [("a shorter town", True), ("the lines", False), ("gross on both sides", False)]
)
def test_an_ordinary_record_is_told_at_once_where_that_can_be_done(name: str, able: bool) -> None:
    pair = Trial(*flows(name), TABLES)._pair(line(1, {}, None))
    assert pair is not None
    quick = pair._quick
    customer = {"reference": "CUS1", "currency": "GBP", "tax_code": "T1"}
    assert (quick is not None and quick.told(line(1, {}, customer)) is not None) == able


def test_a_trial_that_does_not_look_at_what_can_stop_a_record_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A record in a currency that the ledger does not have goes nowhere, and counts in no total."""
    lines = [line(1, {"currency_id": "e"}, {"reference": "CUS1", "currency": "EUR", "tax_code": "T1"})]
    assert told("a shorter town", lines, quick=True) == told("a shorter town", lines, quick=False)
    monkeypatch.setattr(trial_quick.Quick, "_may_go", lambda *_: True)
    lines[0]["values"]["account.shipping_address_city"] = "Hull"
    assert told("a shorter town", lines, quick=True) != told("a shorter town", lines, quick=False)


FOUND = st.one_of(
    st.none(),
    st.sampled_from(("", "GBP", [], Decimal("NaN"), Decimal("Infinity"), Decimal("1E+3"), Decimal("2.50"))),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-100, max_value=100),
)


def outcome(keep: Any, *given: Any) -> str:
    try:
        keep(*given)
    except RuleRefused as no:
        return str(no)
    except Exception as fault:  # a value of another kind, which no reader gives
        return type(fault).__name__
    return ""


WANTED: dict[str, Any] = {
    "max_places": st.sampled_from((Decimal(0), Decimal(2), Decimal(-1), Decimal(9), Decimal("1.5"))),
    "at_most": st.decimals(min_value=-100, max_value=100, places=2),
    "equals": st.sampled_from(("other", "customer.there")),
    "one_of": st.sampled_from((("GBP", ""), ())),
}


@pytest.mark.parametrize("rule", KEPT)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_condition_is_kept_or_refused_as_the_engine_does(rule: Any, data: st.DataObject) -> None:
    value = data.draw(WANTED.get(rule, st.none()))
    view = {"field": data.draw(FOUND), "other": data.draw(FOUND)}
    references: dict[str, Any] = data.draw(
        st.sampled_from(({}, {"customer": {}}, {"customer": {"there": view["other"]}}))
    )
    asked = [
        Requirement(rule, field, value, "It is {value}.", "mine") for field in ("field", "customer.there")
    ]
    flow: Any = type("Flow", (), {"references": [type("One", (), {"name": "customer"})()]})()
    for one in asked:
        quick = outcome(Rules(flow, [one]).keep, view, references)
        whole = outcome(lambda *given: refuse([one], *given), view, references)  # noqa: B023
        of_reference = "customer" in (one.field.partition(".")[0], str(value).partition(".")[0])
        if of_reference and "customer" not in references:
            assert quick == ""  # the archive does not have it
        else:
            assert quick == whole


LINES = st.lists(
    st.dictionaries(
        st.text(max_size=5),
        st.recursive(
            st.one_of(
                st.none(),
                st.booleans(),
                st.integers(),
                st.text(max_size=9),
                st.sampled_from(("\ud800", "\x00", "$", "a\nb")),
                st.decimals(allow_nan=False, allow_infinity=False),
                st.floats(allow_nan=False),
            ),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
            ),
            max_leaves=8,
        ),
        max_size=5,
    ),
    max_size=4,
)


@given(lines=LINES)
@settings(max_examples=60, deadline=None)
def test_the_fast_reader_reads_what_the_archive_wrote(lines: list[dict[str, Any]]) -> None:
    kinds = ("read", "exchange")
    made = [{"kind": kinds[number % 2], **one, "x": 1} for number, one in enumerate(lines)]
    data = text(made)
    slow = [codec.loads(one) for one in data.decode("utf-8", "surrogatepass").split("\n") if one]
    assert parse(data) == slow == [readable(one) for one in made]
    assert [list(one) for one in parse(data)] == [list(one) for one in slow]
    assert parse(data, "read") == [one for one in slow if one["kind"] == "read"] or any(
        "kind" in one for one in lines
    )
    assert parse(b"") == []


def test_a_reading_before_the_day_asked_for_is_left_out_though_others_share_its_time() -> None:
    at = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
    days = [at, at - timedelta(days=3), at - timedelta(days=3), at]

    class Archive:
        def objects(self) -> list[str]:
            return ["archive/main/2026/11/22/20261122T101500Z-00000001/1-x.jsonl.gz"]

        def lines(self, name: str, kind: str) -> list[dict[str, Any]]:
            return [{**line(number, {}, None), "at": day.isoformat()} for number, day in enumerate(days)]

    archive: Any = Archive()
    assert [one["id"] for one in readings(archive, at - timedelta(days=1))] == ["3", "0"]
