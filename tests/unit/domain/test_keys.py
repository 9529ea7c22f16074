"""Our key depends on the origin only, fits every reference field, and never meets another's."""

import re

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.keys import link_id, target_key

NAMES = st.text(st.characters(exclude_characters="\x1f", codec="utf-8"), min_size=1, max_size=12)


@given(NAMES, NAMES, NAMES, NAMES)
def test_a_key_is_24_base32_characters(integration: str, entity: str, system: str, record_id: str) -> None:
    key = link_id(integration, entity, system, record_id)
    assert re.fullmatch("[A-Z2-7]{24}", key)
    assert key == link_id(integration, entity, system, record_id)


def test_the_parts_are_kept_apart() -> None:
    assert link_id("ab", "c", "d", "e") != link_id("a", "bc", "d", "e")


def test_a_known_key_never_changes() -> None:
    """It is stored at vendors: another value would make every order again."""
    assert link_id("demo", "sales_order", "sugarcrm", "o1") == "UVI2EN7OIMNAQ2A3QCVR3I2D"


def test_generations() -> None:
    assert (target_key("K", 0), target_key("K", 2)) == ("K", "K-2")
