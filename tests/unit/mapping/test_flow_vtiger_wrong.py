"""What an integrator reads who gets one of the keys of the flow vtiger--sage_accounting wrong."""

import pytest

from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow

NAME = "vtiger--sage_accounting"
RULES = f"flows/{NAME}.toml"
CRM_INVOICE = "systems/vtiger/invoice.toml"
CRM_CONTACT = "systems/vtiger/contact.toml"
CRM_PRODUCT = "systems/vtiger/product.toml"
SAGE_INVOICE = "systems/sage_accounting/invoice.toml"
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
