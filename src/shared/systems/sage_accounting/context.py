"""What every resource of a business works with."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from shared.domain.record import record
from shared.ports import Clock
from shared.systems.sage_accounting.client import Client
from shared.systems.sage_accounting.facts import Facts
from shared.systems.sage_accounting.lists import Lists


@record
class SageContext:
    """`lanes` is called with contacts, items or documents before a write and raises LaneTaken. `fresh`: how
    old a reading may be when a write relies on it."""

    client: Client
    lists: Lists
    facts: Facts
    clock: Clock
    lanes: Callable[[str], None]
    options: Mapping[str, str]
    fresh: timedelta
