"""What a measurement hands back: figures by name, each with its value, target, unit, and whether it is met.

A figure without a target is there to be read, and is always ok.
"""

from collections.abc import Mapping
from typing import Any

Figure = dict[str, Any]
Figures = dict[str, Figure]


def at_most(value: float, target: float, unit: str, note: str = "") -> Figure:
    return _figure(value, target, unit, value <= target, note)


def at_least(value: float, target: float, unit: str, note: str = "") -> Figure:
    return _figure(value, target, unit, value >= target, note)


def exactly(value: float, target: float, unit: str, note: str = "") -> Figure:
    return _figure(value, target, unit, value == target, note)


def told(value: float, unit: str, note: str = "") -> Figure:
    """A figure that nothing is promised about."""
    return _figure(value, None, unit, True, note)


def _figure(value: float, target: float | None, unit: str, ok: bool, note: str) -> Figure:
    figure: Figure = {"value": round(value, 4), "target": target, "unit": unit, "ok": ok}
    return figure | ({"note": note} if note else {})


def row(name: str, figure: Mapping[str, Any]) -> tuple[str, str, str, str, str]:
    """Name, value with its unit, target, verdict, note: as text, for the table and the README."""
    target = figure["target"]
    verdict = "" if target is None else "ok" if figure["ok"] else "MISSED"
    value = f"{figure['value']:g} {figure['unit']}"
    return name, value, "" if target is None else f"{target:g}", verdict, figure.get("note", "")
