"""What one record is known by, in normal form, and as people see it."""

from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.record import record
from shared.sync.matching import keys
from shared.sync.matching.keys import Name, Vat

SHOWN = ("name", "full_name", "reference", "vat_number", "billing_postcode", "phone", "email", "billing_town")
"""Canonical fields that are kept as they are, so that people can tell two records apart."""


@record
class Facts:
    """`shown` is canonical field -> value as it stands in the record, blank ones left out. `account` is the
    native id of the customer that a person belongs to, "" for none."""

    id: str
    reference: str | None
    vat: Vat | None
    name: Name | None
    person: str | None
    postcode: str | None
    phone: str | None
    email: str | None
    account: str
    shown: Mapping[str, str]

    @property
    def label(self) -> str:
        return self.shown.get("name") or self.shown.get("full_name") or self.id


def facts_of(record_id: str, values: Mapping[str, Any], account: str = "", only: Sequence[str] = ()) -> Facts:
    """`values` are canonical. With `only`, of the strong keys and the name those that it names count."""
    shown = {name: str(values[name]) for name in SHOWN if values.get(name) not in (None, "")}
    return _facts(record_id, shown, values.get("billing_country"), account, only)


def _facts(
    record_id: str, shown: Mapping[str, str], country: object, account: str, only: Sequence[str]
) -> Facts:
    def value(name: str) -> str | None:
        return shown.get(name) if not only or name in only else None

    return Facts(
        record_id,
        keys.reference_key(value("reference")),
        keys.vat_key(value("vat_number"), country),
        keys.company_name(_own_name(value("name"), shown)),
        keys.person_name(value("full_name")),
        keys.postcode_key(shown.get("billing_postcode")),
        keys.phone_key(shown.get("phone")),
        keys.email_key(shown.get("email")),
        account,
        shown,
    )


def _own_name(name: str | None, shown: Mapping[str, str]) -> str | None:
    """Without the reference or the town that is put behind a name which a system takes only once."""
    for key in ("reference", "billing_town"):
        if name and shown.get(key) and name.endswith(f" ({shown[key]})"):
            return name.removesuffix(f" ({shown[key]})")
    return name
