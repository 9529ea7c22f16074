"""What was held because nobody had seen that the ledger prices documents itself is looked at again at once,
when `check` or `connect` has seen it: a salesperson sits with the client."""

from shared.bootstrap import Services
from shared.domain.link import ChangeEvent
from shared.domain.outcomes import offers
from shared.domain.run_ids import new_run_id
from shared.domain.titles import title
from shared.domain.wording import counted
from shared.ports import Finding, PricesItself


def queue_unproved(services: Services, system: str) -> list[Finding]:
    """What was queued, in words. 1 request for each entity that the ledger prices, and none elsewhere."""
    ledger, flow = services.systems[system], services.flow
    priced = [
        name
        for name, one in flow.entities.items()
        if one.pricing is not None and one.pricing.by == "sage" and not one.off
    ]
    if system != flow.sage or not priced:
        return []
    if not isinstance(ledger, PricesItself) or not ledger.prices_itself():
        return []
    why, now = offers.not_proved(system).reason, services.clock.now()
    run_id = new_run_id(now)
    events = [
        ChangeEvent(services.integration.name, link.origin_system, name, link.origin_id, "retry", run_id, now)
        for name in priced
        for link in services.stores.links.by_outcome(name, ["held"])
        if link.outcome is not None and link.outcome.reason == why
    ]
    if not events:
        return []
    services.stores.queue.send(events)
    documents = counted(len(events), "document")
    said = f"{documents} held until {title(system)} was seen to price: tried again now."
    return [Finding("ok", "prices", said)]
