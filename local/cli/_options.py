"""Values of options without pydantic, where there is nothing to check: what was not given, and text.

Typer builds a pydantic adapter for every option, given or not; reading pydantic takes longer than most of
what a command does. What is a number, a path or a list is still checked by it.
"""

from collections.abc import Iterable
from typing import Any


class _Lazily:
    """In place of typer's own coercion of one parameter, which is made when it is needed."""

    def __init__(self, parameter: Any) -> None:
        self._parameter = parameter

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        if self._parameter.type_descriptor.annotation is str and isinstance(value, str) and not several:
            return value
        from typer._coercion import build_runtime_param

        return build_runtime_param(self._parameter.type_descriptor).coerce(value, param=param, ctx=ctx)


def without_pydantic(parameters: Iterable[Any]) -> None:
    """Of another typer, whose parameters know nothing of this, all stays as it is."""
    for one in parameters:
        if hasattr(one, "_runtime_param") and hasattr(one, "type_descriptor"):
            one._runtime_param = _Lazily(one)
