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
    "positive": "(v := {found}) is not None and v > 0",
    "not_negative": "(v := {found}) is None or v >= 0",
    "max_places": "(v := {found}) is None or v.same_quantum({places})",
    "at_most": "(v := {found}) is None or v <= {wanted}",
    "equals": "(v := {found}) is not None and v == {wanted}",
    "one_of": "{found} in {wanted}",
    "is_false": "not {found}",
    "is_zero": "not {found}",
    "within_credit": "True",
}
"""Rule -> an expression that is true only where the rule is kept. Where it is not true, the engine's own
check is asked, which also makes the sentence."""
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
    refuse_it, empty, none = code.bind(refuse), code.bind(_EMPTY), code.bind(_NONE)
    code.add(1, "get = view.get")
    for rule, referring in rules:
        found = _found(rule.field, none)
        wanted = _found(str(rule.value), none) if rule.rule == "equals" else code.bind(rule.value)
        places = code.bind(_step(rule.value)) if rule.rule == "max_places" else ""
        kept = KEPT_FOR_SURE[rule.rule].format(found=found, wanted=wanted, empty=empty, places=places)
        if referring:
            named = sorted({rule.field.partition(".")[0], str(rule.value).partition(".")[0]})
            there = " or ".join(f"{name!r} in references" for name in named)
            code.add(1, f"if ({there}) and not ({kept}):")
        else:
            code.add(1, f"if not ({kept}):")
        code.add(2, f"{refuse_it}([{code.bind(rule)}], view, references)")
    made: Keep = code.build("keep")[0]
    return made


def _step(places: Any) -> Decimal:
    """The smallest step between numbers with so many places; where that is unusual, what is like none."""
    return Decimal(1).scaleb(-int(places)) if places in range(7) else Decimal("NaN")


def _found(field: str, none: str) -> str:
    name, dot, rest = field.partition(".")
    return f"references.get({name!r}, {none}).get({rest!r})" if dot else f"get({field!r})"
