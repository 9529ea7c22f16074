"""The conditions of a flow, asked of record after record: what they say is the engine's own."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from shared.mapping.check import refuse
from shared.mapping.compile_reader import Code
from shared.mapping.model import EntityFlow
from shared.mapping.rules import Requirement
from shared.operations.trial_fields import of_reference

_NONE: Mapping[str, Any] = {}
_EMPTY: tuple[Any, ...] = (None, "", [])
KEPT_FOR_SURE: Mapping[str, str] = {
    "present": "{found} not in {empty}",
    "positive": "{found} is not None and {found} > 0",
    "not_negative": "{found} is None or {found} >= 0",
    "max_places": "{found} is None or {found}.same_quantum({places})",
    "at_most": "{found} is None or {found} <= {wanted}",
    "equals": "{found} is not None and {found} == {wanted}",
    "one_of": "{found} in {wanted}",
    "is_false": "not {found}",
    "is_zero": "not {found}",
    "within_credit": "True",
}
"""Rule -> an expression that is true only where the rule is kept; `found` is a name. Where it is not true,
the engine's own check is asked, which also makes the sentence."""
Keep = Callable[[Mapping[str, Any], Mapping[str, Any]], None]


class Rules:
    """Those about the record itself come first, as in the engine. One about a record that was looked up is
    asked where the archive has that record. `keep(view, references)` raises RuleRefused for the first that
    the record does not meet."""

    def __init__(self, flow: EntityFlow, asked: Iterable[Requirement]) -> None:
        rules = sorted(asked, key=lambda one: of_reference(flow, one))  # stable: else in the file's order
        self.keep: Keep = _compiled([(one, of_reference(flow, one)) for one in rules])


def _compiled(rules: Iterable[tuple[Requirement, bool]]) -> Keep:
    """One function for all of them. As in the readers, names go in by `repr`, all else as bound objects."""
    code = Code("def keep(view, references):")
    refuse_it, empty = code.bind(refuse), code.bind(_EMPTY)
    found = _Found(code)
    for rule, referring in rules:
        field = found.named(rule.field)
        wanted = found.named(str(rule.value)) if rule.rule == "equals" else code.bind(rule.value)
        places = code.bind(_step(rule.value)) if rule.rule == "max_places" else ""
        kept = KEPT_FOR_SURE[rule.rule].format(found=field, wanted=wanted, empty=empty, places=places)
        asked = f"({found.there(rule)}) and " if referring else ""
        code.add(1, f"if {asked}not ({kept}):")
        code.add(2, f"{refuse_it}([{code.bind(rule)}], view, references)")
    made: Keep = code.build("keep")[0]
    return made


class _Found:
    """Names of what was found, each looked up once."""

    def __init__(self, code: Code) -> None:
        self._code, self._none, self._names = code, code.bind(_NONE), dict[str, str]()
        code.add(1, "get = view.get")

    def named(self, field: str) -> str:
        if field not in self._names:
            name, dot, rest = field.partition(".")
            value = f"references.get({name!r}, {self._none}).get({rest!r})" if dot else f"get({field!r})"
            self._names[field] = f"v{len(self._names)}"
            self._code.add(1, f"{self._names[field]} = {value}")
        return self._names[field]

    @staticmethod
    def there(rule: Requirement) -> str:
        """Whether one of the records is known that the rule is about."""
        fields = [rule.field, *([str(rule.value)] if rule.rule == "equals" else [])]
        names = sorted({field.partition(".")[0] for field in fields})
        return " or ".join(f"{name!r} in references" for name in names)


def _step(places: Any) -> Decimal:
    """The smallest step between numbers with so many places; where that is unusual, what is like none."""
    return Decimal(1).scaleb(-int(places)) if places in range(7) else Decimal("NaN")
