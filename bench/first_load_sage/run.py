"""A first load of organisations, people and products from Vtiger into Sage Business Accounting, both emulated
over real HTTP; counted are all of Sage's calls but its sign-in, list pages included. Each takes half a second
of virtual time. Then the same while recovering, with the worker killed at one point after the other.
"""

from collections import Counter
from typing import Any

from bench.figures import Figures, at_most, exactly
from bench.firms import organisation
from bench.first_load.kills import Point, dying
from bench.first_load_sage.kills import POINTS, load, recover
from bench.first_load_sage.pace import half_a_second
from bench.pair import Memory, Pair, pair

TARGET, RECOVERING = 1.2, 1.5
_CHUNK, _SHARE = 250, 2
"""A killed load is half of the whole one."""
_DIRECTIONS = {"service": "off", "invoice": "off"}
_SIGN_IN = "POST /token"
_MADE = {"contacts": "name", "contact_persons": "name", "products": "item_code"}
_OURS = ("Company ", "Pat ", "WID-")


def run(organisations: int = 1000, people: int = 1000, products: int = 300) -> Figures:
    sizes = (organisations, people, products)
    figures = _measured(sizes, None)
    for point in POINTS:
        few = tuple(one // _SHARE for one in sizes)
        figures |= _measured((few[0], few[1], few[2]), point)
    return figures


def _measured(sizes: tuple[int, int, int], point: Point | None) -> Figures:
    name = "first load of Sage Accounting, {} organisations, {} people, {} products".format(*sizes)
    records, target = sum(sizes), RECOVERING if point else TARGET
    with pair(_DIRECTIONS, Memory) as here, half_a_second(here):
        fill(here, *sizes)
        here.forget()
        if point is None:
            load(here)
        else:
            name += f", recovering, killed {point.name}"
            recover(here)
            with dying(point, here):
                load(here)
        calls, made = Counter(here.calls(here.sage)), _made(here)
    each = round((calls.total() - calls[_SIGN_IN]) / records, 4)
    return {
        f"{name}: Sage calls per record": at_most(each, target, "calls", _words(calls)),
        f"{name}: records lost": exactly(records - len(made), 0, "records"),
        f"{name}: records made twice": exactly(made.total() - len(made), 0, "records"),
    }


def fill(here: Pair, organisations: int, people: int, products: int) -> None:
    firms = [_firm(number) for number in range(organisations)]
    made = [one for part in _chunks(firms) for one in here.post(here.crm, "records/Accounts", part)["ids"]]
    persons = [_person(number, made[number % organisations]) for number in range(people)]
    goods = [_product(number) for number in range(products)]
    for module, rows in (("Contacts", persons), ("Products", goods)):
        for part in _chunks(rows):
            here.post(here.crm, f"records/{module}", part)


def _made(here: Pair) -> Counter[str]:
    return Counter(
        str(row[field])
        for what, field in _MADE.items()
        for row in here.list(here.sage, what)
        if str(row.get(field) or "").startswith(_OURS)
    )


def _firm(number: int) -> dict[str, str]:
    return organisation(f"Company {number} Ltd", f"info@company{number}.test", number) | {
        "phone": f"0113 {number:07}"
    }


def _person(number: int, account: str) -> dict[str, str]:
    return {
        "firstname": "Pat",
        "lastname": f"Person{number}",
        "email": f"pat@person{number}.test",
        "account_id": account,
    }


def _product(number: int) -> dict[str, str]:
    return {
        "productname": f"Widget {number}",
        "productcode": f"WID-{number}",
        "description": f"A widget of size {number}",
        "unit_price": f"{10 + number}.50",
    }


def _chunks(rows: list[Any]) -> list[list[Any]]:
    return [rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK)]


def _words(counted: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counted.most_common())
