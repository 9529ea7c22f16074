"""What went wrong, classified once, at the edge, by what must happen next.

SyncError
  Retry   RateLimited · NoTurn · Unavailable · Busy · OutcomeUnknown · StaleVersion · LinkContended ·
          LaneTaken
  Hold    RecordRejected (NameTaken, NotAllowed)
  Halt    BadCredentials · MissingPermission · MissingField · RuleInvalid

Nothing above the HTTP edge looks at a status code. Every message is a sentence a bookkeeper can act on and
never carries a secret.
"""

from collections.abc import Sequence


class SyncError(Exception):
    """Base of every fault that Tieout expects. `system`: the connection that met it, where that is known; a
    fault of one system may be met while another is worked on."""

    system = ""


class Retry(SyncError):
    """Not executed, or safe to check again: defer the record, or park it. `after` is in seconds."""

    def __init__(self, message: str, after: float | None = None, system: str = "") -> None:
        super().__init__(message)
        self.after = after
        self.system = system


class RateLimited(Retry):
    """The vendor said 429 or named a budget; the connection cools for `after` seconds."""


class Unavailable(Retry):
    """The vendor could not be reached or could not answer, and nothing was executed."""


class Busy(Retry):
    """The vendor is already running the same operation (HyperAccounts 409); the call was not executed."""


class OutcomeUnknown(Retry):
    """A write was sent and no answer came: it may or may not have happened. Look before writing again."""


class StaleVersion(Retry):
    """The record has been changed since it was read."""


class LinkContended(Retry):
    """Another worker holds this link, or saved it first."""


class LaneTaken(Retry):
    """Another function is calling this vendor resource, which takes one call at a time."""


class NoTurn(Retry):
    """The settings limit the calls, and this invocation ends before it could be its turn: nothing was
    sent."""


class Hold(SyncError):
    """A person must decide about this one record; retrying will not help."""


class RecordRejected(Hold):
    """The vendor refused the record for a definite reason, or says it does not exist. `named`: the native
    fields that it refused, where nothing was written and there is no other reason."""

    def __init__(self, reasons: Sequence[str] | str, named: Sequence[str] = ()) -> None:
        self.named = tuple(named)
        self.reasons = (reasons,) if isinstance(reasons, str) else tuple(reasons)
        super().__init__("; ".join(self.reasons))


class NotAllowed(RecordRejected):
    """The user may do this to other records of the kind, and not to this one."""


class NameTaken(RecordRejected):
    """The vendor takes a value only once, and another record has it. Nothing was written."""


class Halt(SyncError):
    """The whole connection cannot continue: pause its gate once, and tell a person."""


class BadCredentials(Halt):
    """The vendor refused the user, password, key or token."""


class MissingPermission(Halt):
    """The user may not do what the flow needs."""


class MissingField(Halt):
    """A field that the rules name does not exist at the vendor."""


class RuleInvalid(Halt):
    """A rule, flow or settings file is wrong. The message names file, line, field, value and what is
    allowed."""
