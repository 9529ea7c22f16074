"""The deployed functions, one package each.

A cold start makes hundreds of thousands of objects that stay. Looking through them for garbage over and over
took a tenth of its processor time, so the collector is asked to wait for more of them, until the first
invocation is over.
"""

import gc
from collections.abc import Callable
from functools import wraps
from typing import Any

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
_USUAL = gc.get_threshold()
_PATIENT = (50_000, 20, 20)
gc.set_threshold(*_PATIENT)


def kept_small(handler: Handler) -> Handler:
    """After the first invocation what is there counts as staying for good, and the collector comes as often
    as usual again: the lists of a batch hold each other, and would lie about by the hundred megabytes."""

    @wraps(handler)
    def called(event: dict[str, Any], context: Any) -> dict[str, Any]:
        try:
            return handler(event, context)
        finally:
            if gc.get_threshold() == _PATIENT:
                gc.collect()
                gc.freeze()
                gc.set_threshold(*_USUAL)

    return called
