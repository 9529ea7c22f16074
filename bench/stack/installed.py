"""A local stack with a live integration of a shipped flow, and its emulated vendors, each in a process of its
own: everything as `tieout up` starts it."""

import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from local.cli._poll import queue_polls, wait_for
from local.demo.flows import FLOWS, Demo
from local.demo.post import client
from local.demo.vendors import vendor
from local.settings_file import Entry, Settings
from local.stack.process import down, status, up
from local.stack.stack import Stack
from shared.ports import Run
from shared.settings import Integration

NAME = "main"
_LOOK_SECONDS = 2.0
_BRAKE = {"records": 100_000, "percent": 100}
"""Many records at once are what is measured, not a mistake of somebody's."""


@dataclass
class Installed:
    """`addresses` of the vendors by system. `stack` is another one after a kill."""

    chosen: Demo
    addresses: Mapping[str, str]
    root: Path
    stack: Stack
    vendors: httpx.Client

    @property
    def crm(self) -> str:
        return self.addresses[self.chosen.crm]

    @property
    def sage(self) -> str:
        return self.addresses[self.chosen.sage]

    def get(self, address: str, path: str) -> Any:
        answer = self.vendors.get(f"{address}/_admin/{path}")
        assert answer.status_code == 200, answer.text[:300]
        return answer.json()

    def post(self, address: str, path: str, body: object) -> Any:
        answer = self.vendors.post(f"{address}/_admin/{path}", json=body)
        assert answer.status_code == 200, answer.text[:300]
        return answer.json()

    def delete(self, address: str, path: str) -> None:
        answer = self.vendors.delete(f"{address}/_admin/{path}")
        assert answer.status_code == 200, answer.text[:300]

    def cycle(self, entity: str | None, patience: float) -> list[Run]:
        """A poll, and all that follows from it. It is looked at seldom, because looking is work too."""
        runs = queue_polls(self.stack.target, NAME, entity)
        return wait_for(
            self.stack.target,
            NAME,
            runs,
            _quietly,
            patience=patience,
            still=patience,
            pause=lambda _: time.sleep(_LOOK_SECONDS),
        )

    def memory(self) -> dict[str, Any]:
        while not (found := dict(status(self.root).memory)):  # it was too busy to answer
            time.sleep(1)
        return found


@contextmanager
def installed(
    folder: Path,
    flow: str,
    directions: Mapping[str, str],
    options: Mapping[str, Mapping[str, str]],
    parameters: Mapping[str, str] | None = None,
) -> Iterator[Installed]:
    """`options` are of the connections, by system, on top of the demonstration's; `parameters` the
    template's. The state is in `folder`/state."""
    chosen = FLOWS[flow]
    with ExitStack() as cleanup:
        root = folder / "state"
        addresses = {
            system: cleanup.enter_context(vendor(name, folder / f"{name}.log"))
            for system, name in chosen.vendors.items()
        }
        vendors = cleanup.enter_context(client())
        secrets = chosen.all_secrets(chosen.prepare(addresses))
        connections = {
            system: replace(one, options={**one.options, **options.get(system, {})})
            for system, one in chosen.connections(addresses).items()
        }
        main = Integration(NAME, flow, connections, directions=dict(directions), brake=dict(_BRAKE))
        stack = up(Settings((Entry(main, True, secrets),)), root, parameters=parameters)
        cleanup.callback(down, root)
        yield Installed(chosen, addresses, root, stack, vendors)


def _quietly(_: str) -> None: ...


def say(text: str) -> None:
    """What a long measurement has reached, so that a broken-off one was not for nothing."""
    print(f"  {text}", file=sys.stderr, flush=True)
