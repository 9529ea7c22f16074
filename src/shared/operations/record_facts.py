"""What tells records apart for a person: name, number, amount, currency and customer, as both sides showed
them last. Calls no vendor."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Any

from shared.domain.link import Link, Side
from shared.domain.record import record
from shared.mapping.links import native_links
from shared.mapping.model import EntityFlow, Flow
from shared.ports import LinkStore
from shared.sync.seen import read_seen
from shared.sync.shown_number import NUMBERS

_AMOUNTS = ("amount", "net", "price")
_CUSTOMERS = ("billing_name", "delivery_name", "customer_ref")


class _NoTables(dict[str, Mapping[str, Any]]):
    """Every table is there, and empty."""

    def __missing__(self, name: str) -> Mapping[str, Any]:
        return {}


@record
class Facts:
    """Blank, or None, for what neither side shows. `records`: system -> (id, label) of what is there."""

    name: str = ""
    number: str = ""
    amount: Decimal | None = None
    currency: str = ""
    customer: str = ""
    records: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name, with the number behind it where that says more; the id of a record without either."""
        more = self.number if self.number and self.number not in self.name else ""
        return ", ".join(part for part in (self.name, more) if part) or next(
            (one for one, _ in self.records.values() if one), ""
        )


def record_facts(flow: Flow, links: LinkStore, found: Sequence[Link]) -> dict[str, Facts]:
    """Link id -> facts. 2 requests for 100 links whose customers are records of their own; else none."""
    owners = _owners(flow, links, found)
    return {link.link_id: _facts(flow, link, owners.get(link.link_id, "")) for link in found}


def agreed_facts(link: Link) -> Facts:
    """What can be said without the flow, which takes a third of a second to compile: the names that both
    sides have, and what was agreed or is to be carried over."""
    return _facts(None, link, "")


def _facts(flow: Flow | None, link: Link, customer: str) -> Facts:
    entity = flow.entities.get(link.entity) if flow is not None else None
    sides = _in_order(link)
    views = [_view(entity, system, side) for system, side in sides] if entity else []
    views.append({name: base.value for name, base in link.base.items()})
    labels = {system: label_of(entity, system, side) for system, side in sides}
    named = [label for label in labels.values() if label]
    amount = _amount(_first(views, _AMOUNTS))
    return Facts(
        name=named[0] if named else str(_first(views, ("name",)) or ""),
        number=str(_first(views, NUMBERS) or (named[-1] if len(set(named)) > 1 else "")),
        amount=_of_lines(views) if amount is None else amount,
        currency=str(_first(views, ("currency",)) or ""),
        customer=str(_first(views, ("customer_name",)) or customer or _first(views, _CUSTOMERS) or ""),
        records={system: (side.id, labels[system]) for system, side in sides if side.id},
    )


def label_of(entity: EntityFlow | None, system: str, side: Side) -> str:
    """What people call the record there; "" where nothing was seen of it."""
    if side.label or entity is None or system not in entity.maps:
        return side.label
    return entity.maps[system].spec.label(_shown(side))


def _in_order(link: Link) -> list[tuple[str, Side]]:
    """Where the record came from first: that is the one which a person knows."""
    return sorted(link.sides.items(), key=lambda one: (one[0] != link.origin_system, one[0]))


def _view(entity: EntityFlow, system: str, side: Side) -> Mapping[str, Any]:
    """Without reference tables: what is only named by an id there is left out."""
    if system not in entity.maps:
        return {}
    return read_seen(entity.maps[system], _shown(side), _NoTables())


def _shown(side: Side) -> Mapping[str, Any]:
    return side.seen if side.shown is None else side.shown


def _first(views: Iterable[Mapping[str, Any]], names: Sequence[str]) -> Any:
    return next((view[name] for name in names for view in views if view.get(name) not in (None, "")), None)


def _amount(value: Any) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _of_lines(views: Iterable[Mapping[str, Any]]) -> Decimal | None:
    """What the lines come to before tax; None where a line does not say."""
    lines = next((view["lines"] for view in views if view.get("lines")), ())
    amounts = [_line(one) for one in lines if isinstance(one, Mapping)]
    known = [one for one in amounts if one is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def _line(line: Mapping[str, Any]) -> Decimal | None:
    quantity, price = line.get("quantity"), line.get("unit_price")
    if line.get("discount") or line.get("discount_amount"):
        return _amount(line.get("net"))
    return quantity * price if isinstance(quantity, Decimal) and isinstance(price, Decimal) else None


def _owners(flow: Flow, links: LinkStore, found: Sequence[Link]) -> dict[str, str]:
    """Link id -> what people call the customer, where that is a record with a link of its own."""
    asked: dict[tuple[str, str], list[str]] = {}
    for link in found:
        for system, native in _accounts(flow, link):
            asked.setdefault((system, native), []).append(link.link_id)
    owners: dict[tuple[str, str], str] = {}
    for system in dict.fromkeys(system for system, _ in asked):
        known = links.find(system, "account", [native for one, native in asked if one == system])
        owners |= {(system, native): link_id for native, link_id in known.items()}
    loaded = links.load(list(dict.fromkeys(owners.values()))) if owners else {}
    names: dict[str, str] = {}
    for place, link_id in owners.items():
        account = loaded[link_id].link
        for one in asked[place] if account is not None else ():
            sides = {} if account is None else account.sides
            labels = (label_of(flow.entities.get("account"), system, side) for system, side in sides.items())
            names.setdefault(one, next((label for label in labels if label), ""))
    return names


def _accounts(flow: Flow, link: Link) -> Iterable[tuple[str, str]]:
    """(system, native id) of the customer on each side that names one."""
    entity = flow.entities.get(link.entity)
    for system, side in link.sides.items():
        if entity is None or system not in entity.maps or link.entity == "account":
            continue
        fields = [one for one in entity.maps[system].links if one.entity == "account" and not one.lines]
        for _, native in native_links(fields, _shown(side)):
            yield system, native
