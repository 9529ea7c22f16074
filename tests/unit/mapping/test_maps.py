"""M1 for every shipped map, and the generated code against the plain interpreter."""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.entities.registry import kinds
from shared.mapping import object_map
from shared.mapping.compile_reader import LinesPlan
from shared.mapping.maps import ObjectMap
from shared.mapping.plan import FieldPlan, Surroundings, plan
from shared.mapping.source import Source
from shared.mapping.validate import object_file
from tests.unit.mapping import interpreter
from tests.unit.mapping.strategies import ODD, TABLES, lines_for, natives_for, values_for

SHARED = Path(__file__).parents[3] / "src" / "shared"
EXTRA = """
object = "X"
id = "id"
[fields]
number   = { path = "no", default = "none" }
status   = { path = "state", table = "states" }
currency = { path = "cur", as = "currency" }
net      = { path = "net", as = "money", rounding = "half_even" }
contact_name = { paths = ["first", "last"], as = "join" }
delivery_street = { paths = ["s1", "s2", "s3"], as = "lines", max = 20 }
notes    = { path = "memo", as = "memo", max = 40 }
taken_by = { constant = "sync" }
order_date = "day"
[lines]
path = "rows"
[lines.where]
kind = { not_equals = "text" }
[lines.fields]
sku = { path = "code", default = "S1" }
description = { path = "text", max = 12 }
quantity = "qty"
department = { path = "dept", default = 7 }
comment = { path = "remark", max = 8, default = "carriage" }
nominal = { path = "nominal", default = "4000" }
[lines.constants]
kind = "item"
[constants]
origin = "crm"
[tables.states]
Won = "won"
Lost = "lost"
"""
ONE_LINE = """
object = "Y"
id = "id"
[fields]
name     = "title"
amount   = { path = "worth", default = 5 }
net      = { path = "worth", as = "money", places = 0, access = "read" }
status   = { path = "state", table = "states" }
notes    = { path = "state", table = "shades", access = "read" }
phone    = { path = "phone", as = "phone" }
notes_2  = { path = "phone", as = "street", access = "read" }
customer_ref = { path = "ref", as = "account_ref", max = 6 }
order_date   = "day"
due_date     = { path = "day", access = "read" }
currency     = { path = "cur", as = "currency", default = "GBP" }
[line]
sku         = { constant = "S1" }
description = "title"
comment     = "ref"
quantity    = { path = "worth", default = 5 }
unit_price  = "worth"
[tables.states]
Won = "won"
Lost = "lost"
[tables.shades]
Won = "bright"
Lost = "dark"
"""
FILES = {
    path.relative_to(SHARED).as_posix(): path.read_text("utf-8")
    for path in sorted((SHARED / "systems").glob("*/*.toml"))
}
FILES["systems/test/sales_order.toml"] = EXTRA
FILES["systems/one_line/sales_order.toml"] = ONE_LINE
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def parts(name: str) -> tuple[list[FieldPlan], LinesPlan | None, dict[str, Any], ObjectMap]:
    system, file_name = name.split("/")[1:]
    entity = file_name.removesuffix(".toml")
    source = Source(name, FILES[name])
    file = object_file(source)
    around = Surroundings(source, file, kinds(entity), ("fields",), entity)
    fields = [plan(field, line, around) for field, line in file.fields.items()]
    return (
        fields,
        object_map._lines(file, source, entity),
        file.constants,
        object_map.compile_object(system, entity, source),
    )


def views(fields: list[FieldPlan], lines: LinesPlan | None) -> st.SearchStrategy[dict[str, Any]]:
    optional = {
        item.name: st.sampled_from((None, *item.spot.pairs.values())) if item.spot.pairs else values_for(item)
        for item in fields
    }
    if lines is not None:
        optional["lines"] = lines_for(list(lines.fields))
    return st.fixed_dictionaries({}, optional=optional)


@pytest.mark.parametrize("name", FILES)
def test_lens_and_equivalence(name: str) -> None:
    fields, lines, constants, made = parts(name)

    @SLOW
    @given(views(fields, lines), st.booleans())
    def check(view: dict[str, Any], creating: bool) -> None:
        view = {field: value for field, value in view.items() if field in made.writable}
        notes: list[str] = []
        slow_notes: list[str] = []
        before = copy.deepcopy(view)
        native = made.write(view, TABLES, notes, creating)
        assert native == interpreter.write(fields, lines, constants, view, TABLES, slow_notes, creating)
        assert notes == slow_notes and view == before
        assert all(
            len(native[path]) <= item.spot.max
            for item in fields
            if item.spot.max and item.transform.extra == "notes"
            for path in item.written
            if path in native
        )
        back = made.read(native, TABLES)
        assert back == interpreter.read(fields, lines, native, TABLES)
        alternatives = {
            item.name for item in fields if item.written != item.paths and native.keys() & set(item.paths[1:])
        }
        for field in view.keys() & made.readable - alternatives:
            once = made.norm(field, view[field], TABLES)
            assert back[field] == once, field
            assert made.norm(field, once, TABLES) == once, field

    check()


@pytest.mark.parametrize("name", FILES)
def test_a_patch_touches_mapped_paths_only(name: str) -> None:
    fields, lines, _, made = parts(name)
    paths = {path for item in fields for path in item.paths} | set(lines.paths if lines else ())

    @SLOW
    @given(views(fields, lines))
    def check(view: dict[str, Any]) -> None:
        record = {"untouched": "left alone", "custom_c": 1}
        patched = {**record, **made.write(view, TABLES, [])}
        assert patched.items() >= record.items() and patched.keys() - record.keys() <= paths

    check()


@pytest.mark.parametrize("name", FILES)
def test_reading_anything_equals_the_interpreter(name: str) -> None:
    fields, lines, _, made = parts(name)
    plans = {path: item for item in fields for path in item.paths if item.readable}
    good: dict[str, Any] = {path: natives_for(item) for path, item in plans.items()}
    if lines is not None and lines.path is not None:
        inner = {path: natives_for(item) for item in lines.fields for path in item.paths}
        kind = {"kind": st.sampled_from(("text", "item"))}
        good[lines.path] = st.lists(st.fixed_dictionaries(kind, optional=inner), max_size=3)
    odd = st.dictionaries(st.sampled_from(sorted(plans)), ODD, max_size=1)

    @SLOW
    @given(st.one_of(st.fixed_dictionaries(good), st.fixed_dictionaries({}, optional=good)), odd)
    def check(values: dict[str, Any], spoilt: dict[str, Any]) -> None:
        values |= spoilt
        assert _result(made.read, values, TABLES) == _result(interpreter.read, fields, lines, values, TABLES)

    check()


def _result(work: Any, *given_values: Any) -> Any:
    """What it returns, to the last digit, or what kind of fault: which of several bad fields is named first
    may differ."""
    try:
        return {name: repr(value) for name, value in work(*given_values).items()}
    except Exception as fault:
        return type(fault)


def test_norm_leaves_a_one_way_field_alone() -> None:
    made = parts("systems/test/sales_order.toml")[3]
    assert made.norm("contact_name", "Ann  Smith", TABLES) == "Ann  Smith"


def test_a_default_that_is_too_long_is_cut_with_a_note() -> None:
    rules = EXTRA.replace('"carriage"', '"carriage forward"').replace("max = 40", 'max = 3, default = "none"')
    made = object_map.compile_object("x", "sales_order", Source("x.toml", rules))
    notes: list[str] = []
    native = made.write({"lines": [{"comment": "own"}, {}]}, TABLES, notes, True)
    assert [row["remark"] for row in native["rows"]] == ["own", "carriage"] and native["memo"] == "non"
    assert notes == ["notes cut from 4 to 3 characters", "comment of line 2 cut from 16 to 8 characters"]


def test_constants_only_on_create() -> None:
    made = parts("systems/test/sales_order.toml")[3]
    assert made.write({}, TABLES, []) == {}
    assert made.write({}, TABLES, [], True) == {"origin": "crm", "no": "none"}


def test_no_text_of_a_rule_file_is_executed() -> None:
    evil = "'];raise SystemExit or [\""
    text = (
        f'object = "X"\nid = "id"\n[fields]\nname = {{ path = """{evil}""" }}\n[constants]\n\'a"b\' = '
        f'"""{evil}"""\n'
    )
    made = object_map.compile_object("x", "sales_order", Source("x.toml", text))
    assert made.read({evil: " ok "}, TABLES) == {"name": "ok"}
    assert made.write({"name": "ok"}, TABLES, [], True) == {evil: "ok", 'a"b': evil}
