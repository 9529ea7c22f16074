"""What a person changed while a record waited for its turn to be made."""

from shared.domain.wording import words


def changed(field: str, before: object, now: object) -> str:
    """A note behind what became of the record."""
    return (
        f"{words(field)} was changed from “{_short(before)}” to “{_short(now)}” while it waited for its "
        "turn; what is there now was taken"
    )


def _short(value: object) -> str:
    return "" if value is None else str(value)[:60]
