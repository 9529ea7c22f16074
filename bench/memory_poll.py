"""One poll in a fresh process, over a list whose every record is known already, so that it is read to its
end.

Reads the list's address from its arguments. Prints, as JSON, the number of records read and the greatest
resident memory after the imports and after the poll, in megabytes. The archive is written as on AWS; its
bytes are counted and dropped.
"""

import json
import resource
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import functions.poll_changes.app as function
from shared.bootstrap import Services, open_services
from shared.domain.link import Link, Outcome, Side
from shared.mapping.compile import compile_flow
from shared.operations.poll import poll
from shared.operations.poll_tasks import PollTask
from shared.ports import Loaded, Snapshot
from shared.settings import Connection, Environment, Integration, IntegrationState
from shared.stores.aws_archive import AwsArchive
from shared.stores.memory import MemoryWorld
from shared.sync.seen import seen_values

FLOW = "sugarcrm--sage_50"


class EveryRecordKnown:
    """A link store that holds one and the same link for whatever is asked: a table of any size takes no
    memory here."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def load(self, link_ids: Sequence[str]) -> dict[str, Loaded]:
        return {one: Loaded(self._link, None) for one in link_ids}


class Bucket:
    def __init__(self) -> None:
        self.objects = self.bytes = 0

    def put_object(self, *, Body: bytes, **_: Any) -> None:
        self.objects += 1
        self.bytes += len(Body)


def main(url: str) -> None:
    for name in ("sqs", "dynamodb", "s3", "secretsmanager", "kms"):
        getattr(function._clients, name)
    before, bucket = _peak(), Bucket()
    services = _services(url, bucket)
    polled = poll(services, PollTask("main", "sales_order", "sugarcrm", "poll", "20261122T100000Z-0001"))
    services.close()
    assert not polled.stopped, polled.stopped
    print(
        json.dumps(
            {
                "read": polled.read,
                "queued": polled.queued,
                "before": before,
                "peak": _peak(),
                "objects": bucket.objects,
                "bytes": bucket.bytes,
            }
        )
    )


def _services(url: str, bucket: Bucket) -> Services:
    world, now = MemoryWorld(), datetime.now(UTC)
    world.integrations.save(
        Integration(
            "main",
            FLOW,
            {
                "sugarcrm": Connection("sugarcrm", {"url": url}),
                "sage_50": Connection("sage_50", {"url": url}),
            },
        )
    )
    flow = compile_flow(FLOW, {})
    world.integrations.change_state(
        "main", IntegrationState(), IntegrationState(live=True, rules_version=flow.version)
    )
    stores = world.stores("main")
    stores.secrets.put("sugarcrm", {"user": "sync", "password": "sync-password"})
    stores = replace(stores, archive=AwsArchive(lambda: bucket, "archive", "main", lambda: datetime.now(UTC)))
    environment = Environment(
        "state", "log", "archive", "key", "secret/", "queue/", "queue/poll", allow_local=True
    )
    services = open_services(
        "main",
        stores=stores,
        integrations=world.integrations,
        environment=environment,
        owner="memory",
        deadline=now + timedelta(minutes=10),
    )
    services.stores = replace(stores, links=EveryRecordKnown(_link(services)))  # type: ignore[arg-type]
    return services


def _link(services: Services) -> Link:
    """As the sync leaves it behind for a record that a rule turned away: seen, and not to be looked at
    again."""
    object_map = services.flow.entities["sales_order"].maps["sugarcrm"]
    record = next(iter(services.systems["sugarcrm"].changes(object_map.spec, None, 1))).records[0]
    assert isinstance(record, Snapshot)
    side = Side(record.id, seen=seen_values(object_map, record.values))
    return Link(
        "known",
        "sales_order",
        "sugarcrm",
        record.id,
        1,
        sides={"sugarcrm": side},
        outcome=Outcome("skipped", "a rule says no"),
        rules_version=services.flow.version,
    )


def _peak() -> float:
    """Megabytes. Linux's own figure of this program's memory, because `ru_maxrss` also remembers the process
    that started it; elsewhere `ru_maxrss`, which macOS counts in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1024 if sys.platform != "darwin" else 1024**2
    )


if __name__ == "__main__":
    main(sys.argv[1])
