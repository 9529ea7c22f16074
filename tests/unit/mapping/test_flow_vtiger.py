"""What the shipped flow vtiger--sage_accounting says, and what an integrator reads who gets one of its keys
wrong."""

from decimal import Decimal

import pytest

from shared.errors import RuleInvalid
from shared.mapping.check import refuse
from shared.mapping.compile import compile_flow
from shared.mapping.faults import RuleRefused
from shared.mapping.links import LinkField
from shared.mapping.rules import Figures, Lock

NAME = "vtiger--sage_accounting"
FLOW = compile_flow(NAME)
RULES = f"flows/{NAME}.toml"
CRM_INVOICE = "systems/vtiger/invoice.toml"
CRM_CONTACT = "systems/vtiger/contact.toml"
CRM_PRODUCT = "systems/vtiger/product.toml"
SAGE_INVOICE = "systems/sage_accounting/invoice.toml"

_ADDRESS = "street town county postcode country"
_BILLING, _DELIVERY = ({f"{kind}_{part}" for part in _ADDRESS.split()} for kind in ("billing", "delivery"))
BOTH_WAYS = {
    "account": {"name", "reference", "email", "phone", "vat_number"} | _BILLING | _DELIVERY,
    "contact": {"full_name", "email", "mobile", "phone", "job_title", "account"},
    "product": {"sku", "description", "price", "cost", "tax_rate", "active"},
    "service": {"sku", "description", "price", "tax_rate", "active"},
    "invoice": {
        "account",
        "invoice_date",
        "due_date",
        "reference",
        "currency",
        "exchange_rate",
        "status",
        "shipping",
        "lines",
    }
    | _BILLING,
}
FROM_SAGE = {"product": {"name", "in_stock"}, "invoice": {"number", "name", "received", "outstanding"}}


@pytest.mark.parametrize("entity", BOTH_WAYS)
def test_fields_and_their_directions(entity: str) -> None:
    fields = FLOW.entities[entity].fields
    ways = {
        way: {name for name, rule in fields.items() if rule.direction == way}
        for way in ("both", "from sage_accounting")
    }
    assert ways == {"both": BOTH_WAYS[entity], "from sage_accounting": FROM_SAGE.get(entity, set())}
    assert len(fields) == sum(map(len, ways.values()))


def test_what_is_given_once_and_then_left_alone() -> None:
    once = {
        entity: {name for name, rule in flow.fields.items() if rule.once}
        for entity, flow in FLOW.entities.items()
    }
    assert {entity: names for entity, names in once.items() if names} == {
        "product": {"name"},
        "invoice": {"name", "exchange_rate"},
    }


def test_matches_winners_and_deletions() -> None:
    assert {
        entity: (flow.winner[0], flow.match, flow.deletes, flow.taken)
        for entity, flow in FLOW.entities.items()
    } == {
        "account": ("sage_accounting", (("reference",), ("vat_number",), ("name",)), "hold", "hold"),
        "contact": ("vtiger", (("account", "email"), ("account", "full_name")), "hold", "hold"),
        "product": ("vtiger", (("sku",),), "archive", "hold"),
        "service": ("vtiger", (("sku",),), "archive", "hold"),
        "invoice": (
            "sage_accounting",
            (("number",), ("account", "invoice_date", "amount", "reference")),
            "hold",
            "create",
        ),
    }
    for entity in ("product", "service"):
        assert all(one.spec.archive for one in FLOW.entities[entity].maps.values()), (
            "there is a state to archive to"
        )


def test_what_must_be_filled_in_on_a_new_record() -> None:
    required = {
        (entity, system): set(made.required)
        for entity, flow in FLOW.entities.items()
        for system, made in flow.maps.items()
    }
    assert required == {
        ("account", "vtiger"): {"name"},
        ("account", "sage_accounting"): {"name"},
        ("contact", "vtiger"): {"full_name"},
        ("contact", "sage_accounting"): {"full_name", "account"},
        ("product", "vtiger"): {"name"},
        ("product", "sage_accounting"): {"description"},
        ("service", "vtiger"): {"sku"},
        ("service", "sage_accounting"): {"description"},
        ("invoice", "vtiger"): {"name", "account", "billing_street", "lines.quantity", "lines.unit_price"},
        ("invoice", "sage_accounting"): {
            "account",
            "invoice_date",
            "lines.description",
            "lines.quantity",
            "lines.unit_price",
        },
    }


def test_the_invoice_is_held_to_its_figures_and_locked_once_released() -> None:
    invoice = FLOW.entities["invoice"]
    assert invoice.figures == Figures("amount", "sage_accounting", "vtiger")
    assert invoice.lock == Lock("sage_accounting", "status", ("draft",))
    statuses = {
        "DRAFT": "draft",
        "PRO_FORMA": "draft",
        "UNPAID": "issued",
        "PART_PAID": "issued",
        "PAID": "paid",
        "CREDITED": "credited",
        "VOID": "void",
    }
    read, write = (getattr(invoice.maps["sage_accounting"], way) for way in ("read", "write"))
    assert {native: read({"status_id": native}, {})["status"] for native in statuses} == statuses
    assert [
        write({"status": status}, {}, [])["status_id"] for status in ("draft", "issued", "paid", "void")
    ] == ["DRAFT", "UNPAID", "PAID", "VOID"]


def test_who_refers_to_whom() -> None:
    assert FLOW.entities["invoice"].maps["sage_accounting"].links == (
        LinkField("account", "account", "contact_id"),
        LinkField("product", "product", "product_id", "invoice_lines"),
        LinkField("service", "service", "service_id", "invoice_lines"),
    )
    assert FLOW.entities["contact"].maps["vtiger"].links == (LinkField("account", "account", "account_id"),)


GOOD = {"account": "L", "invoice_date": "2026-11-20", "tax_mode": "individual", "currency": "GBP"}
ZERO = Decimal(0)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("account", None, "The invoice has no organisation: choose one."),
        ("invoice_date", None, "The invoice has no date: enter its invoice date."),
        (
            "tax_mode",
            "group",
            (
                "The invoice is taxed as a whole (tax mode “group”): set it to individual tax. Sage taxes "
                "line by line."
            ),
        ),
        (
            "discount",
            Decimal("5.000"),
            (
                "The invoice has an overall discount of 5.000 %: give the discount on its lines. Sage has "
                "none for a whole invoice."
            ),
        ),
        (
            "discount_amount",
            Decimal("5.50"),
            (
                "The invoice has an overall discount of 5.50: give the discount on its lines. Sage has none "
                "for a whole invoice."
            ),
        ),
        (
            "adjustment",
            Decimal("-1.00"),
            "The invoice has an adjustment of -1.00: make it a line. Sage has no adjustment.",
        ),
        (
            "shipping_tax",
            Decimal("0.80"),
            "There is tax of 0.80 on shipping or charges: make the charge a line with its tax.",
        ),
        (
            "deducted_tax",
            Decimal("2.00"),
            "The invoice has deducted tax of 2.00: Sage has none. Remove it, or enter the invoice in "
            "Sage by hand.",
        ),
        (
            "currency",
            "EUR",
            "The invoice is in EUR, but the organisation's Sage account is in GBP: Sage takes invoices in "
            "the customer's currency only.",
        ),
    ],
)
def test_what_an_invoice_must_keep(field: str, value: object, message: str) -> None:
    requirements = FLOW.entities["invoice"].requirements
    references = {"organisation": {"currency": "GBP"}}
    refuse(requirements, {**GOOD, "discount": ZERO, "adjustment": None}, references)
    with pytest.raises(RuleRefused) as no:
        refuse(requirements, {**GOOD, field: value}, references)
    assert (no.value.rule, no.value.field, no.value.message) == (field, field, message)


def test_what_only_the_crm_can_get_wrong_is_asked_of_the_crm_alone() -> None:
    both = {
        entity: {one.name for one in flow.requirements if one.source is None}
        for entity, flow in FLOW.entities.items()
    }
    assert both == {
        "account": set(),
        "contact": set(),
        "product": {"description"},
        "service": {"description"},
        "invoice": {"account", "invoice_date", "shipping_tax"},
    }
    assert {one.source for flow in FLOW.entities.values() for one in flow.requirements} == {None, "vtiger"}


SYSTEMS = "is not a system of this flow; allowed: sage_accounting, vtiger"
ENTITIES = "allowed: account, contact, invoice, product, service"
LINK = 'a reference goes with as = "link": give both or neither'
WRONG = [
    (
        "follows",
        RULES,
        '[contact]\nfollows = "acount"\n',
        f'2, contact.follows: this flow has no entity "acount"; {ENTITIES}; did you mean "account"?',
    ),
    (
        "needs",
        RULES,
        '[invoice]\nneeds = ["account", "prodcut"]\n',
        f'2, invoice.needs: this flow has no entity "prodcut"; {ENTITIES}; did you mean "product"?',
    ),
    (
        "needed, but off",
        RULES,
        '[account]\ndirection = "off"\n',
        "2, account.direction: account cannot be switched off while invoice is on, because each invoice "
        "refers to account records; switch invoice off too, or give account a direction",
    ),
    (
        "linked, but off",
        RULES,
        '[product]\ndirection = "off"\n[invoice]\nneeds = []\n',
        '3, invoice: "product" refers to product records, which this flow does not synchronise: switch '
        "product on, or remove the "
        "field on both sides",
    ),
    ("lock.system", RULES, '[invoice.lock]\nsystem = "sage"\n', f'2, invoice.lock.system: "sage" {SYSTEMS}'),
    (
        "lock.field",
        RULES,
        '[invoice.lock]\nfield = "state"\n',
        (
            '2, invoice.lock.field: "state" is not read from sage_accounting; allowed: account, …; did you '
            "mean "
            '"status"?'
        ),
    ),
    (
        "lock.open",
        RULES,
        "[invoice.lock]\nopen = []\n",
        '2, invoice.lock.open: "[]" does not fit: it must not be empty',
    ),
    (
        "half a lock",
        RULES,
        '[account.lock]\nsystem = "vtiger"\nopen = ["new"]\n',
        '1, account.lock.field: the key "field" is missing; add it',
    ),
    (
        "figures.total",
        RULES,
        '[invoice.figures]\ntotal = "amuont"\n',
        (
            '2, invoice.figures.total: "amuont" is not a field of invoice; allowed: account, …; did you mean '
            '"amount"?'
        ),
    ),
    (
        "figures without a total",
        RULES,
        "[invoice.figures]\ntotal = false\n",
        '2, invoice.figures.total: the key "total" is missing; add it',
    ),
    (
        "figures without lines",
        RULES,
        '[account.figures]\ntotal = "balance"\n',
        "1, account.figures: account has no lines, so there is nothing to add up; remove this table",
    ),
    (
        "figures.rates",
        RULES,
        '[invoice.figures]\nrates = "sage_acounting"\n',
        f'2, invoice.figures.rates: "sage_acounting" {SYSTEMS}; did you mean "sage_accounting"?',
    ),
    (
        "figures.items",
        RULES,
        '[invoice.figures]\nitems = "crm"\n',
        f'2, invoice.figures.items: "crm" {SYSTEMS}',
    ),
    (
        "figures, a key",
        RULES,
        '[invoice.figures]\nitem = "vtiger"\n',
        (
            '2, invoice.figures.item: there is no key "item"; allowed: codes, items, penny, rates, tax_codes, total; did you '
            "mean "
            '"items"?'
        ),
    ),
    (
        "source of a requirement",
        RULES,
        '[invoice.require.account]\nsource = "vtigr"\n',
        f'2, invoice.require.account.source: "vtigr" {SYSTEMS}; did you mean "vtiger"?',
    ),
    (
        "one_of",
        RULES,
        '[invoice.require.tax_mode]\nvalue = "individual"\n',
        '2, invoice.require.tax_mode.value: "one_of" needs a list of texts as its value',
    ),
    (
        "is_zero",
        RULES,
        "[invoice.require.adjustment]\nvalue = 0\n",
        '2, invoice.require.adjustment.value: "is_zero" takes no value; remove it',
    ),
    (
        "rule",
        RULES,
        '[invoice.require.adjustment]\nrule = "zero"\n',
        '2, invoice.require.adjustment.rule: "zero" is not allowed here; allowed: at_most, equals, is_false, '
        "is_zero, max_places, "
        'not_negative, one_of, positive, present, within_credit; did you mean "is_zero"?',
    ),
    (
        "taken",
        RULES,
        '[invoice]\ntaken = "make"\n',
        '2, invoice.taken: "make" is not allowed here; allowed: create, hold',
    ),
    (
        "once",
        RULES,
        '[invoice.fields]\nname = { once = "yes" }\n',
        '2, invoice.fields.name.once: "yes" does not fit: write true or false, without quotes',
    ),
    (
        "lossy",
        RULES,
        '[product]\nlossy = "yes"\n',
        '2, product.lossy: "yes" is not allowed here; allowed: accept, refuse',
    ),
    (
        "match",
        RULES,
        '[product]\nmatch = [["sku"], ["barcode"]]\n',
        '2, product.match: "barcode" cannot be compared: it is not readable on both sides; allowed: active, …',
    ),
    (
        "link without entity",
        CRM_CONTACT,
        '[fields]\naccount = { path = "account_id", as = "link", entity = false }\n',
        f"2, fields.account.entity: {LINK}",
    ),
    (
        "entity without link",
        CRM_CONTACT,
        '[fields]\njob_title = { path = "title", entity = "account" }\n',
        f"2, fields.job_title.entity: {LINK}",
    ),
    (
        "link to nothing",
        CRM_CONTACT,
        '[fields]\naccount = { entity = "acount" }\n',
        '2, fields.account.entity: "acount" is not an entity; allowed: account, contact, invoice, product, '
        "quotation, sales_order, "
        'service, user; did you mean "account"?',
    ),
    (
        "link that is cut",
        CRM_CONTACT,
        "[fields]\naccount = { max = 5 }\n",
        '2, fields.account.max: "link" has no length that could be limited; only text, memo, street, lines, code, account_ref, '
        "email, phone, first "
        "take max",
    ),
    (
        "name in one field",
        CRM_CONTACT,
        '[fields]\nfull_name = { path = "lastname", as = "name" }\n',
        '2, fields.full_name.as: "name" needs several native fields: give paths = ["…", "…"]',
    ),
    (
        "name in three",
        CRM_CONTACT,
        '[fields]\nfull_name = { paths = ["a", "b", "c"], as = "name" }\n',
        '2, fields.full_name.paths: "name" takes two native fields: the first name and the last name',
    ),
    (
        "first of one",
        CRM_PRODUCT,
        '[fields]\nsku = { path = "productcode", as = "first" }\n',
        '2, fields.sku.as: "first" needs several native fields: give paths = ["…", "…"]',
    ),
    (
        "several",
        CRM_INVOICE,
        '[fields]\nstatus = { several = "last" }\n',
        '2, fields.status.several: "last" is not allowed here; allowed: first',
    ),
    ("texts", CRM_INVOICE, 'texts = "html"\n', '1, texts: "html" is not allowed here; allowed: plain, web'),
    (
        "a rate for a text",
        CRM_PRODUCT,
        '[fields]\nname = { as = "one_tax" }\n',
        '2, fields.name.as: "one_tax" makes decimal, but this field holds text; allowed: account_ref, …',
    ),
    (
        "places of a tax",
        CRM_PRODUCT,
        "[fields]\ntax_rate = { places = 2 }\n",
        '2, fields.tax_rate.places: "one_tax" is never rounded; use as = "money"',
    ),
    (
        "form",
        CRM_PRODUCT,
        '[fields]\nactive = { form = "yes/no" }\n',
        '2, fields.active.form: "yes/no" is not allowed here; allowed: 0/1, json, not',
    ),
    (
        "archive",
        CRM_PRODUCT,
        'archive = "discontinued"\n',
        '1, archive: "discontinued" does not fit: write a table here',
    ),
    (
        "link twice",
        SAGE_INVOICE,
        '[fields]\nreference = { path = "contact_id" }\n',
        '2, fields.reference: "contact_id" is written twice, by account and by reference: give one of them '
        "another field, or "
        'access = "read"',
    ),
]


@pytest.mark.parametrize(
    ("file", "text", "message"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_wrong_overrides(file: str, text: str, message: str) -> None:
    """`…` in a message stands for a long list."""
    with pytest.raises(RuleInvalid) as fault:
        compile_flow(NAME, {file: text})
    told = str(fault.value)
    begin, _, rest = f"your rules for {file}, line {message}".partition(", …")
    assert (
        told == begin if not rest and ", …" not in message else told.startswith(begin) and told.endswith(rest)
    )


def test_several_of_one_meaning_need_a_word_about_writing() -> None:
    message = (
        rf"^{CRM_INVOICE}, line \d+, fields\.status\.table: \[tables\.status\] gives two native values the same meaning.* "
        r'or several = "first" to write the first of them$'
    )
    with pytest.raises(RuleInvalid, match=message):
        compile_flow(NAME, {CRM_INVOICE: "[fields]\nstatus = { several = false }\n"})
