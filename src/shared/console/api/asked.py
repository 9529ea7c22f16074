"""What may be asked of an address of the API, and be sent to it."""

from shared.domain.record import record
from shared.settings import ENTITIES

KNOWN = (*ENTITIES, "credit_position")


@record
class Asked:
    """A parameter of the query, or a field of the form. `many`: it may be there several times."""

    name: str
    says: str
    choices: tuple[str, ...] = ()
    day: bool = False
    needed: bool = False
    many: bool = False


RECORD = (
    Asked("system", "The system that the id is of, as `sugarcrm`.", needed=True),
    Asked("entity", "The kind of record.", KNOWN, needed=True),
    Asked("record", "Its id there.", needed=True),
)
