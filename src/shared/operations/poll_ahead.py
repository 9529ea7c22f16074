"""What follows in a list of which one poll takes only a part, counted for the brake.

A poll queues no more than the queue, or the calls that the settings allow, have room for. If only that part
were counted, a mass edit would pass the brake a part at a time.
"""

from collections.abc import Iterable

from shared.bootstrap import Services
from shared.operations.brake import RECORDS, Brake
from shared.operations.poll_diff import is_edit_of_others, is_news, links_of
from shared.operations.poll_tasks import PollTask
from shared.ports import Gone, Page

RESERVE_SECONDS = 60.0
"""Left for what is to be queued then."""


def count_ahead(services: Services, task: PollTask, brake: Brake, pages: Iterable[Page]) -> None:
    """Reads on until the brake stops the run, or as many records further as it allows changes. Queues
    nothing: the next poll finds them again. Raises the SyncErrors of the connector."""
    allowed, read = brake.limits.get("records", RECORDS), 0
    for page in pages if brake.changed and not brake.released else ():
        links = links_of(services, task.entity, task.system, [one.id for one in page.records])
        for one in page.records:
            link, read = links[one.id], read + 1
            if link is None or len(link.sides) < 2 or isinstance(one, Gone):
                continue
            brake.changed += is_news(services, task, link, one) and is_edit_of_others(
                services, task, link, one
            )
        enough = read >= allowed or services.seconds_left() < RESERVE_SECONDS
        if enough or brake.why(services.stores.links):
            return
