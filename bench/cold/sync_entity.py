"""The sync function from a fresh interpreter to its first vendor call, the second look at an opportunity that
a poll read: imports, clients, flow, services, links, lane.

Reads the batch from standard input. Prints the processor seconds (user and system) that took. The vendor is
not called.
"""

import json
import sys
import time
from types import SimpleNamespace
from typing import Any, NoReturn

from bench.cold import deployed  # noqa: F401  hides what no artifact has

batch = json.load(sys.stdin)
begun = time.process_time()

from functions.sync_entity.app import handler  # noqa: E402
from shared.systems._http import HttpClient  # noqa: E402


class Reached(BaseException):
    """The first vendor call is about to leave. Nothing on the way may take it for a fault."""


def stop(http: Any, method: str, path: str, **_: Any) -> NoReturn:
    raise Reached(f"{time.process_time() - begun} {method} {path}")


HttpClient.send = stop  # type: ignore[assignment]
context = SimpleNamespace(
    aws_request_id="cold",
    get_remaining_time_in_millis=lambda: 120_000,
    function_name="cold",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:cold",
)
try:
    handler(batch, context)
except Reached as reached:
    took, *call = str(reached).split()
    assert call[1].endswith("/Opportunities/filter"), f"the first vendor call is {call}, not the second look"
    print(took)
else:
    raise AssertionError("the batch was handled without a vendor call")
