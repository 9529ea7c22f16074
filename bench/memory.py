"""The greatest memory of a poll over 100,000 records, in a process of its own, as the function would need it
on AWS."""

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.books import Books
from bench.figures import Figures, at_most, exactly
from bench.memory_pages import pages
from bench.site import vendors

PROJECT = Path(__file__).parents[1]
LIMIT = 128.0


def run(count: int = 100_000) -> Figures:
    """Figures by name. Raises AssertionError when the poll did not read every record."""
    with vendors() as (sugar, sage), pages(sugar, count) as url:
        books = Books(sugar, sage)
        books.accounts(1)
        books.won(1)
        found = _poll(url)
    assert found["read"] == count, f"{found['read']} of {count} records were read"
    note = f"{found['before']:.0f} MB after the imports and clients; {found['objects']:.0f} archive objects"
    return {
        f"poll of {count} records: peak memory of the process": at_most(found["peak"], LIMIT, "MB", note),
        f"poll of {count} records: memory above imports and clients": at_most(
            found["peak"] - found["before"], LIMIT, "MB"
        ),
        f"poll of {count} records, all known: queued": exactly(found["queued"], 0, "records"),
    }


def _poll(url: str) -> dict[str, float]:
    path = os.pathsep.join([str(PROJECT / "src"), str(PROJECT)])
    environment = {**os.environ, "PYTHONPATH": path, "AWS_DEFAULT_REGION": "eu-west-1"}
    done = subprocess.run(
        [sys.executable, "-m", "bench.memory_poll", url],
        text=True,
        check=False,
        capture_output=True,
        env=environment,
        cwd=PROJECT,
        timeout=600,
    )
    assert done.returncode == 0, f"the poll failed: {done.stderr[-2000:]}"
    return dict(json.loads(done.stdout.splitlines()[-1]))
