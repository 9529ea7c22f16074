"""What the vendor requires of a new record and the rules need not say: the responsible user and the
branch."""

from collections.abc import Mapping

from shared.errors import Halt
from shared.systems.sage_sales_management.labels import Labels
from shared.systems.sage_sales_management.language import equals, is_id
from shared.systems.sage_sales_management.reader import Reader, is_number
from shared.systems.sage_sales_management.resources import Resource
from shared.systems.sage_sales_management.values import folded, is_deleted, record_id


class Owner:
    """Options `owner` (a user's e-mail address or id) and `branch` (its name or id)."""

    def __init__(self, reader: Reader, labels: Labels, options: Mapping[str, str]) -> None:
        self._reader, self._labels = reader, labels
        self._owner, self._branch = options.get("owner", "").strip(), options.get("branch", "").strip()
        self._user = ""

    def missing(self, resource: Resource, element: Mapping[str, object]) -> dict[str, int | str]:
        """What a create must be given besides. Raises Halt where the settings do not say it."""
        made: dict[str, int | str] = {name: "" for name in resource.blanks if element.get(name) is None}
        if resource.owner and not element.get(resource.owner):
            made[resource.owner] = int(self.user())
        if resource.branch and not element.get("branchId"):
            made["branchId"] = int(self.branch())
        return made

    def user(self) -> str:
        """The id of the user to whom new records belong."""
        self._user = self._user or self._found()
        return self._user

    def _found(self) -> str:
        if not self._owner:
            raise Halt(
                "the setting owner of Sage Sales Management is missing: write the e-mail address of the "
                "user to whom new records belong"
            )
        condition = is_id("id", self._owner) if is_number(self._owner) else equals("email", self._owner)
        rows = [row for row in self._reader.matching("users", [condition]) if not is_deleted(row)]
        same = [row for row in rows if folded(self._owner) in (folded(row.get("email")), record_id(row))]
        active = [row for row in same if row.get("isActive") is not False]
        if len(active) != 1:
            how = "no active user" if not active else f"{len(active)} active users"
            raise Halt(
                f"the setting owner of Sage Sales Management is '{self._owner}', and {how} there have that "
                "address or id: correct it"
            )
        return record_id(active[0])

    def branch(self) -> str:
        known = self._labels.of("branches")
        if self._branch in known:
            return self._branch
        if self._branch:
            return self._labels.id_of("branches", self._branch)
        if len(known) == 1:
            return next(iter(known))
        names = ", ".join(labels[0] for labels in known.values() if labels)
        raise Halt(
            "the setting branch of Sage Sales Management is missing, and there is not just one: write one "
            f"of {names}"
        )
