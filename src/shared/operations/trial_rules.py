"""The conditions of a flow, asked of record after record: what they say is the engine's own."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.mapping.check import KEPT, refuse
from shared.mapping.model import EntityFlow, Requirement
from shared.operations.trial_fields import of_reference


class Rules:
    """Those about the record itself come first, as in the engine. One about a record that was looked up is
    asked where the archive has that record."""

    def __init__(self, flow: EntityFlow, asked: Iterable[Requirement]) -> None:
        rules = list(asked)
        self._own = [one for one in rules if not of_reference(flow, one)]
        referring = [one for one in rules if of_reference(flow, one)]
        self._referring = [(one, _named(one)) for one in referring]

        self._plain = [(KEPT[one.rule], one.field, one.value) for one in self._own if _is_plain(one)]
        self._other = [one for one in self._own if not _is_plain(one)]

    def keep(self, view: Mapping[str, Any], references: Mapping[str, Any]) -> None:
        """Raises RuleRefused for the first that the record does not meet."""
        get = view.get
        for kept, field, wanted in self._plain:
            if not kept(get(field), wanted):
                refuse(self._own, view, references)
        if self._other:
            refuse(self._own, view, references)
        if self._referring:
            refuse(
                [one for one, named in self._referring if not named.isdisjoint(references)], view, references
            )


def _is_plain(rule: Requirement) -> bool:
    """Whether it is about one field and a fixed value."""
    return rule.rule != "equals" and "." not in rule.field


def _named(rule: Requirement) -> frozenset[str]:
    return frozenset((rule.field.partition(".")[0], str(rule.value).partition(".")[0]))
