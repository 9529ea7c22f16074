"""One integration, wired: settings in, its services with their connectors out. This is where the systems'
classes are known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from shared.clock import SystemClock
from shared.domain.call_budget import budget_of
from shared.domain.spans import SKEW
from shared.domain.titles import use_titles
from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.mapping.model import Flow
from shared.ports import Cache, Clock, IntegrationStore, Stores, System
from shared.settings import Connection, Environment, Integration, IntegrationState
from shared.sync.engine import Context, Engine
from shared.sync.engine.kept_lists import KeptLists
from shared.sync.engine.reference_tables import Tables, tables_needed
from shared.systems._calls import CallMeter, CallTally
from shared.systems._connections import Connections, ExchangeLog
from shared.systems._hosts import guard
from shared.systems._http import LONGEST_WAIT, HttpClient
from shared.systems._lanes import HeldLanes
from shared.systems._literals import Literals
from shared.systems._options import all_options
from shared.systems._parts import ConnectorParts
from shared.systems._tokens import TokenBinding
from shared.systems.registry import FromManifests

REGISTRY: Mapping[str, Callable[[ConnectorParts], System]] = FromManifests(lambda manifest: manifest.make)
"""system name -> factory."""
HOOKS = FromManifests(lambda manifest: manifest.hooks)
"""system name -> what registers our webhook address (object, event) there."""
KEPT_ALIVE = FromManifests(lambda manifest: manifest.kept_alive or None)
"""Systems whose connection ends when it is left idle: each tick of the clock looks after it."""
OPTIONS = FromManifests(lambda manifest: all_options(manifest.options))
"""system name -> option name -> what a settings file may say there."""
SIGN_INS = FromManifests(lambda manifest: manifest.sign_in)
"""system name -> how a person signs in there with the browser."""
LISTS = KeptLists()
"""What this worker keeps of whole lists between its batches."""
use_titles(FromManifests(lambda manifest: manifest.title))


@dataclass(eq=False, repr=False)  # two methods less to compile at a cold start
class Services:
    """One integration within one invocation. Closing it releases lanes and closes connections."""

    integration: Integration
    state: IntegrationState
    flow: Flow
    stores: Stores
    integrations: IntegrationStore
    systems: Mapping[str, System]
    clock: Clock
    owner: str
    deadline: datetime
    exchanges: ExchangeLog = field(default_factory=ExchangeLog)
    lanes: list[HeldLanes] = field(default_factory=list)
    clients: list[HttpClient] = field(default_factory=list)
    meters: list[CallMeter] = field(default_factory=list)
    tally: CallTally = field(default_factory=CallTally)
    lists: KeptLists = LISTS
    refused: str = ""
    """Why the stored rules cannot be read, a line for each fault. `flow` is then what is shipped, good for
    names alone."""

    def context(self) -> Context:
        return Context(
            self.integration.name,
            self.flow,
            self.stores,
            self.systems,
            self.clock,
            self.owner,
            self.deadline,
            self.state,
            Tables(self.systems, tables_needed(self.flow), self.stores.cache, self.clock.now),
            address=self.address,
            archive=self.exchanges.exchange,
            lists=self.lists,
        )

    def preview_context(self) -> Context:
        """A context whose engine stores nothing: links and gate are the real ones, but read-only."""
        from shared.stores.dry_run import ForgetfulLinks, ForgetfulLog, ForgetfulMissing
        from shared.stores.memory import MemoryWorld

        scratch = MemoryWorld().stores(self.integration.name)
        stores = replace(
            self.stores,
            links=ForgetfulLinks(self.stores.links),
            missing=ForgetfulMissing(self.stores.missing),
            waits=scratch.waits,
            parks=scratch.parks,
            log=ForgetfulLog(scratch.log),
            queue=scratch.queue,
            gate=scratch.gate,
        )
        return replace(self.context(), stores=stores)

    def forgetful_cache(self) -> Cache:
        """The cache as it is, for who only looks: nothing is put there."""
        from shared.stores.dry_run import ForgetfulCache

        return ForgetfulCache(self.stores.cache)

    def engine(self) -> Engine:
        return Engine(self.context())

    def change_state(self, **fields: Any) -> bool:
        """Stores these fields of the state, each only where it still is what was read, and nothing else.
        False when somebody had changed one of them: theirs stays."""
        before, self.state = self.state, replace(self.state, **fields)
        return self.integrations.change_state(self.integration.name, before, self.state)

    def address(self, system: str, object_name: str, record_id: str) -> str:
        """Where a person opens the record: the `record_url` option with {object}, {id} and {number} (what
        follows the x of an id such as 11x123), or ""."""
        connection = self.integration.connections.get(system)
        pattern = connection.options.get("record_url", "") if connection else ""
        return (
            pattern.replace("{object}", object_name)
            .replace("{id}", record_id)
            .replace("{number}", record_id.rpartition("x")[2])
        )

    def seconds_left(self) -> float:
        return (self.deadline - self.clock.now()).total_seconds()

    def keep_exchanges(self, run_id: str) -> None:
        """Writes the calls to the archive before any message is acknowledged; those of no other run are filed
        under this one."""
        runs: dict[str, list[Mapping[str, Any]]] = {}
        for line in self.exchanges.lines:
            runs.setdefault(str(line.get("run_id", run_id)), []).append(line)
        for name, lines in runs.items():
            self.stores.archive.write(name, lines)
        self.exchanges.lines = []

    def close(self) -> None:
        for lane in self.lanes:
            lane.release()
        for http in self.clients:
            http.close()
        for meter in self.meters:
            meter.close()
        self.tally.keep(self.stores.calls)


def open_services(
    name: str,
    *,
    stores: Stores,
    integrations: IntegrationStore,
    environment: Environment,
    owner: str,
    deadline: datetime,
    clock: Clock | None = None,
    registry: Mapping[str, Callable[[ConnectorParts], System]] = REGISTRY,
    tally: CallTally | None = None,
    refused: str = "",
) -> Services:
    """Raises KeyError for an unknown integration, RuleInvalid for rules that do not compile. With `refused`,
    shipped rules take the place of the integration's own: nothing may be synchronised by them."""
    clock = clock or SystemClock()
    integration, state = integrations.load_with_state(name)
    services = Services(
        integration,
        state,
        compile_flow(integration.flow, {}, {})
        if refused
        else compile_flow(integration.flow, integration.rules, integration.directions),
        stores,
        integrations,
        {},
        clock,
        owner,
        deadline,
        tally=tally or CallTally(),
        refused=refused,
    )
    if state.recovering_since is not None and state.recovering_since > clock.now() + SKEW:
        services.change_state(recovering_since=clock.now())  # said by a clock that was ahead
    _check_systems(services.flow, integration, registry)
    services.systems = Connections(
        integration,
        lambda connection: registry[connection.system](connector_parts(services, connection, environment)),
    )
    return services


def _check_systems(flow: Flow, integration: Integration, registry: Mapping[str, Any]) -> None:
    for system in (flow.crm, flow.sage):
        if system not in integration.connections:
            raise RuleInvalid(
                f"integration “{integration.name}”: flow {flow.name} needs a connection “{system}”"
            )
        if system not in registry:
            raise RuleInvalid(
                f"flow {flow.name}: there is no connector “{system}”; known are {', '.join(sorted(registry))}"
            )


def connector_parts(services: Services, connection: Connection, environment: Environment) -> ConnectorParts:
    """Clients and lanes are let go with the services. Raises BadCredentials without a stored secret."""
    options = connection.options
    secret = services.stores.secrets.get(connection.system)
    literals = Literals(secret)
    meter = CallMeter(
        connection.system,
        budget_of(options),
        services.stores.calls,
        services.clock,
        services.seconds_left,
        lambda system: services.tally.count(system, services.clock.now()),
    )
    services.meters.append(meter)

    def open_client(url: str) -> HttpClient:
        allow = guard(url, allow_local=environment.allow_local, allow_http=options.get("allow_http") == "yes")
        http = HttpClient(
            connection.system,
            url,
            recorder=services.exchanges,
            allow=allow,
            seconds_left=services.seconds_left,
            timeout=float(options.get("timeout_seconds", "30")),
            longest_wait=float(options.get("longest_wait_seconds", LONGEST_WAIT)),
            literals=literals,
            permit=meter,
        )
        services.clients.append(http)
        return http

    http = open_client(options.get("url", ""))
    lanes = HeldLanes(
        services.stores.lanes, connection.system, services.owner, services.deadline, services.clock
    )
    services.lanes.append(lanes)
    return ConnectorParts(
        connection.system,
        http,
        options,
        secret,
        services.clock,
        services.stores,
        TokenBinding(connection.system, services.owner, services.clock, services.stores.tokens),
        lanes.take,
        open_client,
    )
