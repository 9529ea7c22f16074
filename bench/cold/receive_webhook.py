"""The webhook function from a fresh interpreter to its first answer: imports, clients, settings, and the
event queued.

Reads the request from standard input. Prints the processor seconds (user and system) that took.
"""

import json
import sys
import time

from bench.cold import deployed  # noqa: F401  hides what no artifact has

request = json.load(sys.stdin)
begun = time.process_time()

from functions.receive_webhook.app import handler  # noqa: E402

answer = handler(request, None)
took = time.process_time() - begun
assert answer["statusCode"] == 202, answer
print(took)
