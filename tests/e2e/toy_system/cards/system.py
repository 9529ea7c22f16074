"""The drawer of cards: one dict for the whole process, in which people write as well."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from shared.errors import BadCredentials, RecordRejected, SyncError
from shared.ports import (
    Capabilities,
    Clock,
    FieldInfo,
    Finding,
    Gone,
    ObjectSpec,
    Page,
    Patch,
    Reading,
    Snapshot,
    Values,
)
from shared.systems._connector import Connector

CARDS: dict[str, dict[str, Any]] = {}
LOOKED_AFTER: list[str] = []


def put(number: str, **values: Any) -> None:
    """Writes on a card, as a person or the connector does."""
    card = CARDS.setdefault(number, {"id": number, "version": "0", "origin": "", "email": "", "phone": ""})
    card.update(values, version=str(int(card["version"]) + 1))


class Cards(Connector):
    name = "cards"
    settle_seconds = 1.0
    capabilities = Capabilities(key_search=True)

    def __init__(self, options: Mapping[str, str], secret: Mapping[str, str], clock: Clock) -> None:
        if secret.get("pin") != "4711":
            raise BadCredentials("The drawer does not open with this pin: enter another one.")
        self.drawer, self._clock = options["drawer"], clock

    def check(self, specs: Sequence[ObjectSpec]) -> list[Finding]:
        return [Finding("ok", "drawer", f"The {self.drawer} drawer opens.")]

    def describe(self, object_name: str) -> dict[str, FieldInfo] | None:
        return None

    def read(self, spec: ObjectSpec, ids: Sequence[str]) -> dict[str, Reading]:
        return {one: self._card(one) if one in CARDS else Gone(one, self._clock.now()) for one in ids}

    def find(self, spec: ObjectSpec, path: str, values: Sequence[str]) -> dict[str, list[Snapshot]]:
        return {
            value: [self._card(one) for one, card in CARDS.items() if card.get(path) == value]
            for value in values
        }

    def create(self, spec: ObjectSpec, values: Values, key: str) -> Snapshot:
        number = f"card-{len(CARDS) + 1}"
        put(number, **values, origin=key)
        return self._card(number)

    def update(self, spec: ObjectSpec, patches: Sequence[Patch]) -> list[Snapshot | SyncError]:
        return [self._update(patch) for patch in patches]

    def changes(
        self, spec: ObjectSpec, cursor: Mapping[str, Any] | None, page_size: int | None = None
    ) -> Iterator[Page]:
        yield Page(tuple(self._card(one) for one in sorted(CARDS)), {}, True)

    def table(self, name: Literal["currencies", "tax_codes", "users"]) -> list[dict[str, str]]:
        return []

    def keep_alive(self) -> list[Finding]:
        LOOKED_AFTER.append(self.drawer)
        return []

    def _update(self, patch: Patch) -> Snapshot | SyncError:
        if patch.id not in CARDS:
            return RecordRejected(f"there is no card {patch.id}")
        put(patch.id, **patch.values)
        return self._card(patch.id)

    def _card(self, number: str) -> Snapshot:
        return Snapshot(number, dict(CARDS[number]), self._clock.now(), CARDS[number]["version"])
