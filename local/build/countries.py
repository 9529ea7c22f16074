"""Makes `src/shared/mapping/countries.json`: every country of ISO 3166 with the English names people type.

ISO's own names and codes come from pycountry, everyday names and withdrawn codes from CLDR (babel). A
function needs neither: `make countries` writes the table, and a test compares it with what this makes.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pycountry
from babel import Locale
from babel.core import get_global

from local.build.country_names import ALSO, TITLES
from shared.mapping.countries import folded

TABLE = Path(__file__).parents[2] / "src" / "shared" / "mapping" / "countries.json"
LONGEST = 30
"""Characters of a country in Vtiger's address fields."""


def table() -> dict[str, list[str]]:
    """Code -> the name to write, then every other way to call the country, folded. Raises ValueError when a
    name would mean two countries."""
    everyday = Locale("en").territories
    made, owners = dict[str, list[str]](), dict[str, str]()
    records = {one.alpha_2: one for one in pycountry.countries}
    for code in sorted(records.keys() | TITLES.keys()):
        title = TITLES.get(code) or _plain(everyday[code])
        if len(title) > LONGEST:
            raise ValueError(f"{title} is longer than {LONGEST} characters: give {code} a shorter title")
        names = [title, everyday.get(code, title), *_of_iso(records.get(code)), *ALSO.get(code, ())]
        known = list(dict.fromkeys(folded(name) for name in names))
        for name in known:
            if owners.setdefault(name, code) != code:
                raise ValueError(f"{name} would mean both {owners[name]} and {code}")
        made[code] = [title, *(name for name in known if name != folded(title))]
    for code, successors in sorted(_withdrawn().items()):
        if folded(code) not in owners and len(successors) == 1 and successors[0] in made:
            made[successors[0]].append(folded(code))
    return made


def _of_iso(one: Any) -> Iterator[str]:
    if one is None:
        return
    yield one.alpha_3
    for key in ("name", "common_name", "official_name"):
        name = str(getattr(one, key, ""))
        if name:
            yield name
        head, comma, rest = name.partition(", ")
        if comma and not rest.startswith("Sint"):
            yield f"{rest} {head}"


def _plain(name: str) -> str:
    return name.replace(" & ", " and ").replace("’", "'").replace("U.S.", "US")


def _withdrawn() -> dict[str, list[str]]:
    """Two-letter codes that were given up, and what took their place."""
    aliases: dict[str, list[str]] = get_global("territory_aliases")  # type: ignore[assignment]
    return {code: list(names) for code, names in aliases.items() if len(code) == 2 and code.isalpha()}


def text() -> str:
    rows = [f"{json.dumps(code)}: {json.dumps(names, ensure_ascii=False)}" for code, names in table().items()]
    return "{\n" + ",\n".join(rows) + "\n}\n"


if __name__ == "__main__":
    TABLE.write_text(text(), "utf-8")
    print(f"{TABLE}: {len(table())} countries")
