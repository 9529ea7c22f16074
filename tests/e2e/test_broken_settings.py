"""The tests of trying and storing settings fail under a command line that is broken."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local.cli import _agree, _proving, _trying
from local.cli._agree import Agreement
from local.settings_faults import Faults
from local.stack.integrations import store
from shared.errors import RuleInvalid
from shared.operations.proposed import Proposed
from shared.operations.proposed_cache import ProposedCache
from tests.e2e import test_settings_connect as connecting
from tests.e2e import test_settings_tried as trying
from tests.e2e.settings_world import Desk, vendors
from tests.unit.local import test_settings_file as files

Patch = pytest.MonkeyPatch


def stores_before_it_checks(patch: Patch) -> None:
    real = _proving.prove

    def prove(target: Proposed, *more: Any, **how: Any) -> Any:
        target.keep()
        return real(target, *more, **how)

    patch.setattr("local.cli.connect.prove", prove)


def checks_the_named_system_only(patch: Patch) -> None:
    patch.setattr(_proving, "_changed", lambda target: iter(()))


def never_asks(patch: Patch) -> None:
    patch.setattr(Agreement, "ask", lambda self: None)


def tries_what_is_stored(patch: Patch) -> None:
    patch.setattr(_trying, "store", lambda *_: None)


def stores_what_it_tries(patch: Patch) -> None:
    def both(found: Any, integrations: Any, secrets: Any) -> None:
        store(found, integrations, secrets)
        integrations.keep()

    patch.setattr(_trying, "store", both)


def remembers_what_it_tried(patch: Patch) -> None:
    patch.setattr(ProposedCache, "put", lambda self, *row: self._real.put(*row))


def says_nothing_of_one_side(patch: Patch) -> None:
    patch.setattr(_trying, "side_findings", lambda opened: [])


def tells_the_first_fault_only(patch: Patch) -> None:
    real = Faults.tell

    def tell(self: Faults) -> None:
        try:
            real(self)
        except RuleInvalid as fault:
            raise RuleInvalid(str(fault).splitlines()[0]) from None

    patch.setattr(Faults, "tell", tell)


def _connects(case: str) -> Callable[[Desk, Patch], None]:
    return lambda desk, patch: connecting.test_m2_connect_stores_nothing_that_fails_its_own_check(
        desk, case, "true"
    )


def _asked(desk: Desk, patch: Patch) -> None:
    patch.setattr(_agree, "terminal", lambda: True)
    connecting.test_m2_a_live_integration_changes_only_after_it_was_shown_and_asked(desk, None)


def _seen(desk: Desk, patch: Patch) -> None:
    rule = '[line]\nunit_price = "amuont"\n'
    trying.test_m1_a_changed_rules_folder_is_seen_with_settings_and_not_without(desk, rule, "amuont")


BROKEN: list[tuple[Callable[[Patch], None], Callable[[Desk, Patch], None]]] = [
    (stores_before_it_checks, _connects("the CRM's password")),
    (checks_the_named_system_only, _connects("the ledger's address, while the CRM is connected")),
    (never_asks, _asked),
    (tries_what_is_stored, _seen),
    (stores_what_it_tries, _seen),
    (
        remembers_what_it_tried,
        lambda desk, patch: trying.test_what_another_address_says_is_not_remembered_for_the_stack_that_works(
            desk
        ),
    ),
    (
        says_nothing_of_one_side,
        lambda desk, patch: trying.test_m7_a_field_on_one_side_only_is_said_by_check_preview_and_connect(
            desk
        ),
    ),
    (
        tells_the_first_fault_only,
        lambda desk, patch: files.test_m6_all_faults_of_a_file_and_its_rules_are_told_at_once(
            desk.folder / "x"
        ),
    ),
]


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    with vendors() as found:
        yield found


@pytest.mark.parametrize(("breaks", "test"), BROKEN, ids=[one.__name__ for one, _ in BROKEN])
def test_a_broken_command_line_is_noticed(
    breaks: Callable[[Patch], None],
    test: Callable[[Desk, Patch], None],
    tmp_path: Path,
    monkeypatch: Patch,
    addresses: dict[str, str],
) -> None:
    (tmp_path / "x").mkdir()
    desk = Desk(tmp_path, monkeypatch, addresses)
    breaks(monkeypatch)
    with pytest.raises(AssertionError):
        test(desk, monkeypatch)
