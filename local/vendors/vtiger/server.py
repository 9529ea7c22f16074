"""One emulated installation: its records, counters, taxes, users and the log of writes, shared by both
interfaces.

Values are stored as in the database: text, NULL as None, references and owners as bare record numbers.
"""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from local.vendors.vtiger import schema
from local.vendors.vtiger.clock import ServerClock
from local.vendors.vtiger.options import VtigerOptions, VtigerUser

Line = dict[str, Any]
Heard = Callable[["Record"], None]


@dataclass
class Record:
    """`taxes`, `prices` (by currency) and `files` belong to products; `lines` and `shipping` to inventory
    records.

    `currency` is that of a product's own price, "" the base.
    `charges` is "api" or "form": what wrote the charges decides how they are read.
    """

    module: str
    number: int
    values: dict[str, str | None]
    deleted: bool = False
    taxes: dict[str, str] = field(default_factory=dict)
    prices: dict[str, Decimal] = field(default_factory=dict)
    currency: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    shipping: str | None = None
    charges: str = "api"


@dataclass(frozen=True)
class Actor:
    """Who acts, and through which interface: webservice, cloud or person."""

    user: VtigerUser
    door: str

    @property
    def person(self) -> bool:
        return self.door == "person"


class VtigerServer:
    def __init__(self, options: VtigerOptions) -> None:
        self.options = options
        self.clock = ServerClock()
        self.lock = threading.RLock()
        self.heard: list[Heard] = []
        self.calls: Counter[str] = Counter()
        self._schema: tuple[str, dict[str, schema.Module]] = ("", {})
        self.reset()

    def reset(self) -> None:
        """Back to the initial state: no records, the real time."""
        self.clock.reset()
        self.records: dict[int, Record] = {}
        self.next_number = self.options.first_record
        self.numbered: Counter[str] = Counter()
        self.taxes = [list(tax) for tax in self.options.taxes]
        self.writes: list[dict[str, Any]] = []
        self.calls.clear()

    # ------------------------------------------------------------ what there is

    @property
    def modules(self) -> dict[str, schema.Module]:
        key = f"{self.options.old} {self.options.custom_fields}"
        if self._schema[0] != key:
            self._schema = (key, schema.modules(self.options.old, self.options.custom_fields))
        return self._schema[1]

    def module(self, name: str | None) -> schema.Module | None:
        """A module that can be worked with; None for an unknown one and for those that are only listed."""
        found = self.modules.get(name or "")
        return found if found and found.fields is not None else None

    def user(self, number: int | str) -> VtigerUser | None:
        return next((user for user in self.options.users if user.id == int(number)), None)

    def change_options(self, values: dict[str, Any]) -> None:
        """Raises ValueError. New taxes replace those that were there."""
        self.options.change(values)
        if "taxes" in values:
            self.taxes = [list(tax) for tax in self.options.taxes]

    def change_user(self, name: str, values: dict[str, Any]) -> None:
        """As an admin edits a user, e.g. `access_key`. Raises ValueError for what does not exist."""
        if self.user_named(name) is None or not values.keys() <= {one.name for one in fields(VtigerUser)} - {
            "name"
        }:
            raise ValueError(
                f"There is no user {name!r}, or a user has no such setting: {', '.join(sorted(values))}."
            )
        users = self.options.users
        self.options.users = tuple(replace(user, **values) if user.name == name else user for user in users)

    def user_named(self, name: str) -> VtigerUser | None:
        return next((user for user in self.options.users if user.name == name), None)

    def person(self) -> Actor:
        return Actor(self.user(self.options.person) or self.options.users[0], "person")

    def program(self) -> Actor:
        """Another program of the customer's, which writes through an interface that takes lines."""
        return Actor(self.options.users[0], "webservice" if self.options.old else "cloud")

    def live(self, number: int | str | None) -> Record | None:
        found = self.records.get(int(number)) if number and str(number).isdigit() else None
        return found if found and not found.deleted else None

    def of(self, module: str, *, deleted: bool = False) -> list[Record]:
        """The records of a module in order of their numbers."""
        return [one for one in self.records.values() if one.module == module and (deleted or not one.deleted)]

    def tax_names(self) -> list[str]:
        return [f"tax{place}" for place in range(1, len(self.taxes) + 1)]

    # ------------------------------------------------------------ ids

    def wire(self, module: str, number: int | str) -> str:
        return f"{self.options.prefixes[module]}x{number}"

    def module_of_prefix(self, prefix: str) -> str | None:
        return next((name for name, number in self.options.prefixes.items() if str(number) == prefix), None)

    def owner(self, number: str | None) -> str | None:
        """`19x1` or `20x2`; the bare number of an owner that does not exist."""
        if not number:
            return number
        if self.user(number):
            return self.wire("Users", number)
        return (
            self.wire("Groups", number)
            if any(str(one) == number for one, _ in self.options.groups)
            else number
        )

    # ------------------------------------------------------------ numbers and the log

    def take_number(self) -> int:
        taken = self.next_number
        self.next_number += 1
        return taken

    def take_line_number(self) -> int:
        return 1 + max((line["id"] for record in self.records.values() for line in record.lines), default=0)

    def entity_number(self, module: str) -> dict[str, str]:
        """The next ACC1, INV1, … under its field's name."""
        if module not in schema.NUMBER_FIELDS:
            return {}
        name, start = schema.NUMBER_FIELDS[module]
        self.numbered[module] += 1
        return {name: f"{start}{self.numbered[module]}"}

    def log(self, actor: Actor, operation: str, module: str, number: int, element: Any) -> None:
        """API writes only; what people do is not in it."""
        if not actor.person:
            self.writes.append(
                {
                    "at": self.clock.stored(),
                    "user": actor.user.name,
                    "door": actor.door,
                    "operation": operation,
                    "module": module,
                    "id": self.wire(module, number) if number else None,
                    "element": element,
                }
            )

    def saved(self, record: Record) -> None:
        for heard in self.heard:
            heard(record)
