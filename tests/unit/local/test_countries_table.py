"""The table of countries is what its recipe makes, and holds all of ISO 3166."""

import pycountry

from local.build.countries import LONGEST, TABLE, table, text
from shared.mapping.countries import code_of, title_of


def test_the_committed_table_is_what_the_recipe_makes() -> None:
    assert TABLE.read_text("utf-8") == text(), "run make countries"


def test_every_country_is_there_by_every_name_that_iso_gives_it() -> None:
    for one in pycountry.countries:
        names = [
            one.alpha_2,
            one.alpha_3,
            one.name,
            getattr(one, "common_name", ""),
            getattr(one, "official_name", ""),
        ]
        assert {code_of(name) for name in names if name} == {one.alpha_2}


def test_every_title_fits_and_reads_as_its_country() -> None:
    for code in table():
        title = title_of(code)
        assert title and len(title) <= LONGEST and code_of(title) == code


def test_a_function_need_not_carry_much() -> None:
    assert TABLE.stat().st_size < 40_000
