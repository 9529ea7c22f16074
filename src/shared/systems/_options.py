"""What a settings file may say of a system: one `Option` a field.

Nothing here validates; `local/settings_systems.py` makes the check from it. This module is loaded by the
webhook function, which must start without pydantic.
"""

from typing import Literal

from shared.domain.record import record

CURRENCY = r"^[A-Z]{3}$"
EMAIL = r"^[^@\s]+@[^@\s]+$"


@record
class Option:
    """One field. A connector gets its value as text, whatever its kind: a table of texts as JSON."""

    name: str
    kind: Literal["text", "address", "number", "choice", "table"] = "text"
    required: bool = False
    default: str | None = None
    """What the connector is given when the file says nothing. None: nothing, so the connector decides."""
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    pattern: str | None = None
    """A regular expression that a text must match, from ^ to $."""
    blank: bool = False
    """Whether a text may be empty."""
    secret: bool = False
    """Goes to the secret store instead of the options."""
    shown: bool = False
    """A secret that may be read on the screen, such as the name of a user: when typed, and in messages."""
    asked: bool = True
    """Whether `tieout connect` asks for the secret."""
    label: str = ""
    """What the console's form calls it; its name where there is none."""
    help: str = ""
    """Where a person finds it, as a sentence."""


COMMON = (
    Option("url", "address", required=True),
    Option("settle_seconds", "number", least=0),
    Option("timeout_seconds", "number", least=1, most=170),
    Option("longest_wait_seconds", "number", least=1, most=86_400),
    Option("daily_calls", "number", least=100),
    Option("per_minute", "number", least=5),
    Option("record_url"),
    Option("allow_http", "choice", choices=("yes", "no")),
)
"""Every system has these. One that says more of such an option, as a default for `url`, names it again."""


def all_options(own: tuple[Option, ...]) -> dict[str, Option]:
    """name -> option, the common ones included."""
    return {one.name: one for one in (*COMMON, *own)}
