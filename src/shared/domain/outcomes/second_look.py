"""What a person changed while a record waited for its turn to be made."""

from shared.domain.wording import words


def changed(field: str, before: str, now: str) -> str:
    """A note behind what became of the record."""
    return (
        f"{words(field)} was changed from “{before}” to “{now}” while it waited for its "
        "turn; what is there now was taken"
    )
