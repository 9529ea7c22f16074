"""A right that is refused for one record: is it this record alone, or everything in its module?

Roles and security groups give rights by record (View: Owner). A call that names such a record is refused as
if the user had no right at all, and only the rights of the user tell which it is. Both APIs say them as for
a record of the user's own, so what is denied there is denied for all.
"""

from shared.errors import MissingPermission, NotAllowed, SyncError


class NoRight(MissingPermission):
    """Refused where a record was named; until it is known better, a fault of the whole connection."""

    def __init__(self, said: str, advice: str) -> None:
        super().__init__(f"{said}. {advice}")
        self.said = said


def judged(
    fault: NoRight, module: str, action: str, which: str = "this one", *, everywhere: bool
) -> SyncError:
    """`everywhere`: the user may do this to no record of the module."""
    if everywhere:
        return fault
    return NotAllowed(
        f"{fault.said}. The integration's user may {action} other records of {module}, but not {which}: "
        f"give its role the right to {action} all of them, or make it the owner of this one"
    )
