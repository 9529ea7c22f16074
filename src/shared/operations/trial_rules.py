"""The conditions of a flow, asked of record after record: what they say is the engine's own."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from shared.mapping.check import KEPT, refuse
from shared.mapping.model import EntityFlow
from shared.mapping.rules import Requirement
from shared.operations.trial_fields import of_reference

_NONE: Mapping[str, Any] = {}


class Rules:
    """Those about the record itself come first, as in the engine. One about a record that was looked up is
    asked where the archive has that record."""

    def __init__(self, flow: EntityFlow, asked: Iterable[Requirement]) -> None:
        rules = sorted(asked, key=lambda one: of_reference(flow, one))  # stable: else in the file's order
        self._rules = [_Rule(one, of_reference(flow, one)) for one in rules]

    def keep(self, view: Mapping[str, Any], references: Mapping[str, Any]) -> None:
        """Raises RuleRefused for the first that the record does not meet."""
        for one in self._rules:
            if one.referring and one.named.isdisjoint(references):
                continue
            wanted = one.wanted(view, references) if one.wanted is not None else one.value
            if not one.kept(one.found(view, references), wanted):
                refuse([one.rule], view, references)


Get = Callable[[Mapping[str, Any], Mapping[str, Any]], Any]


class _Rule:
    """A condition with its places looked up beforehand."""

    __slots__ = ("found", "kept", "named", "referring", "rule", "value", "wanted")

    def __init__(self, rule: Requirement, referring: bool) -> None:
        self.rule, self.referring = rule, referring
        self.named = frozenset((rule.field.partition(".")[0], str(rule.value).partition(".")[0]))
        self.kept, self.value, self.found = KEPT[rule.rule], rule.value, _get(rule.field)
        self.wanted = _get(str(rule.value)) if rule.rule == "equals" else None


def _get(field: str) -> Get:
    name, dot, rest = field.partition(".")
    if not dot:
        return lambda view, references: view.get(field)
    return lambda view, references: references.get(name, _NONE).get(rest)
