"""What an integrator reads when a rule file is wrong: file, line, field, value, and what is allowed."""

import pytest

from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.mapping.object_map import compile_object
from shared.mapping.source import Source

FLOW = "sugarcrm--sage_50"
ORDER = "systems/sugarcrm/sales_order.toml"
SAGE = "systems/sage_50/sales_order.toml"
RULES = "flows/sugarcrm--sage_50.toml"

WRONG = [
    (
        "unknown key of what a flow lays over a system",
        RULES,
        "[account.on.sage_50.fields]\nphone = { mx = 3 }\n",
        f'your rules for {RULES}, line 2, account.on.sage_50.fields.phone.mx: there is no key "mx"; allowed: access, as, constant, '
        'default, entity, form, max, path, paths, places, required, rounding, several, table; did you mean "max"?',
    ),
    (
        "a system that the flow does not have",
        RULES,
        "[account.on.sage_51]\nid = 'x'\n",
        f'your rules for {RULES}, line 1, account.on.sage_51: "sage_51" is not of this flow; allowed: sage_50, sugarcrm; '
        'did you mean "sage_50"?',
    ),
    (
        "unknown key",
        ORDER,
        'obect = "X"\n',
        f'your rules for {ORDER}, line 1, obect: there is no key "obect"; allowed: archive, constants, deletable, fields, id, key, label, '
        'line, lines, natural, number, object, optional, poll, related, tables, texts, version, witness; did you mean "object"?',
    ),
    (
        "unknown key of a field",
        ORDER,
        '[fields]\nphone = { path = "x", mx = 3 }\n',
        f'your rules for {ORDER}, line 2, fields.phone.mx: there is no key "mx"; allowed: access, as, constant, default, entity, form, '
        'max, path, paths, places, required, rounding, several, table; did you mean "max"?',
    ),
    (
        "unknown transform",
        ORDER,
        '[fields]\n\nphone = { as = "phon" }\n',
        f'your rules for {ORDER}, line 3, fields.phone.as: "phon" is not allowed here; allowed: account_ref, boolean, code, country_code, '
        "country_name, currency, date, datetime, decimal, email, first, integer, inverse, join, lines, "
        "link, memo, money, "
        "name, one_tax, phone, street, table, tax_code, tax_rate, text, user; "
        'did you mean "phone"?',
    ),
    (
        "wrong transform for the type",
        ORDER,
        '[fields]\namount = { as = "date" }\n',
        f'your rules for {ORDER}, line 2, fields.amount.as: "date" makes date, but this field holds decimal; '
        "allowed: decimal, inverse, money, one_tax, tax_rate",
    ),
    (
        "target twice",
        SAGE,
        '[fields]\nnotes_2 = "notes1"\n',
        f'your rules for {SAGE}, line 2, fields.notes_2: "notes1" is written twice, by notes and by notes_2: give one of them '
        'another field, or access = "read"',
    ),
    (
        "our key mapped",
        SAGE,
        '[fields]\ncustomer_order_number = "customerOrderNumber"\n',
        f'your rules for {SAGE}, line 2, fields.customer_order_number: "customerOrderNumber" is written twice, by our key and by '
        'customer_order_number: give one of them another field, or access = "read"',
    ),
    (
        "constant on a mapped field",
        SAGE,
        '[constants]\nnotes1 = "x"\n',
        f'your rules for {SAGE}, line 2, constants.notes1: "notes1" is written twice, by notes and by a constant: give one of them '
        'another field, or access = "read"',
    ),
    (
        "unknown related",
        ORDER,
        '[fields]\nphone = "acount.phone"\n',
        f'your rules for {ORDER}, line 2, fields.phone.path: "acount.phone" names no related record; allowed: account; '
        'did you mean "account"?',
    ),
    (
        "writing another record",
        ORDER,
        '[fields]\nphone = { path = "account.phone_office", access = "both" }\n',
        f"your rules for {ORDER}, line 2, fields.phone.access: it can only be read, because it belongs to "
        "another record; "
        'write access = "read"',
    ),
    (
        "one-way transform written",
        ORDER,
        '[fields]\ncontact_name = { paths = ["a", "b"], as = "join", access = "write" }\n',
        f'your rules for {ORDER}, line 2, fields.contact_name.access: it can only be read, because "join" has no way back; '
        'write access = "read"',
    ),
    (
        "unknown table",
        ORDER,
        '[fields]\nstatus = { path = "s", as = "table", table = "stages" }\n',
        f"your rules for {ORDER}, line 2, fields.status.table: there is no [tables.stages]; allowed: none",
    ),
    (
        "bad constant",
        ORDER,
        '[line]\nquantity = { constant = "one" }\n',
        f'your rules for {ORDER}, line 2, line.quantity.constant: "one" is not a number of digits with a point, such as 1234.56',
    ),
    (
        "max on a number",
        ORDER,
        "[fields]\namount = { max = 3 }\n",
        f'your rules for {ORDER}, line 2, fields.amount.max: "decimal" has no length that could be limited; only text, memo, street, lines, '
        "code, account_ref, email, phone, first take max",
    ),
    (
        "two origins",
        ORDER,
        '[fields]\ncontact_name = { path = "a", constant = "b" }\n',
        f"your rules for {ORDER}, line 2, fields.contact_name: give exactly one of path, paths and constant",
    ),
    (
        "line and lines",
        ORDER,
        '[lines]\npath = "x"\n[lines.fields]\nsku = "y"\n',
        f"your rules for {ORDER}, line 1, lines: an object has either [line] or [lines]: remove one (line = "
        "false)",
    ),
    (
        "worklist never empties",
        ORDER,
        '[fields]\nnumber = "so_c"\n',
        f"{RULES}, line 14, sales_order: the worklist of sugarcrm would never become empty: [poll.where] in "
        f"{ORDER} wants sales_order_no_c to be blank, but this flow writes so_c",
    ),
    (
        "required target missing",
        ORDER,
        "[fields]\ncustomer_ref = false\n",
        f'{RULES}, line 14, sales_order: sage_50 needs "customer_ref" on every sales_order, but nothing in {ORDER} supplies it: '
        "add a line for it",
    ),
    (
        "direction of a field",
        RULES,
        '[sales_order.fields]\nlines = { direction = "from sage_50" }\n',
        f'your rules for {RULES}, line 2, sales_order.fields.lines.direction: "lines" cannot go from sage_50 to sugarcrm: it must be '
        "readable in sage_50 and writable in sugarcrm (see [fields] of both rule files, one-way transforms "
        "included)",
    ),
    (
        "unknown direction",
        RULES,
        '[sales_order]\ndirection = "from sugar"\n',
        f'your rules for {RULES}, line 2, sales_order.direction: "from sugar" is not a direction; allowed: both, from sage_50, '
        'from sugarcrm, off; did you mean "from sugarcrm"?',
    ),
    (
        "preference cycle",
        RULES,
        '[sales_order]\nwinner = ["sage_50", "sugarcrm", "sage_50"]\n',
        f"your rules for {RULES}, line 2, sales_order.winner: name each system once, the winner first; "
        "['sage_50', 'sugarcrm', 'sage_50'] does not do that (with a preference cycle the two sides would "
        "never agree)",
    ),
    (
        "requirement on an unknown field",
        RULES,
        '[sales_order.require.x]\nrule = "present"\nfield = "customer.onhold"\nmessage = "Say what to do."\n',
        f'your rules for {RULES}, line 3, sales_order.require.x.field: "onhold" is not a field of account; ',
    ),
    (
        "unknown entity",
        RULES,
        '[salesorder]\ndirection = "both"\n',
        f'your rules for {RULES}, line 1, salesorder: "salesorder" is not an entity; allowed: account, contact, invoice, product, '
        'quotation, sales_order, service, user; did you mean "sales_order"?',
    ),
    (
        "tax from nowhere",
        RULES,
        '[sales_order.pricing]\ntax_code = false\ntax_from = "flow"\n',
        f'your rules for {RULES}, line 2, sales_order.pricing.tax_code: tax_from = "flow" needs the ledger\'s tax code here, such as "T1"',
    ),
    (
        "not TOML",
        ORDER,
        "[fields\n",
        f"your rules for {ORDER}: this is not valid TOML: Expected ']' at the end of a table declaration (at "
        "line 1, column 8). Correct the line.",
    ),
    (
        "unknown file",
        "systems/sugarcrm/sales_orders.toml",
        'object = "X"\n',
        '"systems/sugarcrm/sales_orders.toml" is not a rule file of this flow; ',
    ),
]


@pytest.mark.parametrize(
    ("name", "text", "message"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG]
)
def test_wrong_overrides(name: str, text: str, message: str) -> None:
    with pytest.raises(RuleInvalid) as fault:
        compile_flow(FLOW, {name: text})
    if message.endswith("; "):
        assert str(fault.value).startswith(message)
    else:
        assert str(fault.value) == message


def test_unknown_canonical_field_lists_the_fields() -> None:
    with pytest.raises(
        RuleInvalid,
        match=r'line 2, fields.custmer_ref: "custmer_ref" is not a field of sales_order; allowed: '
        r'account, .*; did you mean "customer_ref"\?$',
    ):
        compile_flow(FLOW, {ORDER: '[fields]\ncustmer_ref = "x"\n'})


def test_unknown_flow() -> None:
    with pytest.raises(RuleInvalid, match=r'^There is no flow "sugar--sage"; allowed: .*sugarcrm--sage_50'):
        compile_flow("sugar--sage")


def test_an_error_in_a_shipped_file_names_that_file() -> None:
    with pytest.raises(
        RuleInvalid, match=r'^systems/x/user.toml, line 4, fields.email.path: "3" does not fit'
    ):
        compile_object(
            "x",
            "user",
            Source("systems/x/user.toml", 'object = "U"\nid = "id"\n[fields]\nemail = { path = 3 }\n'),
        )


def test_two_way_field_that_is_cut_on_one_side() -> None:
    rules = {
        RULES: '[account]\nlookup_only = false\ndirection = "both"\n[sales_order.references]\ncustomer = false\n'
        "[sales_order.require]\ncustomer_active = false\ncustomer_not_on_hold = false\ncurrency = false\n"
    }
    with pytest.raises(
        RuleInvalid,
        match=r"account.fields.\w+: it is cut to \d+ characters in \w+ but goes both ways, so an edit "
        r"there would shorten the other side; give it a direction",
    ):
        compile_flow(FLOW, rules)


def test_table_with_two_names_for_one_meaning() -> None:
    text = '[fields]\nstatus = { path = "s", table = "t" }\n[tables.t]\nWon = "yes"\nSigned = "yes"\n'
    with pytest.raises(RuleInvalid, match=r"\[tables.t\] gives two native values the same meaning"):
        compile_flow(FLOW, {ORDER: text})
