"""Which parts of two mapping steps rest on the same rules, and so need to be worked out only once."""

from shared.domain.record import replace
from shared.mapping.model import EntityFlow
from shared.operations.trial_step import Step


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
