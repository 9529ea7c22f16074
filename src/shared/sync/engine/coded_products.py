"""The ledger's code of what a line sells, for lines that name a product or service by its link and not by its
code."""

from collections.abc import Mapping
from typing import Any

from shared.sync.engine.job import Job


def with_code(job: Job, line: Mapping[str, Any]) -> dict[str, Any]:
    """The line with the code of the item that it refers to, where it states none."""
    item = str(line.get("product") or line.get("service") or "")
    code = "" if line.get("sku") else job.found.codes.get(item, "")
    return {**line, "sku": code} if code else dict(line)
