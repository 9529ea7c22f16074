"""Reference tables (currencies, tax codes) as far as they are known without asking a system: from the hour's
cache, else from when a person last had the fields read."""

from collections.abc import Mapping
from typing import Any

from shared.bootstrap import Services
from shared.domain.titles import title
from shared.domain.wording import words
from shared.errors import Unavailable
from shared.mapping.model import Flow
from shared.operations.read_fields import TABLES
from shared.sync.engine.reference_tables import Tables, tables_needed


def known_tables(services: Services, *flows: Flow) -> dict[str, Mapping[str, Any]]:
    """system -> its tables, all that any of these flows needs. Raises Unavailable, in a sentence, for one
    that is not known."""
    needs: dict[str, frozenset[str]] = {}
    for flow in flows:
        for system, names in tables_needed(flow).items():
            needs[system] = needs.get(system, frozenset()) | names
    cache, now = services.stores.cache, services.clock.now()
    keys = [f"{system}.{name}" for system, names in needs.items() for name in sorted(names)]
    kept = cache.get(TABLES, keys, now) if keys else {}
    systems = {system: _Kept(system, kept) for system in (flows[0].crm, flows[0].sage)}
    tables = Tables(systems, needs, services.forgetful_cache(), lambda: now)  # type: ignore[arg-type]
    return {system: tables.of(system) for system in systems}


class _Kept:
    """In place of a system: what was kept of its tables."""

    def __init__(self, system: str, kept: Mapping[str, Mapping[str, Any]]) -> None:
        self._system, self._kept = system, kept

    def table(self, name: str) -> list[dict[str, str]]:
        row = self._kept.get(f"{self._system}.{name}")
        if row is None:
            raise Unavailable(
                f"the {words(name)} of {title(self._system)} are not known here at the moment: press “Read "
                "the fields now”, and try again when they are read"
            )
        return [*row["rows"]]
