"""What goes wrong in any machine: a vendor fails, a worker dies, at whichever call of a port."""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from shared.errors import OutcomeUnknown, RateLimited, Unavailable
from tests.properties.ports import Killed, of_system, writes_to_system
from tests.properties.rig import Rig

FAULTS = st.sampled_from([Unavailable, RateLimited, OutcomeUnknown, RuntimeError])


class Trouble(RuleBasedStateMachine):
    rig: Rig
    vendor_names: tuple[str, ...]

    @rule(number=st.integers(0, 60), fault=FAULTS)
    def vendor_fails(self, number: int, fault: type[Exception]) -> None:
        """One call from here on fails: before its effect, or after it (then its outcome is unknown)."""

        def on(call: str) -> None:
            if self.steps() < number or not of_system(call, self.vendor_names):
                return
            self.rig.line.on = lambda call: None
            if call.endswith(" done") and writes_to_system(call, self.vendor_names):
                raise OutcomeUnknown("no answer came")
            if fault is not OutcomeUnknown or writes_to_system(call, self.vendor_names):
                raise fault("the vendor failed")

        self.strike(on)

    @rule(number=st.integers(0, 80))
    def worker_dies(self, number: int) -> None:
        """At any port call, of systems and of stores."""

        def on(call: str) -> None:
            if self.steps() >= number:
                self.rig.line.on = lambda call: None
                raise Killed(call)

        self.strike(on)

    def steps(self) -> int:
        """Calls since the blow was made ready."""
        return len(self.rig.line.calls) - self.first - 1

    def strike(self, on: Callable[[str], None]) -> None:
        """`on` is told of every call of the next batch."""
        self.first = len(self.rig.line.calls)
        self.rig.line.on = on
        self.one_batch()
        self.rig.line.on = lambda call: None

    def one_batch(self) -> None:
        self.rig.deliver()
