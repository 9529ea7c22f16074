"""Does what a person asked for on the console's page of a connection: tests it, stores credentials that pass,
ends a sign-in with the browser, takes the business, or disconnects.

Runs in the function that polls, which calls vendors anyway. The same promise as `tieout connect`: what fails
its own check is not stored. What comes of it is kept where the page finds it, whatever happens.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from shared.bootstrap import OPTIONS, SIGN_INS, Services, connector_parts, open_services
from shared.bootstrap_deployment import Deployment
from shared.clock import SystemClock
from shared.domain.record import replace
from shared.domain.titles import title
from shared.errors import BadCredentials, SyncError
from shared.operations import connection_facts as facts
from shared.operations.check_sides import side_findings
from shared.operations.connect import connect
from shared.operations.poll_messages import ConnectionTask
from shared.operations.proposed import Proposed
from shared.operations.settings_versions import CONNECTED, Maker
from shared.ports import Clock, Finding, IntegrationStore, Stores
from shared.ports.asked import Asked
from shared.ports.audit import Entry
from shared.settings import Environment, Integration

_ODD = "A fault nobody expected: it is in the log of the function poll-changes. Nothing was stored."
CHOOSE = "The sign-in is kept. Choose the {choice} below: it has access to more than one."


def run_asked(deployment: Deployment, message: ConnectionTask, clock: Clock | None = None) -> list[Finding]:
    """Empty for what was done already, or asked for too long ago. A fault nobody expects is kept as the
    answer, and raised for the function's log."""
    clock = clock or SystemClock()
    stores = deployment.stores(message.integration)
    taken = stores.asked.take(message.asked, clock.now())
    if taken is None:
        return []
    asked, values = taken
    work = _Work(deployment, message.integration, asked, values, clock)
    try:
        findings = _WAYS[asked.kind](work) if asked.system in work.connections else []
    except SyncError as fault:
        findings = [Finding("error", asked.system, str(fault))]
    except Exception:
        work.note([Finding("error", asked.system, _ODD)])
        raise
    work.note(findings)
    return findings


class _Stack:
    """What `Proposed` needs of a deployed stack."""

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment

    @property
    def environment(self) -> Environment:
        return self._deployment.env

    def integrations(self) -> IntegrationStore:
        return self._deployment.integrations

    def stores(self, integration: str) -> Stores:
        return self._deployment.stores(integration)


class _Work:
    """One thing that was asked for, over a stack on which nothing is stored before it is proved."""

    def __init__(
        self, deployment: Deployment, name: str, asked: Asked, values: Mapping[str, str], clock: Clock
    ) -> None:
        self.deployment, self.name, self.asked, self.values = deployment, name, asked, values
        self.clock, self.system = clock, asked.system
        self.stores = deployment.stores(name)
        self.target = Proposed(_Stack(deployment), Maker(asked.by, CONNECTED))

    def note(self, findings: Sequence[Finding]) -> None:
        """For the page that follows it, and for the audit trail."""
        now = self.clock.now()
        facts.note_answer(self.stores, self.asked, findings, now)
        wrong = [one.message for one in findings if one.level == "error"]
        entry = Entry(
            now,
            self.asked.person,
            self.asked.by,
            f"outcome of connection {self.asked.kind}",
            self.name,
            self.system,
            result=(wrong[0] if wrong else "Done.")[:500],
            id=self.asked.id[:12],
        )
        self.deployment.console.stores.audit.note(entry)

    @property
    def connections(self) -> Mapping[str, Any]:
        return self.deployment.integrations.load(self.name).connections

    @contextmanager
    def services(self) -> Iterator[Services]:
        opened = open_services(
            self.name,
            stores=self.target.stores(self.name),
            integrations=self.target.integrations(),
            environment=self.deployment.env,
            owner=self.deployment.owner,
            deadline=self.deployment.deadline,
            clock=self.clock,
        )
        try:
            yield opened
        finally:
            opened.close()

    def propose(self, given: Mapping[str, str]) -> None:
        """Credentials over what is stored: what was left blank stays. No others than those the system has."""
        allowed = {name for name, option in OPTIONS[self.system].items() if option.secret}
        try:
            stored = self.stores.secrets.get(self.system)
        except BadCredentials:
            stored = {}
        entered = {name: value for name, value in given.items() if value and name in allowed}
        self.target.secrets(self.name).put(self.system, {**stored, **entered})

    def proved(self) -> list[Finding]:
        """Signs in and checks with what is proposed; stores it, and opens the gate, only where nothing is
        wrong."""
        with self.services() as opened:
            return connect(opened, self.system, None, proved=self.target.keep) + side_findings(opened)


def _test(work: _Work) -> list[Finding]:
    return work.proved()


def _credentials(work: _Work) -> list[Finding]:
    work.propose(work.values)
    return work.proved()


def _sign_in(work: _Work) -> list[Finding]:
    """The vendor has proved the client when it gives out tokens, and they are good with no other one: so the
    two are stored together, whatever the check finds afterwards."""
    began = work.stores.asked.take(work.values.get("began", ""), work.clock.now())
    if began is None or began[0].kind != "begun" or began[0].system != work.system:
        return [Finding("error", "sign-in", "This sign-in was ended already, or took too long: begin again.")]
    kind, given = SIGN_INS[work.system], began[1]
    if given.get(kind.client):
        work.propose(given)
    with work.services() as opened:
        parts = connector_parts(opened, opened.integration.connections[work.system], work.deployment.env)
        attempt = kind.begin(parts)
        attempt.exchange(work.values["code"], work.values["redirect_uri"], given["verifier"])
        work.target.secrets(work.name).keep(work.system)
        rows = kind.choices(opened.systems[work.system])
        chosen = opened.integration.connections[work.system].options.get(kind.choice, "")
    facts.note_choices(work.stores, work.system, rows, work.clock.now())
    active = [str(one["id"]) for one in rows if one["active"]]
    if not active:
        why = f"This sign-in has no access to a {kind.choice} with an active subscription in {kind.vendor}: "
        return [Finding("error", kind.choice, f"{why}sign in as another user.")]
    if chosen not in active and len(active) > 1:
        return [Finding("warning", kind.choice, CHOOSE.format(choice=kind.choice))]
    return _taken(work, chosen if chosen in active else active[0])


def _choose(work: _Work) -> list[Finding]:
    """One of those that the sign-in has access to now, whatever the page showed."""
    kind, wanted = SIGN_INS[work.system], work.values.get("choice", "")
    with work.services() as opened:
        rows = kind.choices(opened.systems[work.system])
    facts.note_choices(work.stores, work.system, rows, work.clock.now())
    if wanted not in [str(one["id"]) for one in rows if one["active"]]:
        why = f"This sign-in has no access any more to the {kind.choice} that was chosen: choose another one."
        return [Finding("error", kind.choice, why)]
    return _taken(work, wanted)


def _taken(work: _Work, chosen: str) -> list[Finding]:
    integrations = work.target.integrations()
    before = integrations.load(work.name)
    after = with_option(before, work.system, SIGN_INS[work.system].choice, chosen)
    if after != before:
        integrations.save(after)
    return work.proved()


def _disconnect(work: _Work) -> list[Finding]:
    """The gate first: no call goes out from then on, whatever a warm function still remembers."""
    name = title(work.system)
    why = f"{work.asked.by} disconnected {name} in the console; connect it again there"
    work.stores.gate.pause(work.system, why)
    findings = [Finding("ok", "credentials", f"The credentials of {name} are deleted; nothing calls it.")]
    if work.system in SIGN_INS:
        findings += _ended(work)
    work.stores.tokens.forget(work.system)
    work.stores.secrets.forget(work.system)
    facts.note_ended(work.stores, work.asked, work.clock.now())
    return findings


def _ended(work: _Work) -> list[Finding]:
    vendor = SIGN_INS[work.system].vendor
    try:
        with work.services() as opened:
            parts = connector_parts(opened, opened.integration.connections[work.system], work.deployment.env)
            SIGN_INS[work.system].begin(parts).end()
    except SyncError as fault:
        text = f"{vendor} did not confirm that the sign-in is over ({fault}): withdraw the access there, too."
        return [Finding("warning", "sign-in", text)]
    return [Finding("ok", "sign-in", f"{vendor} was told that the sign-in is over.")]


def with_option(integration: Integration, system: str, option: str, value: str) -> Integration:
    connection = integration.connections[system]
    changed = replace(connection, options={**connection.options, option: value})
    return replace(integration, connections={**integration.connections, system: changed})


_WAYS: Mapping[str, Callable[[_Work], list[Finding]]] = {
    "test": _test,
    "credentials": _credentials,
    "sign-in": _sign_in,
    "choose": _choose,
    "disconnect": _disconnect,
    "begun": lambda work: [],
}
