"""Findings of `check`: sign-in, resources, fields, owner and branch."""

from collections.abc import Iterator, Sequence

from shared.domain.wording import words
from shared.errors import RecordRejected, SyncError
from shared.ports import Finding, ObjectSpec
from shared.systems.sage_sales_management.api import Api
from shared.systems.sage_sales_management.fields import Fields
from shared.systems.sage_sales_management.labels import Labels
from shared.systems.sage_sales_management.owner import Owner
from shared.systems.sage_sales_management.resources import LINES, PICTURE, resource_of


class Checks:
    def __init__(self, api: Api, fields: Fields, labels: Labels, owner: Owner) -> None:
        self._api, self._fields, self._labels, self._owner = api, fields, labels, owner

    def findings(self, specs: Sequence[ObjectSpec]) -> Iterator[Finding]:
        """Never raises."""
        try:
            self._api.sign_in()
        except SyncError as fault:
            yield Finding("error", "sign-in", str(fault))
            return
        yield Finding("ok", "sign-in", "Signed in to Sage Sales Management.")
        for spec in specs:
            yield from _reported(spec.object, self._object(spec))
        owned = [one for one in (resource_of(spec.object) for spec in specs) if one.owner]
        if owned:
            yield from _reported("owner", self._owners())
        if any(one.branch for one in owned):
            yield from _reported("branch", self._branches())

    def _object(self, spec: ObjectSpec) -> Iterator[Finding]:
        known = self._fields.fresh(resource_of(spec.object).path)
        named = list(
            dict.fromkeys(path.partition("/")[0] for path in spec.fields if path not in (LINES, PICTURE))
        )
        wrong = [name for name in named if name not in known and not name.startswith("Z_")]
        for name in wrong:
            yield Finding(
                "error",
                f"{spec.object}.{name}",
                f"Sage Sales Management's {spec.object} have no field '{name}', which "
                f"systems/sage_sales_management/{spec.entity}.toml names. Correct the name there.",
            )
        lacking = [one for one in named if one.startswith("Z_") and one not in known]
        if lacking:
            subject = f"{spec.object}: {words(spec.entity)}"
            yield Finding("warning", subject, _how_to_make(spec.object, lacking))
        yield from self._missing_labels(spec)
        if not wrong:
            yield Finding(
                "ok",
                spec.object,
                f"All fields named in the rules for “{words(spec.entity)}” exist in Sage Sales Management.",
            )

    def _missing_labels(self, spec: ObjectSpec) -> Iterator[Finding]:
        """Labels that the rules look for or write, and that the tenant's lists do not have."""
        known = self._fields.of(resource_of(spec.object).path)
        wanted = [*spec.archive.items(), *((one.field, one.value) for one in spec.where)]
        for path, label in wanted:
            name, _, by_label = path.partition("/")
            if not by_label or name not in known or not isinstance(label, str):
                continue
            try:
                self._labels.id_of(known[name].table, label)
            except RecordRejected as fault:
                yield Finding("warning", f"{spec.object}.{name}", f"{fault}.")

    def _owners(self) -> Iterator[Finding]:
        yield Finding("ok", "owner", f"New records will belong to user {self._owner.user()}.")

    def _branches(self) -> Iterator[Finding]:
        name = self._labels.fresh("branches")[self._owner.branch()]
        yield Finding("ok", "branch", f"New records will belong to the branch {name[0]}.")


def _reported(subject: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """A fault along the way is also a finding."""
    try:
        yield from findings
    except SyncError as fault:
        yield Finding("error", subject, str(fault))


def _how_to_make(object_name: str, names: Sequence[str]) -> str:
    named = ", ".join(f"'{name}'" for name in names)
    fields = "field" if len(names) == 1 else "fields"
    return (
        f"Sage Sales Management's {object_name} have no additional {fields} {named}: left out. An "
        f"administrator can add what you want to the form of {object_name}; capital letters matter."
    )
