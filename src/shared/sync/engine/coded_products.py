"""The ledger's code of what a line sells, for lines that name a product by its link and not by its code."""

from collections.abc import Mapping
from typing import Any

from shared.sync.engine.job import Job


def with_code(job: Job, line: Mapping[str, Any]) -> dict[str, Any]:
    """The line with the code of the product that it refers to, where it states none."""
    code = "" if line.get("sku") else job.found.codes.get(str(line.get("product") or ""), "")
    return {**line, "sku": code} if code else dict(line)
