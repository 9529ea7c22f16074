"""What a cold start costs, as a share of importing the same libraries and making the usual clients.

Each contestant runs in a fresh interpreter, in turns, and the median of the rounds' own ratios counts, so
that a busy machine disturbs all alike. All modules are compiled beforehand, whatever the environment says of
writing bytecode, and all see only what is deployed. Work that is put off until it is needed counts, up to the
answer or the first vendor call.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bench.cold.gateway import gateway
from bench.figures import Figures, at_most, told
from bench.installation import Installation, installation
from tests.e2e.world import TOKEN

PROJECT = Path(__file__).parents[2]
TARGETS = {"receive_webhook": 0.55, "sync_entity": 1.1}


def run(rounds: int = 15) -> Figures:
    """Figures by name."""
    with installation("v11") as here, gateway() as address, TemporaryDirectory() as compiled:
        batches = _batches(here, rounds + 1)
        times: dict[str, list[float]] = {name: [] for name in ("libraries", *TARGETS)}
        for number, batch in enumerate(batches):
            for name, given in (
                ("libraries", None),
                ("receive_webhook", _request(number)),
                ("sync_entity", batch),
            ):
                took = _fresh(name, given, address, compiled)
                if number:  # the first round writes the compiled modules
                    times[name].append(took)
    ratios = {
        name: median(ours / theirs for ours, theirs in zip(times[name], times["libraries"], strict=True))
        for name in TARGETS
    }
    return {
        **{
            f"cold start, {name}, share of the libraries alone": at_most(ratios[name], target, "x")
            for name, target in TARGETS.items()
        },
        **{
            f"cold start, {name}, processor time": told(median(took) * 1000, "ms")
            for name, took in times.items()
        },
    }


def _batches(here: Installation, count: int) -> list[dict[str, Any]]:
    """Batches of one opportunity each, of a customer who is known and fresh: the common case of a running
    installation."""
    here.world.opportunity()
    here.world.tick()
    here.world.drain()
    for number in range(count):
        here.world.opportunity(name=f"Shelving {number}")
    here.world.tick()
    messages = [one for _ in range(count) for one in here.world._take("sales_order", 10)]
    assert len(messages) == count
    return [
        {
            "Records": [
                {
                    "messageId": str(number),
                    "body": message["Body"],
                    "attributes": {"ApproximateReceiveCount": "1"},
                }
            ]
        }
        for number, message in enumerate(messages)
    ]


def _request(number: int) -> dict[str, Any]:
    return {
        "rawPath": f"/main/sugarcrm/{TOKEN}",
        "queryStringParameters": {"object": "Opportunities", "event": "after_save"},
        "requestContext": {"http": {"method": "POST"}},
        "body": json.dumps({"data": {"id": f"cold-{number}"}}),
        "isBase64Encoded": False,
    }


def _fresh(name: str, given: Any, address: str, compiled: str) -> float:
    path = os.pathsep.join([str(PROJECT / "src"), str(PROJECT)])
    environment = {
        **os.environ,
        "AWS_ENDPOINT_URL": address,
        "PYTHONPATH": path,
        "PYTHONPYCACHEPREFIX": compiled,
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-m", f"bench.cold.{name}"],
        input=json.dumps(given),
        text=True,
        check=False,
        capture_output=True,
        env=environment,
        cwd=PROJECT,
        timeout=60,
    )
    assert done.returncode == 0, f"bench.cold.{name} failed: {done.stderr[-2000:]}"
    return float(done.stdout.split()[-1])
