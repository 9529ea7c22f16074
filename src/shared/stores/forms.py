"""From stored JSON back to the records of the ports: does for what only the stores know what
`shared.domain.codec` does for the rest.

Each function takes what `codec.loads` returned for the `codec.dumps` of the same record.
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from shared.domain import codec
from shared.domain.decision import Decision
from shared.domain.link import Wait
from shared.ports import GateState, Parked, Run
from shared.settings import Connection, Integration, IntegrationState, WebhookToken

_INTEGRATION_SCHEMA = 1


def wait(data: dict[str, Any]) -> Wait:
    return Wait(**{**data, "event": codec.event(data["event"])})


def parked(data: dict[str, Any]) -> Parked:
    return Parked(**{**data, "event": codec.event(data["event"])})


def decision(data: dict[str, Any]) -> Decision:
    earlier = tuple((verdict, run_id) for verdict, run_id in data["earlier"])
    return Decision(**{**data, "one": tuple(data["one"]), "other": tuple(data["other"]), "earlier": earlier})


def run(data: dict[str, Any]) -> Run:
    return Run(**data)


def gate(data: dict[str, Any]) -> GateState:
    return GateState(**data)


def integration(data: dict[str, Any]) -> Integration:
    """Raises ValueError for a row that a newer release wrote."""
    if data["schema"] > _INTEGRATION_SCHEMA:
        raise ValueError(
            f"integration {data['name']} was stored with schema {data['schema']}; this release reads up to "
            f"{_INTEGRATION_SCHEMA}: deploy the newer release"
        )
    return Integration(
        **{
            **data,
            "connections": {side: Connection(**item) for side, item in data["connections"].items()},
            "webhook_tokens": {
                system: tuple(WebhookToken(**item) for item in tokens)
                for system, tokens in data["webhook_tokens"].items()
            },
        }
    )


def state(data: dict[str, Any], missing: Iterable[str] = ()) -> IntegrationState:
    """`missing` is kept beside the rest, see `MissingStore`."""
    released = tuple(data.get("released", ()))
    return IntegrationState(**{**data, "released": released, "missing": tuple(sorted(missing))})


def kept_state(state: IntegrationState) -> dict[str, Any]:
    """What is stored of it as one."""
    return {one.name: getattr(state, one.name) for one in fields(state) if one.name != "missing"}
