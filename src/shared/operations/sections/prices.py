"""How the lines of a document are priced and taxed: the closed set of choices, each with a sentence."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from shared.domain.record import record
from shared.domain.titles import title
from shared.operations.mapping_rows import sources_of, systems_of
from shared.operations.sections.model import Given, Section
from shared.operations.sections.said import Spot, is_own, now_at, with_keys, without_own
from shared.operations.settings_text import Parts

Shape = Literal["choice", "flag", "text", "ticks", "list"]


@record
class Setting:
    """`choices`: value -> what it does. `usual`: what counts where nothing is said."""

    key: str
    label: str
    shape: Shape = "choice"
    choices: Mapping[str, str] | None = None
    usual: str = ""
    says: str = ""


PRICING = (
    Setting(
        "by",
        "Who prices a line",
        choices={
            "document": "it costs what the CRM’s line says",
            "tieout": "Tieout works it out from the ledger’s special prices, price lists and discounts",
            "sage": "the ledger itself, where the check of the connection has proved that it does",
        },
        usual="document",
    ),
    Setting(
        "prices",
        "The CRM’s prices",
        choices={"net": "are without tax", "gross": "include tax: the net is worked out to the penny"},
        usual="net",
    ),
    Setting(
        "tax_from",
        "Whose tax code a line gets",
        choices={
            "ledger": "the ledger’s choice: the line’s, the customer’s, the product’s, then the code below",
            "flow": "the code below, always",
            "customer": "the customer’s in the ledger, else the code below",
            "line": "the line’s in the CRM, else the code below",
        },
        usual="flow",
    ),
    Setting("tax_code", "Tax code where none of these says one", "text", says="as the ledger writes it: T1"),
    Setting(
        "nominal_from",
        "Whose nominal account a line gets",
        choices={
            "ledger": "the ledger’s choice: the customer’s default, the product’s, the customer’s",
            "line": "what the rule file of the lines says",
        },
        usual="line",
    ),
    Setting("home", "Own country", "text", usual="GB", says="two letters; customers of others are abroad"),
    Setting(
        "penny",
        "A gross price that no net amount gives",
        choices={
            "refuse": "the record is skipped, and both figures are named",
            "accept": "the nearest amount is taken, with a note",
        },
        usual="refuse",
    ),
    Setting(
        "rounding",
        "Half a penny",
        choices={"half_up": "is rounded up, as Sage does", "half_even": "is rounded to the even penny"},
        usual="half_up",
    ),
    Setting(
        "total_check",
        "The lines must add up to the amount",
        "flag",
        choices={
            "yes": "a record whose lines do not is skipped",
            "no": "whatever the lines come to goes over",
        },
        usual="yes",
    ),
    Setting(
        "discounts_on",
        "Discounts come off",
        "ticks",
        choices={"special": "special prices", "list": "prices of a list", "sales": "sales prices"},
        usual="special, list, sales",
    ),
    Setting(
        "both_discounts",
        "The customer has a percentage, and the quantity earns one",
        choices={
            "hold": "a person decides",
            "customer": "the customer’s counts",
            "quantity": "the quantity’s counts",
        },
        usual="hold",
    ),
)
FIGURES = (
    Setting(
        "penny",
        "Totals that differ by rounding only",
        choices={
            "refuse": "the document is held",
            "tax": "the pennies, at most half a penny a line, go to the tax of the largest line",
        },
        usual="tax",
    ),
    Setting(
        "codes",
        "Whose tax code a line gets, in this order",
        "list",
        usual="item, contact, flow",
        says="item, contact, flow, apart by commas: the first that has the line’s rate",
    ),
    Setting("tax_codes", "The flow’s own tax codes", "list", says="apart by commas"),
)
NEGATIVE = Setting(
    "negative",
    "Lines below zero",
    choices={"accept": "go over", "refuse": "are refused: such a record is not sent"},
    usual="accept",
)


@record
class Group:
    """The settings of one table."""

    name: str
    spot: Spot
    settings: tuple[Setting, ...]


def groups(parts: Parts, entity: str) -> Iterator[Group]:
    """Of the tables that are stated."""
    for name, settings in (("pricing", PRICING), ("figures", FIGURES)):
        spot = Spot("", entity, (entity, name))
        if now_at(parts, spot):
            yield Group(name, spot, settings)
    sources = sources_of(parts, entity)
    for system in systems_of(parts):
        if system in sources and isinstance(sources[system].data.get("lines"), dict):
            yield Group(f"lines.{system}", Spot(system, entity, ("lines",)), (NEGATIVE,))


def listed(parts: Parts, entity: str) -> Iterator[Section]:
    found = [*groups(parts, entity)]
    if found:
        said: dict[str, tuple[str, ...]] = {}
        hidden = list[str]()
        for group in found:
            now, known = now_at(parts, group.spot), {one.key: one for one in group.settings}
            said |= {f"{group.name}.{key}": _texts(now[key]) for key in known if key in now}
            hidden += [
                f"{group.name}.{key}" for key in now if key not in (*known, "fields", "constants", "where")
            ]
        own = any(
            is_own(parts, Spot(one.spot.system, entity, (*one.spot.path, key.key)))
            for one in found
            for key in one.settings
        )
        yield Section("prices", "prices", said=said, own=own, hidden=tuple(hidden))


def changed(parts: Parts, entity: str, section: Section, given: Given) -> Parts:
    """Raises RuleInvalid."""
    for group in groups(parts, entity):
        wanted = dict(now_at(parts, group.spot))
        for setting in group.settings:
            entered = given.said.get(f"{group.name}.{setting.key}")
            if entered is None:
                continue
            stated = wanted.pop(setting.key, None)
            value = value_of(setting, entered)
            if setting.shape == "ticks":
                value = value or []
                value = None if stated is None and {*value} == {*(setting.choices or ())} else value
            if value is not None:
                wanted[setting.key] = value
        parts = with_keys(parts, group.spot, wanted)
    return parts


def as_shipped(parts: Parts, entity: str, section: Section) -> Parts:
    for group in groups(parts, entity):
        now = now_at(parts, group.spot)
        for setting in group.settings:
            if setting.key in now:
                parts = without_own(parts, group.spot, (setting.key,))
    return parts


def label_of(name: str) -> str:
    """Over the settings of a group."""
    return f"Lines of {title(name.partition('.')[2])}" if name.startswith("lines.") else ""


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def value_of(setting: Setting, entered: tuple[str, ...]) -> Any:
    """As a rule file has it. None where nothing is said: then what is usual counts."""
    if not entered:
        return None
    if setting.shape == "flag":
        return entered[0] == "yes"
    if setting.shape == "ticks":
        return [*entered]
    if setting.shape == "list":
        return [one for one in (part.strip() for part in ",".join(entered).split(",")) if one]
    return entered[0]
