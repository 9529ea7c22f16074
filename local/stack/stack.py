"""A local stack from start to stop: the emulator is started, the template deployed, the integrations stored,
and only then is it released.

The order matters. After an unclean stop the emulator may have forgotten what it had not saved, so every
integration is marked as recovering before any queue is read: from then on each create looks the record up
first.
"""

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.settings_file import Settings
from local.stack import launch
from local.stack.deploy import deploy, send_code
from local.stack.home import Home, holder
from local.stack.integrations import recover, store, switches
from local.stack.package import PROJECT, pack
from local.stack.sign_in import prepare_sign_in
from local.stack.target import NAME, Target, client, local_session, open_stack
from shared.settings import Integration

Step = Callable[[str], None]


@dataclass
class Stack:
    """A running local stack. `process` is set if it ends with us."""

    home: Home
    target: Target
    pid: int
    process: subprocess.Popen[bytes] | None = None

    def close(self) -> bool:
        """A clean stop with all state saved; False when it had to be killed. May be called twice."""
        clean = launch.end(self.home, self.pid)
        if self.process and self.process.stdin:
            self.process.stdin.close()
        return clean


def start(
    home: Home,
    settings: Settings | None,
    *,
    detached: bool,
    step: Step = lambda _: None,
    parameters: Mapping[str, str] | None = None,
    storing: bool = True,
) -> Stack:
    """Raises StackFault when it cannot start; then nothing is left running.

    Without settings the integrations are those that were stored before; not `storing`, too: then only how
    often the clock ticks and which entities are read is taken from the settings.
    """
    if pid := holder(home.root):
        what = "is already running" if launch.running(home) else f"(process {pid}) does not answer"
        raise launch.StackFault(f"The local stack in {home.root} {what}; `tieout down` stops it.")
    step("starting the emulator")
    process = launch.start(home, detached=detached)
    try:
        target = prepare(home, settings, step, parameters or {}, storing=storing)
    except BaseException:
        launch.end(home, process.pid)
        raise
    return Stack(home, target, process.pid, None if detached else process)


def _flows(home: Home, settings: Settings | None) -> list[Integration]:
    """The integrations in the settings, and any others stored by an earlier start."""
    given = {entry.integration.name: entry.integration for entry in settings.integrations} if settings else {}
    try:
        stored = open_stack(local_session(home), NAME, home.endpoint).integrations()
    except launch.StackFault:
        return list(given.values())
    return [*given.values(), *(stored.load(name) for name in stored.names() if name not in given)]


def prepare(
    home: Home, settings: Settings | None, step: Step, parameters: Mapping[str, str], *, storing: bool = True
) -> Target:
    """Deploys on an emulator that is held, stores the settings, then releases it."""
    step("packing the code")
    code = pack(home.root / "build")
    step("deploying template.yaml")
    session = local_session(home)
    given = settings.parameters if settings else {}
    wanted = {"AllowLocal": "yes", **switches(_flows(home, settings)), **given, **parameters}

    def clients(service: str) -> Any:
        return client(session, service, home.endpoint)

    deploy(clients, NAME, PROJECT / "template.yaml", code, wanted)
    send_code(clients, launch.control(home, "status")["without_code"], code)
    target = open_stack(session, NAME, home.endpoint)
    prepare_sign_in(target, home)
    if settings and storing:
        step("storing the settings")
        store(settings, target.integrations(), lambda name: target.stores(name).secrets, step, again=True)
    step("asking a function for an answer")
    _answering(target)
    found = launch.control(home, "status")
    if found["fell_back"]:
        step("going on with an earlier saved state, because the newest is damaged")
    if found["unclean"]:
        step("marking every integration as recovering, because the stack was not stopped cleanly")
        recover(target.integrations(), datetime.now(UTC))
    if why := launch.control(home, "release")["unsaved"]:
        raise launch.StackFault(
            f"The state of the local stack in {home.root} cannot be saved: {why}. Nothing was begun; make "
            "room, or put right what stands in the way, and start again."
        )
    return target


def _answering(target: Target) -> None:
    """Before any queue is read. Raises StackFault where the functions cannot run."""
    answer = target.call("ConsoleUrl")
    if answer.status_code >= 500:
        raise launch.StackFault(f"The functions do not run: {answer.text[:300]}")
