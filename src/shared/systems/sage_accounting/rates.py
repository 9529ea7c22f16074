"""Exchange rates of documents, both ways: ours is always units of the base currency for one foreign unit."""

from collections.abc import Mapping
from typing import Any

from shared.ports import Values
from shared.systems.sage_accounting.reference import DIRECTIONS, direction_of


def shown(options: Mapping[str, str], found: Values) -> Values:
    """What of it changes where Sage states rates the other way round."""
    return {"exchange_rate": found["inverse_exchange_rate"]} if _turned(options) else {}


def written(options: Mapping[str, str], body: dict[str, Any]) -> dict[str, Any]:
    if not _turned(options) or "exchange_rate" not in body:
        return body
    rest = {name: value for name, value in body.items() if name != "exchange_rate"}
    return {**rest, "inverse_exchange_rate": body["exchange_rate"]}


def _turned(options: Mapping[str, str]) -> bool:
    return direction_of(options) != DIRECTIONS[0]
