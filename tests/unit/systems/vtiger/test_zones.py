"""Days of Vtiger on a system without time zones of its own."""

import os
import subprocess
import sys

CODE = """
from shared.systems.vtiger.zones import as_seen
print(as_seen("2026-06-30 23:30:00", "America/New_York"), as_seen("2026-06-30 23:30:00", "Mars/Olympus"))
"""


def test_time_zones_come_with_the_program() -> None:
    """A function's system, or a small container's, may have none."""
    without = {**os.environ, "PYTHONTZPATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", CODE], env=without, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["2026-06-30T19:30:00-04:00", "2026-07-01T00:30:00+01:00"]
