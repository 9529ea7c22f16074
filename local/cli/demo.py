"""`tieout demo`: local stack, emulated vendors, sample data, one full cycle, and its log."""

import shutil
import signal
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from local.cli._app import USAGE, Usage, command, err, out
from local.cli._poll import queue_polls, wait_for
from local.cli._services import services
from local.cli._summary import print_summary
from local.demo.flows import FLOWS, Demo, Secrets
from local.demo.post import ADMIN_TOKEN, send_hooks
from local.demo.settings_folder import put_aside, write_folder
from local.demo.vendors import vendor
from local.settings_file import Settings, load
from local.stack import launch
from local.stack.home import Home, open_home
from local.stack.process import demo_root
from local.stack.sign_in import link
from local.stack.stack import Stack, start
from local.vendors._guard import QUERY
from shared.domain.titles import title
from shared.domain.wording import words
from shared.operations.connect import connect, with_new_token
from shared.operations.find_records import MOST

NAME = "demo"


@command
def demo(
    flow: Annotated[str, typer.Option("--flow", help=f"One of {', '.join(FLOWS)}.")] = next(iter(FLOWS)),
    once: Annotated[bool, typer.Option("--once", help="Stop after the first cycle.")] = False,
) -> None:
    """Try everything on this machine: no accounts, no keys, and nothing outside is called."""
    if flow not in FLOWS:
        raise Usage(f"There is no demonstration of “{flow}”; choose one of {', '.join(FLOWS)}.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        _run(FLOWS[flow], once)
    except RuntimeError as fault:
        err.print(str(fault), markup=False)
        raise typer.Exit(USAGE) from None


def _run(chosen: Demo, once: bool) -> None:
    home = _fresh_home()
    with ExitStack() as cleanup:
        addresses = {
            system: cleanup.enter_context(vendor(name, home.root / f"{name}.log"))
            for system, name in chosen.vendors.items()
        }
        learned = chosen.prepare(addresses)
        stack = _start(chosen, addresses, learned, home)
        cleanup.callback(stack.close)
        _connect(chosen, stack)
        _load(chosen, addresses)
        _listen(chosen, stack, addresses)
        _cycle(stack, addresses[chosen.crm], "First cycle")
        if chosen.later:
            out.print("\n[bold]Then people carry on working.[/]")
            begun = datetime.now(UTC)
            for sentence in chosen.later(addresses):
                out.print(f"  {sentence}", highlight=False, markup=False)
            _cycle(stack, addresses[chosen.crm], "Second cycle", begun)
        out.print("`tieout log` shows every record, `tieout log RECORD` the whole history of one.")
        if not once:
            _stay(stack, addresses)


def _fresh_home() -> Home:
    """The emulated vendors start empty, so what an earlier demonstration knew about them must go too."""
    root = demo_root()
    if (root / "stack.json").exists() and launch.running(open_home(root)):
        raise Usage("A demonstration is already running; stop it with Ctrl-C in its window.")
    if not launch.ended(root):
        raise Usage("The previous demonstration is still stopping; try again in a moment.")
    if aside := put_aside(root):
        err.print(f"The rules that you changed in an earlier demonstration are in {aside} now.", markup=False)
    shutil.rmtree(root, ignore_errors=True)
    return open_home(root)


def _load(chosen: Demo, addresses: dict[str, str]) -> None:
    plan = chosen.plan()
    with _bar() as bar:
        task = bar.add_task("Sample data", total=plan.size)
        plan.load(addresses, lambda count: bar.advance(task, count))


def _start(chosen: Demo, addresses: dict[str, str], learned: Secrets, home: Home) -> Stack:
    connections = chosen.connections(addresses)
    file = write_folder(home.root, NAME, chosen.flow, connections, chosen.all_secrets(learned))
    home.settings_file.write_text(str(file))
    settings = Settings(load(file).integrations)
    steps = 5
    with _bar() as bar:
        task = bar.add_task("Local stack", total=steps)

        def step(text: str) -> None:
            bar.update(task, description=f"Local stack: {text}", advance=1)

        return start(home, settings, detached=False, step=step)


def _connect(chosen: Demo, stack: Stack) -> None:
    """Checks both systems, and registers the CRM's webhooks with the stack's own address."""
    with services(stack.target, NAME) as opened:
        for system in (chosen.crm, chosen.sage):
            for finding in connect(opened, system, stack.target.address("WebhookUrl")):
                if finding.level == "error":
                    raise RuntimeError(f"{title(system)}: {finding.message}")


def _listen(chosen: Demo, stack: Stack, addresses: dict[str, str]) -> None:
    """For a CRM whose webhooks cannot be registered by a call: does what its administrator would do by
    hand."""
    if chosen.listen is None:
        return
    with services(stack.target, NAME) as opened:
        changed, token = with_new_token(opened.integration, chosen.crm, opened)
        opened.integrations.save(changed)
        base = f"{stack.target.address('WebhookUrl').rstrip('/')}/{NAME}/{chosen.crm}/{token}"
        chosen.listen(addresses, {name: f"{base}?object={name}" for name in changed.hook_objects[chosen.crm]})


def _cycle(stack: Stack, crm: str, name: str, since: datetime | None = None) -> None:
    """Webhooks, one poll, and everything that follows from it (the hooks of our own writes included)."""
    with _bar() as bar:
        task = bar.add_task(name, total=None)

        def say(text: str) -> None:
            bar.update(task, description=f"{name}: {text}")

        say("webhooks")
        send_hooks(crm)
        runs = queue_polls(stack.target, NAME, None)
        finished = wait_for(stack.target, NAME, runs, say)
        while send_hooks(crm):
            finished = wait_for(stack.target, NAME, runs, say)
    for run in finished:
        list_polled = f"{words(run.entity)} list in {title(run.system)}"
        out.print(f"Poll {run.run_id} of the {list_polled}: {run.state}; {run.message}", highlight=False)
    rows = stack.target.stores(NAME).log.rows(limit=MOST)
    print_summary([row for row in rows if since is None or row.at >= since])


def _stay(stack: Stack, addresses: dict[str, str]) -> None:
    shown = {
        "Console": link(stack.target, NAME),
        **{
            title(system): f"{address}/_admin/?{QUERY}={ADMIN_TOKEN}" for system, address in addresses.items()
        },
        "Settings": str(stack.home.root / "settings.toml"),
        "Rules": str(stack.home.root / "rules"),
    }
    out.print(
        "\n".join(["", *(f"{name:<17}{value}" for name, value in shown.items())]),
        highlight=False,
        soft_wrap=True,
    )
    out.print("The console's link works once; for another one run `tieout console`.")
    out.print(
        "Edit a record there, then run `tieout sync --wait` and `tieout log` in another window. To change a "
        "rule: docs/mapping.md, “One change in five minutes”. Ctrl-C stops everything."
    )
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        out.print("Stopping.")


def _bar() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=err)
