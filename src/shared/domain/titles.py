"""What people call systems, records and fields, for every sentence that a person reads.

A system's own manifest says it, and no layer down here knows those: `bootstrap` hands them in.
"""

from collections.abc import Mapping

_titles: Mapping[str, str] = {}


def use_titles(titles: Mapping[str, str]) -> None:
    """From now on: system -> what people call it."""
    global _titles
    _titles = titles


def title(system: str) -> str:
    """The product's name; a system that is not listed keeps its identifier."""
    return _titles.get(system, system)


def titles(systems: list[str]) -> str:
    """ "Vtiger and Sage Accounting"."""
    return " and ".join(map(title, systems))
