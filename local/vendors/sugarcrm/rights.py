"""What a role lets a user do: to every record, to those assigned to the user only, or to none.

Both APIs tell the rights as for a record of the user's own: what is given for these alone is not told apart.
"""

from local.vendors.sugarcrm.database import Row
from local.vendors.sugarcrm.options import SugarUser


def may(user: SugarUser, action: str, row: Row | None = None) -> bool:
    """`row` is the record, None for the module as a whole."""
    if action in user.denied or (action == "edit" and not user.may_write):
        return False
    if row is None or action not in user.own_only or "assigned_user_id" not in row:
        return True
    return bool(row["assigned_user_id"] == user.id)
