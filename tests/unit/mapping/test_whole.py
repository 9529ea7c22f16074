"""Keys and codes are never cut: one that is too long is refused, and its record goes without it."""

import pytest

from shared.entities.registry import ENTITIES, kinds
from shared.mapping.compile import compile_flow, shipped_flows
from shared.mapping.faults import FieldUnreadable
from shared.mapping.whole import KEYS

MAPS = {
    f"{flow} {system} {entity}": made
    for flow in shipped_flows()
    for entity, rules in compile_flow(flow).entities.items()
    for system, made in rules.maps.items()
}


def test_every_key_is_a_field_of_some_entity() -> None:
    known = {name for entity in ENTITIES for name in kinds(entity)}
    assert known >= KEYS


@pytest.mark.parametrize("name", MAPS)
def test_a_long_text_is_written_whole_or_refused_where_it_is_a_key(name: str) -> None:
    made = MAPS[name]
    for field in sorted(made.writable - {"lines"}):
        kind = kinds(made.spec.entity)[field]
        if kind != "text" or any(one.field == field for one in made.links):
            continue
        value, notes = f"{'x' * 300}@x.test", list[str]()
        try:
            native = made.write({field: value}, {"currencies": {}, "users": {}}, notes)
        except FieldUnreadable as fault:
            assert fault.field == field and str(fault)
            continue
        cut = any(value != one for one in native.values() if one not in ("", None))
        assert not (cut and field in KEYS), field
        assert bool(notes) == (cut and len(native) == 1) or len(native) > 1


def test_a_key_says_how_long_it_is_and_what_fits() -> None:
    made = MAPS["vtiger--sage_accounting sage_accounting account"]
    with pytest.raises(
        FieldUnreadable, match=r"“YO1 6GA rear” has 12 characters, .*postal_code takes 10; it is"
    ):
        made.write({"billing_postcode": "YO1 6GA rear"}, {}, [])
    assert made.write({"billing_postcode": "YO1 6GA re"}, {}, [])["main_address/postal_code"] == "YO1 6GA re"
