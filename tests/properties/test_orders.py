"""The invariants over the shipped order flow, by trying: won opportunities become Sage orders, once each,
come what may.

S1 (the number comes back), S2, S6 (never a second order), S7, S9, S10 (an order is never changed) and S12 are
checked here, with deaths, late commits and a stack that comes back with an older save. S3 to S5 and S11 need
two sides that people edit: see `test_two_way.py`; here a later edit of an opportunity is only reported.
"""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from shared.errors import OutcomeUnknown
from shared.sync.engine import Engine
from tests.properties.orders import CRM, ENTITY, SAGE, customer, deal, deals, order_rig, orders_named
from tests.properties.ports import Killed, Late
from tests.properties.profiles import examples
from tests.properties.trouble import Trouble

SYSTEMS = (CRM, SAGE)
PICK = st.integers(0, 50)


class Orders(Trouble):
    vendor_names = SYSTEMS
    make = Engine

    def __init__(self) -> None:
        super().__init__()
        self.rig = order_rig(type(self).make)
        self.saves = [self.rig.world.save()]

    @initialize()
    def one_won_deal(self) -> None:
        deal(self.rig, "d0")

    def pick(self, number: int) -> str:
        return sorted(deals(self.rig))[number % len(deals(self.rig))]

    @rule(
        stage=st.sampled_from(["Closed Won", "Prospecting"]),
        reference=st.sampled_from(["SMITH001", "LATER", ""]),
    )
    def new_deal(self, stage: str, reference: str) -> None:
        if len(deals(self.rig)) < 5:
            name = f"d{len(deals(self.rig))}"
            deal(self.rig, name, sales_stage=stage, **{"account.sales_account_ref_c": reference})
            self.rig.notify(CRM, ENTITY, name)

    @rule(number=PICK)
    def win(self, number: int) -> None:
        deal(self.rig, self.pick(number), sales_stage="Closed Won")

    @rule(number=PICK, amount=st.sampled_from(["250.00", "99.90"]))
    def change_the_amount(self, number: int, amount: str) -> None:
        deal(self.rig, self.pick(number), amount=amount)
        self.rig.notify(CRM, ENTITY, self.pick(number))

    @rule(number=PICK)
    def fill_the_reference(self, number: int) -> None:
        deal(self.rig, self.pick(number), **{"account.sales_account_ref_c": "SMITH001"})

    @rule()
    def customer_is_made(self) -> None:
        customer(self.rig, "LATER")

    @rule(number=PICK, twice=st.booleans())
    def hint(self, number: int, twice: bool) -> None:
        self.rig.notify(CRM, ENTITY, *[self.pick(number)] * (1 + twice))

    @rule()
    def deliver(self) -> None:
        self.rig.deliver()

    @rule()
    def drop(self) -> None:
        self.rig.world.receive(ENTITY, 10)

    @rule()
    def poll(self) -> None:
        self.rig.poll()

    @rule(minutes=st.integers(1, 60))
    def time_passes(self, minutes: int) -> None:
        self.rig.clock.advance(60 * minutes)

    @rule()
    def save(self) -> None:
        self.saves.append(self.rig.world.save())

    @rule(number=PICK)
    def the_stack_is_lost(self, number: int) -> None:
        self.rig.lose_stack(self.saves[number % len(self.saves)])

    @rule(seconds=st.floats(0.1, 59), dies=st.booleans())
    def vendor_commits_late(self, seconds: float, dies: bool) -> None:
        def on(call: str) -> None:
            if call == f"{SAGE}.create":
                self.rig.line.on = lambda call: None
                raise Late(seconds, Killed(call) if dies else OutcomeUnknown("timed out"))

        self.strike(on)

    def one_batch(self) -> None:
        self.rig.poll()
        self.rig.deliver()

    @invariant()
    def one_order_at_most(self) -> None:
        for record_id in deals(self.rig):
            assert len(orders_named(self.rig, record_id)) <= 1, f"S6: {record_id} has several orders"

    @invariant()
    def orders_are_never_changed(self) -> None:
        assert all(kind == "create" for kind, *_ in self.rig.systems[SAGE].writes), "S10"
        written = {path for _, _, _, values in self.rig.systems[CRM].writes for path in values}
        assert written <= {"sales_order_no_c"}, f"S10: {written}"

    @rule()
    def settle(self) -> None:
        """Two more hours than the longest pause, then everything must be done and stay done."""
        self.rig.run_on(6)
        self.one_order_at_most()
        self.orders_are_never_changed()
        for record_id, values in deals(self.rig).items():
            self.tied_out(record_id, values)
        assert not self.rig.dead_letters
        links, writes = self.rig.links(), self.rig.writes()
        self.rig.poll()
        self.rig.drain()
        assert (self.rig.links(), self.rig.writes()) == (links, writes), "S2"

    def tied_out(self, record_id: str, values: dict[str, object]) -> None:
        made = orders_named(self.rig, record_id)
        known = values["account.sales_account_ref_c"] in self.rig.systems[SAGE].objects["customer"]
        if values["sales_stage"] == "Closed Won" and known:
            assert len(made) == 1, f"S1: {record_id} has no order"
        if made:
            assert values["sales_order_no_c"] == made[0]["orderNumber"], (
                f"S1: {record_id} does not show its number"
            )
            assert made[0]["invoiceItems"][0]["unitPrice"] in (
                Decimal("100.00"),
                Decimal("250.00"),
                Decimal("99.90"),
            )

    def teardown(self) -> None:
        self.rig.line.on = lambda call: None
        self.settle()


TestOrders = Orders.TestCase
TestOrders.settings = examples(80)
