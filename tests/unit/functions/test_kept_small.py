"""How the deployed functions' garbage is looked for: seldom while one starts, as usual ever after."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest

import functions

PATIENT = (50_000, 20, 20)


@pytest.fixture(autouse=True)
def start() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*PATIENT)
    yield
    gc.set_threshold(*before)


@functions.kept_small
def answering(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return {"seen": event["number"], "collected": gc.get_threshold()}


@functions.kept_small
def failing(event: dict[str, Any], context: Any) -> dict[str, Any]:
    raise ValueError(event["number"])


def test_the_first_invocation_runs_undisturbed_and_the_second_as_usual() -> None:
    assert answering({"number": 1}, None) == {"seen": 1, "collected": PATIENT}
    usual = gc.get_threshold()
    assert usual != PATIENT and usual[0] < PATIENT[0]
    assert answering({"number": 2}, None) == {"seen": 2, "collected": usual}


def test_a_first_invocation_that_fails_ends_the_start_too() -> None:
    with pytest.raises(ValueError, match="1"):
        failing({"number": 1}, None)
    assert gc.get_threshold() != PATIENT
