"""Whether the ledger prices documents itself, where the flow lets it."""

from shared.bootstrap import Services
from shared.domain.titles import title
from shared.errors import SyncError
from shared.ports import Finding, PricesItself


def price_findings(services: Services, system: str) -> list[Finding]:
    """Told with the ledger. May make a test document there, and removes it."""
    flow = services.flow
    asked = any(
        one.pricing is not None and one.pricing.by == "sage" and not one.off for one in flow.entities.values()
    )
    if system != flow.sage or not asked:
        return []
    ledger = services.systems[system]
    if not isinstance(ledger, PricesItself):
        message = f'{title(system)} prices nothing itself: write by = "tieout" or "document" in the flow.'
        return [Finding("error", "prices", message)]
    try:
        return ledger.prove_prices()
    except SyncError as fault:
        return [Finding("error", "prices", str(fault))]
