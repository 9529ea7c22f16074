"""The vocabulary of canonical fields: what kinds of value there are, and the base of all entities.

Entities are read by the rule compiler for names and types; records themselves stay plain dicts at run time.
"""

from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

Text = str | None
Number = Decimal | None
Whole = int | None
Flag = bool | None
Day = date | None
Moment = datetime | None


class Entity(BaseModel):
    """Every field may be blank (None): whether it must be filled is a rule of the flow, not of the entity."""

    model_config = ConfigDict(extra="forbid", defer_build=True)
