"""The card index sends the number of a card, and nothing else."""

from collections.abc import Mapping


class CardsWebhook:
    def parse(self, query: Mapping[str, str], body: bytes) -> list[tuple[str, str]]:
        number = body.decode("ascii", "replace").strip()
        if not number:
            raise ValueError("The webhook's body holds no card number.")
        return [(query.get("object", ""), number)]
