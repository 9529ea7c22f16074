"""Products on both sides, which are put out of use where their counterpart was deleted."""

from typing import Any

from tests.stories.customers import VTIGER, Customers


class Products(Customers):
    """Products are put out of use where their counterpart was deleted."""

    entity = "product"

    @classmethod
    def on_both(cls, count: int, able: Any = None) -> "Products":
        here = cls(able=able)
        for number in range(count):
            name = f"p{number:04d}"
            here.enter(VTIGER, name, sku=name.upper(), name=f"Product {number}", description="D", active=True)
        here.sync()
        here.wait(minutes=2)
        assert len(here.linked()) == count
        here.forget()
        return here

    def name(self, number: int) -> str:
        return f"p{number:04d}"

    def lose(self, system: str, *numbers: int) -> dict[str, dict[str, Any]]:
        """Deleted there, or hidden, or an outage that looks like it. Returns what would bring them back."""
        ids = [self.id_of(system, self.name(number)) for number in numbers]
        before = {one: dict(self.native(system)[one]) for one in ids}
        for one in ids:
            self.rig.systems[system].drop(self._map(system).spec.object, one)
        return before

    def bring_back(self, system: str, lost: dict[str, dict[str, Any]]) -> None:
        vendor, name = self.rig.systems[system], self._map(system).spec.object
        for one, values in lost.items():
            vendor.put(name, one, values)
            vendor.dropped.discard((name, one))

    def in_use(self, system: str) -> list[bool]:
        return [bool(one["active"]) for one in self.records(system)]

    def edit_all(self, system: str, text: str, *numbers: int) -> None:
        for number in numbers:
            self.edit(system, self.name(number), description=text)
