"""Names of runs: they sort by time and say when the run began, so that its archive is found without a
search."""

import secrets
from datetime import UTC, datetime


def new_run_id(now: datetime) -> str:
    """Such as 20261122T101500Z-4f1c."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


def hook_run_id(now: datetime, system: str, entity: str) -> str:
    """The webhooks of one list that come within one hour are one run: 20261122T100000Z-hook-vtiger-user."""
    return f"{now.astimezone(UTC):%Y%m%dT%H}0000Z-hook-{system}-{entity}"


def hook_list(run_id: str) -> tuple[str, str] | None:
    """(system, entity) of a run of webhooks, else None."""
    _, mark, of = run_id.partition("-hook-")
    system, _, entity = of.partition("-")
    return (system, entity) if mark else None
