"""The page about deploying names, for every flow, the switches of the queues that it needs."""

import re
from pathlib import Path

import pytest

from shared.mapping.compile import compile_flow
from shared.operations.poll_tasks import CREDIT, polled_lists

ROOT = Path(__file__).parents[3]
ROWS = re.findall(r"^\| `(\w+--\w+)` \| (.*) \| (.*)\|$", (ROOT / "docs" / "deploying.md").read_text(), re.M)
DEFAULT = {"SyncAccount", "SyncSalesOrder"}


def test_every_flow_that_ships_has_a_row() -> None:
    shipped = {found.stem for found in (ROOT / "src" / "shared" / "flows").glob("*.toml")}
    assert [flow for flow, *_ in ROWS] == list(dict.fromkeys(flow for flow, *_ in ROWS))
    assert {flow for flow, *_ in ROWS} == shipped


@pytest.mark.parametrize(("flow", "on", "off"), ROWS, ids=[flow for flow, *_ in ROWS])
def test_a_row_names_what_the_flow_polls_and_looks_up(flow: str, on: str, off: str) -> None:
    compiled = compile_flow(flow, {}, {})
    polled = {entity for entity, _ in polled_lists(compiled) if entity != CREDIT}
    looked_up = {name for name, entity in compiled.entities.items() if entity.lookup_only and not entity.off}
    wanted, useful = ({_switch(name) for name in names} for names in (polled, polled | looked_up))
    named = set(re.findall(r"`(Sync\w+)`", on))
    assert wanted <= named <= useful
    assert set(re.findall(r"`(Sync\w+)`", off)) == DEFAULT - named


def _switch(entity: str) -> str:
    return "Sync" + "".join(part.capitalize() for part in entity.split("_"))
