"""How an integration between the emulated Vtiger and Sage is connected."""

from collections.abc import Mapping
from dataclasses import replace

from local.vendors.sage_accounting.options import SageAccountingOptions
from shared.mapping.compile import compile_flow
from shared.settings import Connection, Integration, IntegrationState
from shared.stores.memory import MemoryWorld
from tests.e2e.pair_people import Books

FLOW = "vtiger--sage_accounting"


def connect(
    world: MemoryWorld,
    crm: str,
    ledger: str,
    refresh: str,
    options: Mapping[str, Mapping[str, str]],
    integration: Integration,
    live: bool,
) -> None:
    connections = {
        "vtiger": Connection("vtiger", {"url": crm, **options.get("vtiger", {})}),
        "sage_accounting": Connection(
            "sage_accounting",
            {
                "url": ledger,
                "token_url": f"{ledger}/token",
                "business": SageAccountingOptions().businesses[0].id,
                **options.get("sage_accounting", {}),
            },
        ),
    }
    world.integrations.save(replace(integration, connections=connections))
    version = compile_flow(FLOW, integration.rules, integration.directions).version
    world.integrations.change_state(
        "main", IntegrationState(), IntegrationState(live=live, rules_version=version)
    )
    world.stores("main").secrets.put("vtiger", {"user": "tieout", "access_key": "TieoutAccessKey1"})
    world.stores("main").secrets.put(
        "sage_accounting",
        {"client_id": "demo-client", "client_secret": "demo-secret", "refresh_token": refresh},
    )


def reconnect(world: MemoryWorld, books: Books) -> None:
    """What `tieout connect` leaves: a new first refresh token, and an open gate."""
    grant = books.desk.post("/grant")
    world.stores("main").secrets.put(
        "sage_accounting",
        {"client_id": "demo-client", "client_secret": "demo-secret", "refresh_token": grant["refresh_token"]},
    )
    world.stores("main").gate.open("sage_accounting")
