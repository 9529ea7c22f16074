"""Gives every contestant what a deployed function has: imported first, before the clock starts.

httpx imports its command line, and with it click, rich and pygments, wherever they are installed. The
artifact has none of them, so no contestant may pay for them. And the modules that the contestants read their
input with, which the Lambda runtime has loaded too, are loaded for all.
"""

import json  # noqa: F401
import sys
import typing  # noqa: F401
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

HIDDEN = frozenset({"click", "pygments", "rich", "typer"})


class NotDeployed:
    """A finder that stands in front of all others and says of hidden packages that they are not installed."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] in HIDDEN:
            raise ModuleNotFoundError(f"{name} is not in the deployed artifact", name=name)
        return None


sys.meta_path.insert(0, NotDeployed)
