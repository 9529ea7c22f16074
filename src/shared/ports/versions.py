"""Versions of an integration's settings: what was in force, since when, and who made it so."""

from datetime import datetime

from shared.domain.record import record

KEPT = 50
"""The newest versions of an integration that are kept. By number and not by age, so that there is always one
to go back to."""


@record
class Version:
    """One version. `text` is a settings file with the rules in it, as `tieout connect --settings` takes one,
    and holds no secret. `digest` is made of it; `why` says in a few words what made it."""

    at: datetime
    by: str
    digest: str
    text: str
    why: str = ""

    @property
    def id(self) -> str:
        """Names it within its integration; the later, the greater."""
        return f"{self.at:%Y%m%dT%H%M%S%f}-{self.digest}"
