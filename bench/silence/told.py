"""What no alarm of AWS can see is told by Tieout itself: by the run of a poll, by the digest, by `tieout
status`. Here by the real ones."""

import tempfile
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx

from bench.silence.ways import HOUR, MINUTE
from shared.domain.run_ids import hook_run_id, new_run_id
from shared.operations.digest import Digest, digest
from shared.operations.poll import poll
from shared.operations.poll_tasks import tasks
from shared.operations.silence import read_and_queued
from shared.ports import Run, Stores
from shared.settings import Connection, Integration, IntegrationState, WebhookToken
from shared.stores.memory import MemoryWorld
from shared.systems._connections import ExchangeLog
from shared.systems._http import HttpClient
from tests.stories.orders import SUGAR, Orders
from tests.stories.test_poll_conditions import deaf

BEGAN = datetime(2026, 11, 2, tzinfo=UTC)
GOOD_DAYS, DAYS = 10, 14
NEVER = float("inf")
WORK = (8, 9, 10, 11, 12, 13, 14, 15, 16)
"""Hours of a day in which people change records."""


def after(kind: str) -> float:
    """Seconds until the fault is told; infinity where it is not."""
    if kind in ("sweep stopped", "warning", "hook dead"):
        return _by_digest(kind)
    if kind in ("clock wrong", "filter dropped"):
        return _by_poll(kind, days=1, begins=0)
    return _by_status()


def false_alarms(days: int) -> int:
    """Good days on which a digest has something to tell, and polls that warn for nothing."""
    letters = sum(bool(found.needs) for _, found in _letters("", days))
    return letters + (_by_poll("", days, begins=days) < NEVER)


def _by_digest(kind: str) -> float:
    """From the first failed sweep or warning, or the third poll that found what a webhook should have
    told."""
    hours = {"sweep stopped": 2.5, "warning": 5.0, "hook dead": 1.0 * WORK[2]}[kind]
    fault = BEGAN + timedelta(days=GOOD_DAYS, hours=hours)
    told = (at for at, found in _letters(kind, DAYS) if found.needs)
    return (first - fault).total_seconds() if (first := next(told, None)) else NEVER


def _letters(kind: str, days: int) -> Iterable[tuple[datetime, Digest]]:
    """The digest of each morning at six. A fault of this kind begins after the good days."""
    world = MemoryWorld(lambda: BEGAN)
    stores = world.stores("main")
    live = IntegrationState(live=True, live_since=BEGAN - timedelta(days=9))
    token = WebhookToken("digest", BEGAN - timedelta(days=9))
    connections = {system: Connection(system) for system in ("sugarcrm", "sage_50")}
    objects = {"sugarcrm": {"Opportunities": "sales_order"}}
    tokens = {"sugarcrm": (token,)}
    world.integrations.save(
        Integration("main", "sugarcrm--sage_50", connections, webhook_tokens=tokens, hook_objects=objects)
    )
    world.integrations.change_state("main", IntegrationState(), live)
    for day in range(days):
        midnight = BEGAN + timedelta(days=day)
        bad = kind if day >= GOOD_DAYS else ""
        letter = midnight + timedelta(hours=6)
        _ran(stores, midnight + timedelta(hours=2.5), "reconcile", bad == "sweep stopped")
        if bad == "warning":
            at = midnight + timedelta(hours=5)
            row = Run(f"{at:%Y%m%d}T235959Z-warn", "poll", "", "", at, at, "warning", "it ends on Friday")
            stores.log.put_run(row)
        _ran(stores, letter - timedelta(minutes=10), "poll")
        yield letter, digest("main", world.integrations, stores, letter)
        for hour in WORK:
            _ran(stores, midnight + timedelta(hours=hour), "poll", found=bad == "hook dead" or hour == 11)
            if bad != "hook dead":
                stores.log.count(
                    hook_run_id(midnight + timedelta(hours=hour), "sugarcrm", "sales_order"), {"created": 2}
                )


def _ran(stores: Stores, at: datetime, cause: str, fails: bool = False, found: bool = False) -> None:
    """A poll finds something now and then although the webhooks are well: it was quicker."""
    entity, system = ("sales_order", "sugarcrm") if cause == "poll" else ("", "")
    state, words = "stopped" if fails else "done", read_and_queued(3, int(found))
    stores.log.put_run(Run(f"{at:%Y%m%dT%H%M%SZ}-{cause}", cause, entity, system, at, at, state, words))


def _by_poll(kind: str, days: int, begins: int) -> float:
    """By the real poll of a list, each quarter of an hour: from the fault to the first run that tells."""
    here, seen = Orders(), Vendor()
    client = seen.client()
    if kind == "filter dropped":
        deaf(here, SUGAR)
    for number in range(16):
        here.edit(f"open-{number}", stage="Prospecting")
    for tick in range(days * 96):
        here.rig.clock.advance(15 * MINUTE)
        services = here.rig.services()
        seen.behind = 3600.0 if kind == "clock wrong" else 100.0 * (-1) ** tick
        client.ahead = None
        client.send("GET", "/")
        services.clients.append(client)
        polled = poll(services, tasks(services, "poll", new_run_id(here.rig.clock.now()))[0])
        if polled.notes:
            rows = [run for run in here.rig.stores.log.runs() if polled.notes[0] in run.message]
            assert {run.state for run in rows} == {"done", "warning"}, "in the run, and for the digest"
            return (tick + 1) * 15 * MINUTE
    return NEVER


class Vendor:
    """One whose clock is so many seconds behind ours."""

    behind = 0.0

    def answer(self, request: httpx.Request) -> httpx.Response:
        date = datetime.now(UTC) - timedelta(seconds=self.behind)
        return httpx.Response(200, headers={"Date": format_datetime(date, usegmt=True)}, json={})

    def client(self) -> HttpClient:
        return HttpClient(
            SUGAR,
            "https://crm.example.test",
            recorder=ExchangeLog(),
            allow=lambda url: None,
            seconds_left=lambda: 60.0,
            transport=httpx.MockTransport(self.answer),
        )


def _by_status() -> float:
    """A real local stack whose process can write no file any more: what `tieout status` says."""
    from local.cli.status import needs_person
    from local.stack.process import down, status, up
    from tests.integration.local_stack import SETTINGS, full_disk

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "state"
        stack = up(SETTINGS, root)
        try:
            assert not status(root).unsaved, "a good stack has nothing to tell"
            with full_disk(stack.pid):
                stack.target.stores("main").log.count("20261120T090000Z-aaaa", {"created": 1})
                began = time.monotonic()
                while time.monotonic() < began + HOUR / 60:
                    found = status(root)
                    if needs_person({"state": found.state, "unsaved": found.unsaved}):
                        return time.monotonic() - began
                    time.sleep(0.2)
        finally:
            down(root)
    return NEVER
