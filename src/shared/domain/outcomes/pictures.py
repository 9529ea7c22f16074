"""What is said of a picture that did not go along with its record. Each stands behind "picture was not
written"."""

from shared.domain.titles import title


def refused(name: str, why: str) -> str:
    return f"“{name}”: {why}. It is tried again when the product changes, or is retried"


def uncertain(name: str, target: str, why: str) -> str:
    """Sent twice it would stand there twice, so it is not sent again."""
    because = f" ({why})" if why else ""
    return (
        f"“{name}” may have reached {title(target)} and may not: an earlier try was interrupted{because}. "
        "Look at the record there; under another file name it is sent again"
    )


def taken_away(target: str) -> str:
    return f"it was taken away, and {title(target)} lets no programme remove one. Remove it there by hand"


def unable(name: str, system: str) -> str:
    return f"“{name}”: {title(system)} has no place for pictures"
