"""What changes between two readings of an integration's state, one step a field, so that nobody writes back
what another function has changed meanwhile."""

from collections.abc import Mapping
from typing import Any

from shared.domain.record import record
from shared.settings import IntegrationState

FIELDS = ("held_back", "live", "live_since", "recovering_since", "rules_version")
"""Kept as a whole. `braked` is kept list by list, `released` too; `missing` is not written here."""


@record
class Step:
    """`key` is the list, as "entity.system", of `braked` and `released`."""

    name: str
    key: str
    before: Any
    after: Any

    @property
    def frees(self) -> bool:
        """Always allowed: it stops the writing, or says again what a person said of a list."""
        return self.name == "released" or (self.name == "live" and not self.after)


def steps(before: IntegrationState, after: IntegrationState) -> list[Step]:
    """Nothing when the two are equal."""
    whole = [Step(name, "", getattr(before, name), getattr(after, name)) for name in FIELDS]
    lists = sorted({*before.braked, *after.braked})
    braked = [Step("braked", key, before.braked.get(key), after.braked.get(key)) for key in lists]
    named = sorted({*before.released, *after.released})
    released = [Step("released", key, key in before.released, key in after.released) for key in named]
    return [step for step in (*whole, *braked, *released) if step.before != step.after]


def holds(step: Step, now: IntegrationState, before: IntegrationState) -> bool:
    """Whether the step may be made where `now` is stored and `before` was read."""
    if step.frees:
        return True
    if step.name == "braked":
        return bool(now.braked.get(step.key) == step.before)
    if getattr(now, step.name) != step.before:
        return False
    return step.name != "live" or now.held_back == before.held_back


def made(step: Step, state: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a state after the step."""
    if step.name == "braked":
        rest = {key: text for key, text in state["braked"].items() if key != step.key}
        return {**state, "braked": rest if step.after is None else {**rest, step.key: step.after}}
    if step.name == "released":
        others = [key for key in state["released"] if key != step.key]
        return {**state, "released": tuple([*others, step.key] if step.after else others)}
    return {**state, step.name: step.after}
