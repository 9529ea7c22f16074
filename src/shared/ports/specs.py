"""What a rule file tells a connector: how one system names the parts of one entity, and which of its records
are included."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from shared.domain.record import record


@record
class Condition:
    """One line of a poll filter. `blank` means NULL or the empty string."""

    field: str
    op: Literal["equals", "not_equals", "in", "blank", "not_blank", "gt", "gte", "lt", "lte"]
    value: str | tuple[str, ...] | None = None


@record
class Related:
    """A record (or list of records) reached through a link, and read in the same call where the API allows
    it.

    Its values appear in a snapshot as `name.field`, or, with `many`, as a list of dicts under `name`.
    """

    name: str
    link: str
    object: str
    id_field: str | None
    fields: tuple[str, ...]
    many: bool = False


@record
class ObjectSpec:
    """How one system names the parts of one entity, compiled from `systems/<system>/<entity>.toml`.

    `fields` are the native paths that are mapped, filtered on or compared. `key_path` is the native field
    that holds our key; `natural_path` the field that names the record to people (an account reference), if
    any.
    """

    system: str
    entity: str
    object: str
    id_path: str
    version_path: str | None
    fields: tuple[str, ...]
    related: tuple[Related, ...] = ()
    poll_mode: Literal["cursor", "worklist", "none"] = "none"
    where: tuple[Condition, ...] = ()
    key_path: str | None = None
    natural_path: str | None = None
    number_path: str | None = None
    label_paths: tuple[str, ...] = ()
    page_size: int = 100
    whole: bool = False
    """Whether a search must give every one of `fields`, even those that its rows lack: at one more read for
    each record found, where the vendor keeps them in single reads only."""
    witness: tuple[str, ...] = ()
    """Native fields by which a record made by us is recognised, where the system can neither keep our key nor
    search for it."""
    watched: bool = False
    """Whether records that left the worklist because their number was filled in are listed when they change:
    from the time on that the cursor holds, deletions included where the list has them."""
    optional: bool = False
    """Whether all that is mapped are fields that an installation may lack: `System.lacks` names those."""
    entered_path: str | None = None
    """The native field that says when the record was entered."""
    closed: tuple[Condition, ...] = ()
    """Native conditions, any of which says that a record is done with for good."""
    archive: Mapping[str, Any] = field(default_factory=dict)
    """Native values that put a record out of use; empty if the system has no such state."""
    deletable: bool = False
    """Whether such a record may be deleted for good: the system `Removes` then."""
    line_fields: tuple[str, ...] = ()
    """What is mapped of each line, by its name there."""

    @property
    def numbered(self) -> Condition | None:
        """The condition that records are listed only while their number is blank."""
        return next((one for one in self.where if one.op == "blank" and one.field == self.number_path), None)

    def label(self, values: Mapping[str, Any]) -> str:
        """What people call a record with these values; blank if they do not say."""
        return " ".join(str(values[path]) for path in self.label_paths if values.get(path))
