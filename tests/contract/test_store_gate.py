"""The promises of Gate, for both implementations."""

from datetime import timedelta

from shared.ports import GateState, Stores
from tests.contract.stores_world import START, World

SOON, LATE = START + timedelta(minutes=1), START + timedelta(minutes=5)


def _read(stores: Stores, system: str = "sage_50") -> GateState:
    return stores.gate.read([system])[system]


class TestGate:
    """One suite, every implementation."""

    def test_a_gate_never_heard_of_is_open(self, stores: Stores) -> None:
        assert stores.gate.read(["sugarcrm", "sage_50"]) == {"sugarcrm": GateState(), "sage_50": GateState()}
        assert stores.gate.read([]) == {}

    def test_cooling_names_its_end_and_reason(self, stores: Stores) -> None:
        stores.gate.cool("sage_50", SOON, "asked to slow down")
        assert stores.gate.read(["sage_50", "sugarcrm"]) == {
            "sage_50": GateState("cooling", SOON, "asked to slow down", 1),
            "sugarcrm": GateState(),
        }

    def test_a_passed_end_reads_as_open_and_keeps_the_strikes(self, stores: Stores, world: World) -> None:
        stores.gate.cool("sage_50", SOON, "slow")
        world.clock.pass_by(seconds=60)
        assert _read(stores) == GateState(strikes=1)
        stores.gate.cool("sage_50", LATE, "slow again")
        assert _read(stores) == GateState("cooling", LATE, "slow again", 2)

    def test_one_outage_met_by_eight_functions_is_one_strike(self, stores: Stores) -> None:
        for number in range(8):
            stores.gate.cool("sage_50", SOON + timedelta(seconds=number), f"worker {number}")
        assert _read(stores) == GateState("cooling", SOON + timedelta(seconds=7), "worker 7", 1)

    def test_f26_a_gate_set_by_a_clock_that_was_ahead_is_over_when_that_is_put_right(
        self, stores: Stores, world: World
    ) -> None:
        world.clock.pass_by(hours=1)
        stores.gate.cool("sage_50", SOON + timedelta(hours=1), "slow")
        world.clock.pass_by(hours=-1)
        assert _read(stores) == GateState(strikes=1)
        stores.gate.cool("sage_50", SOON, "slow again")
        assert _read(stores) == GateState("cooling", SOON, "slow again", 2)

    def test_a_clock_that_is_a_little_behind_another_changes_nothing(
        self, stores: Stores, world: World
    ) -> None:
        stores.gate.cool("sage_50", LATE, "slow")
        world.clock.pass_by(seconds=-30)
        assert _read(stores) == GateState("cooling", LATE, "slow", 1)

    def test_a_gate_set_by_a_clock_that_was_behind_ends_when_that_is_put_right(
        self, stores: Stores, world: World
    ) -> None:
        stores.gate.cool("sage_50", SOON, "slow")
        world.clock.pass_by(hours=1)
        assert _read(stores) == GateState(strikes=1)

    def test_no_end_is_believed_that_lies_further_than_any_wait(self, stores: Stores, world: World) -> None:
        stores.gate.cool("sage_50", START + timedelta(days=365), "slow")
        assert _read(stores) == GateState(strikes=1)
        stores.gate.cool("sage_50", START + timedelta(hours=23), "slow")
        assert _read(stores) == GateState("cooling", START + timedelta(hours=23), "slow", 2)

    def test_cooling_is_never_shortened(self, stores: Stores) -> None:
        stores.gate.cool("sage_50", LATE, "long")
        stores.gate.cool("sage_50", SOON, "short")
        assert _read(stores) == GateState("cooling", LATE, "long", 1)

    def test_a_pause_lasts_until_it_is_opened_and_cooling_does_not_weaken_it(
        self, stores: Stores, world: World
    ) -> None:
        stores.gate.cool("sage_50", SOON, "slow")
        stores.gate.pause("sage_50", "the password was refused")
        stores.gate.cool("sage_50", LATE, "slow")
        world.clock.pass_by(days=30)
        assert _read(stores) == GateState("paused", None, "the password was refused", 2)

    def test_opening_forgets_everything(self, stores: Stores) -> None:
        stores.gate.pause("sage_50", "refused")
        stores.gate.open("sage_50")
        stores.gate.open("sage_50")
        assert _read(stores) == GateState()

    def test_two_integrations_never_meet(self, stores: Stores, others: Stores) -> None:
        stores.gate.pause("sage_50", "refused")
        others.gate.open("sage_50")
        assert _read(others) == GateState()
        assert _read(stores).state == "paused"
