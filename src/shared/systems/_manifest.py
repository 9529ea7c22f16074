"""What a system says of itself: the record that `systems/NAME/manifest.py` holds as `MANIFEST`.

A manifest is loaded for a title or a webhook alone, so it must be cheap: its functions import the connector
when they are called, and the module itself imports little more than this one and `_options`.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from shared.domain.record import record

if TYPE_CHECKING:
    from shared.ports import Finding, System, Webhook
    from shared.systems._browser import BrowserSignIn
    from shared.systems._options import Option
    from shared.systems._parts import ConnectorParts


@record
class Manifest:
    """One system. Only `title` and `make` must be there."""

    title: str
    """What people call it."""
    make: Callable[["ConnectorParts"], "System"]
    options: tuple["Option", ...] = ()
    """Those of its own, beside the common ones."""
    webhook: Callable[[], "Webhook"] | None = None
    """Makes what reads its webhooks."""
    hooks: Callable[["System", Callable[[str, str], str], Sequence[str], str], list["Finding"]] | None = None
    """Registers webhooks at the vendor: (system, address for an object and an event, objects, prefix of their
    names). Without it a person enters them there."""
    sign_in: "BrowserSignIn | None" = None
    kept_alive: bool = False
    """Whether its connection ends when left idle, so that each tick of the clock looks after it."""
