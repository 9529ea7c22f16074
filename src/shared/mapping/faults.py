"""What can be wrong with a record: a value that cannot be read, or a rule of the flow that refuses it.

Both affect one record only. The messages are sentences for the person who looks after the record.
"""

from typing import Any

from shared.domain.rules import FlowRule, Rule
from shared.domain.wording import words
from shared.errors import SyncError


class FieldUnreadable(SyncError):
    """`value`, found at the native `path`, cannot be read as the canonical `field`; `allowed` says what
    can. `listed`: it is missing from a table of the system's own, which may have grown since."""

    def __init__(
        self,
        field: str,
        path: str,
        value: Any,
        allowed: str,
        rule: Rule = Rule.UNREADABLE,
        words: str = "",
        listed: bool = False,
    ) -> None:
        self.listed = listed
        self.field, self.path, self.value, self.allowed, self.rule = field, path, shown(value), allowed, rule
        super().__init__(
            words or f'{path} holds "{self.value}", which cannot be read as {field}: enter {allowed}.'
        )


class LinkMissing(SyncError):
    """A reference names a record of `entity` that has no counterpart yet, by its native id `native` or by the
    link `link`."""

    def __init__(self, field: str, path: str, entity: str, *, native: str = "", link: str = "") -> None:
        self.field, self.path, self.entity, self.native, self.link = field, path, entity, native, link
        super().__init__(f"{path} refers to the {words(entity)} {native or link}, which is not linked yet")


class RuleRefused(SyncError):
    """`rule`, one of ours or one of the flow's file by its name there, refuses the record because `field`
    holds `value`. `held`: a person has to decide what becomes of the record; otherwise it is skipped."""

    def __init__(
        self, rule: Rule | FlowRule, field: str, value: Any, message: str, *, held: bool = False
    ) -> None:
        self.rule, self.field, self.value, self.message = rule, field, shown(value), message
        self.held = held
        super().__init__(message)


def shown(value: Any) -> str:
    """A value as people write it, cut to 60 characters; blank values are the empty string."""
    if value is None:
        return ""
    text = format(value, "f") if hasattr(value, "as_tuple") else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
