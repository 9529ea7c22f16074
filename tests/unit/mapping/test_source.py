"""Overriding key by key, and finding the line of a key."""

from shared.mapping.source import Layer, Source, line_of, merge

TEXT = """
a = 1
[t.one]
b = { c = 2 }
"quoted key" = 3

[[list]]
d.e = 4
"""


def test_line_of_a_key() -> None:
    assert line_of(TEXT, ("a",)) == 2
    assert line_of(TEXT, ("t", "one")) == 3
    assert line_of(TEXT, ("t", "one", "b", "c")) == 4
    assert line_of(TEXT, ("t", "one", "quoted key")) == 5
    assert line_of(TEXT, ("list", "d", "e")) == 8
    assert line_of(TEXT, ("nowhere",)) == 0


def test_tables_are_merged_and_other_values_replaced() -> None:
    assert merge({"t": {"a": 1, "b": [1]}, "x": 1}, {"t": {"b": [2]}}) == {"t": {"a": 1, "b": [2]}, "x": 1}


def test_false_removes_a_value_but_sets_a_flag() -> None:
    assert merge(
        {"fields": {"a": "x"}, "flag": True, "table": {"a": 1}},
        {"fields": {"a": False}, "flag": False, "table": False},
    ) == {"fields": {}, "flag": False}


def test_a_bare_path_keeps_the_other_options_of_a_field() -> None:
    assert merge({"fields": {"a": {"path": "x", "max": 3}}}, {"fields": {"a": "y"}}) == {
        "fields": {"a": {"path": "y", "max": 3}}
    }
    assert merge({"fields": {"a": "x"}}, {"fields": {"a": {"max": 3}}}) == {
        "fields": {"a": {"path": "x", "max": 3}}
    }


def test_a_new_origin_drives_out_the_old() -> None:
    assert merge({"line": {"a": {"constant": "S1"}}}, {"line": {"a": "x"}}) == {"line": {"a": {"path": "x"}}}


def test_a_condition_is_replaced_whole() -> None:
    assert merge({"poll": {"where": {"s": "Won"}}}, {"poll": {"where": {"s": {"not_equals": "Lost"}}}}) == {
        "poll": {"where": {"s": {"not_equals": "Lost"}}}
    }


def test_the_fault_names_the_text_that_holds_the_value() -> None:
    source = Source("f.toml", "a = 1\n[t]\nb = 2\n", "[t]\nc = 3\n")
    assert str(source.fault(("t", "b"), "no")) == "f.toml, line 3, t.b: no"
    assert str(source.fault(("t", "c"), "no")) == "your rules for f.toml, line 2, t.c: no"


FLOW_TEXT = """
[account.on.sage_50.fields]
name = { path = "name", max = 20 }
[account.on.sage_50.constants]
readOnly = true
"""


def layered(over: str | None = None) -> Source:
    shipped = "[fields]\nname = 'name'\nfax = 'fax'\n"
    layer = Layer(Source("flows/a--b.toml", FLOW_TEXT), ("account", "on", "sage_50"))
    return Source("systems/sage_50/account.toml", shipped, over, layer)


def test_what_a_flow_lays_over_a_system_stands_between_the_shipped_text_and_the_integrators_own() -> None:
    assert layered().data == {
        "fields": {"name": {"path": "name", "max": 20}, "fax": "fax"},
        "constants": {"readOnly": True},
    }
    own = layered("fields.name = { max = 30 }\nconstants.readOnly = false").data
    assert own["fields"]["name"] == {"path": "name", "max": 30} and own["constants"] == {"readOnly": False}


def test_a_fault_is_placed_in_the_flows_file_where_the_value_stands_there() -> None:
    where = str(layered().fault(("fields", "name", "max"), "no"))
    assert where == "flows/a--b.toml, line 3, account.on.sage_50.fields.name.max: no"
    assert (
        str(layered().fault(("fields", "fax"), "no"))
        == "systems/sage_50/account.toml, line 3, fields.fax: no"
    )
    mine = str(layered("fields.name = { max = 30 }").fault(("fields", "name", "max"), "no"))
    assert mine == "your rules for systems/sage_50/account.toml, line 1, fields.name.max: no"
