"""Which of the ledger's items a record's lines name, and whether they matter for its tax and nominals."""

from shared.mapping.coding import item_of
from shared.sync.engine.coded_products import with_code
from shared.sync.engine.compose import whole
from shared.sync.engine.job import Job


def asks(job: Job) -> bool:
    """Whether the ledger chooses for a line of this record that has an item of its own."""
    pricing = job.flow.pricing
    return pricing is not None and pricing.asks_ledger and bool(items_of(job))


def items_of(job: Job) -> set[str]:
    """The codes, in capitals."""
    return {item_of(with_code(job, line)) for line in whole(job).get("lines") or ()} - {""}
