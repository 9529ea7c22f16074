"""Which parts of two mapping steps rest on the same rules, and so need to be worked out only once."""

from typing import Any

from shared.domain.record import replace
from shared.mapping.model import EntityFlow
from shared.operations.trial_compare import NOWHERE, Changes, changes
from shared.operations.trial_step import Came, Made, Native, Step, sent

_REMEMBERED = 10_000
_ABSENT = object()


def made_alike(before: Step, after: Step) -> bool:
    """Whether a record comes to the same up to the moment when it is written down."""
    old, new = before.flow, after.flow
    if old is None or new is None:
        return False
    return (
        before.reader.stated == after.reader.stated
        and _decisions(old) == _decisions(new)
        and (
            before.carried == after.carried
            and before.writer.negative_lines == after.writer.negative_lines
            and before.needed == after.needed
        )
    )


def written_otherwise(before: Step, after: Step) -> frozenset[str] | None:
    """The fields that are written down otherwise, where the rules differ in nothing but these; None where
    more differs. Each field has places of its own on the other side, so the others need not be written."""
    if before.flow is None or after.flow is None:
        return None
    old, new = before.writer.stated, after.writer.stated
    if {**old, "fields": None} != {**new, "fields": None}:
        return None
    was, now = old.get("fields", {}), new.get("fields", {})
    return frozenset(name for name in {*was, *now} if was.get(name) != now.get(name))


def _decisions(flow: EntityFlow) -> tuple[object, ...]:
    pricing = flow.pricing
    if pricing is None:
        return flow.requirements, flow.references, flow.figures, None, ""
    items = pricing.items.stated if pricing.items is not None else None
    return flow.requirements, flow.references, flow.figures, replace(pricing, items=None), items


Parts = tuple[Native, Native, Changes]
"""What becomes of the fields under either rules, and what of that differs."""


class Otherwise:
    """Tells two ways of writing apart by the fields that are written otherwise, `names`: what becomes of all
    the others need not be worked out, and of a text that many records share only once."""

    def __init__(self, before: Step, after: Step, names: frozenset[str]) -> None:
        self._steps, self.names = (before, after), tuple(sorted(names))
        self.required = before.writer.required | after.writer.required
        """What neither way of writing can do without."""
        self._more = before.writer.required != after.writer.required
        self._known: dict[tuple[Any, ...], Parts | None] = {}

    def came(self, made: Made) -> tuple[Came, Came] | None:
        """What the record came to under either rules, in no more than these fields; None where that cannot be
        told from them."""
        parts = self.parts(self.values(made.fields, self.names))
        if parts is None or self._steps[0].sent(made).kind != "sent":  # the others decide for both alike
            return None
        if self._more and not self._steps[1].complete(made):
            return None
        was, now, differ = parts
        before = sent(made, was)
        return before, sent(made, now) if differ else before

    @staticmethod
    def values(fields: Native, names: tuple[str, ...]) -> tuple[Any, ...]:
        return tuple([fields.get(name, _ABSENT) for name in names])

    def parts(self, values: tuple[Any, ...]) -> Parts | None:
        """What becomes of the fields `names` with these values; None where that takes the whole step."""
        for value in values:
            if value is not None and value.__class__ is not str and value is not _ABSENT:
                # 1.0 and 1.00 are one key, but not one text
                return self._made(values)
        if values not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[values] = self._made(values)
        return self._known[values]

    def _made(self, values: tuple[Any, ...]) -> Parts | None:
        named = zip(self.names, values, strict=True)
        fields = {name: value for name, value in named if value is not _ABSENT}
        was, now = (step.part(fields) for step in self._steps)
        if was is None or now is None:
            return None
        return was, now, tuple(changes(was, now, NOWHERE))
