"""Findings of `check`: sign-in, version, rights, fields, and what this installation cannot do."""

from collections.abc import Iterator, Sequence
from typing import Literal

from shared.domain.wording import words
from shared.errors import SyncError
from shared.ports import Finding, ObjectSpec
from shared.systems.vtiger import language
from shared.systems.vtiger.api import Api, User
from shared.systems.vtiger.deletions import Deletions
from shared.systems.vtiger.documents import refuses_lines
from shared.systems.vtiger.faults import Denied
from shared.systems.vtiger.modules import ITEMS, LINES, Module, Modules, labels_of, paths_of
from shared.systems.vtiger.owner import Owner
from shared.systems.vtiger.reader import Raw, Reader
from shared.systems.vtiger.reference import Reference
from shared.systems.vtiger.values import native, plain
from shared.systems.vtiger.zones import USUAL, known

_LEAST_DECIMALS, _GOOD_DECIMALS = 2, 5
_DECIMALS, _CURRENCY = "no_of_currency_decimals", "currency_id"


class Checks:
    def __init__(
        self,
        api: Api,
        modules: Modules,
        reader: Reader,
        reference: Reference,
        deletions: Deletions,
        owner: Owner,
        line_writes: str,
    ) -> None:
        self._api, self._modules, self._reader, self._reference = api, modules, reader, reference
        self._deletions, self._owner, self._line_writes = deletions, owner, line_writes

    def findings(self, specs: Sequence[ObjectSpec]) -> Iterator[Finding]:
        """Never raises."""
        try:
            self._api.sign_in()
            user = self._api.me()
        except SyncError as fault:
            yield Finding("error", "sign-in", str(fault))
            return
        where = "Vtiger's cloud" if self._api.cloud else f"Vtiger {user.version or 'of unknown version'}"
        yield Finding("ok", "sign-in", f"Signed in to {where} as {user.name} ({user.id}).")
        yield from _reported("rights", self._rights(user))
        for spec in specs:
            yield from _reported(spec.object, self._module(spec))
        if any(spec.object in ITEMS or LINES in paths_of(spec) for spec in specs):
            yield from _reported("taxes", self._taxes())
        yield from _reported("owner", self._owners())
        yield from _reported("deletions", self._sync())
        if any(LINES in paths_of(spec) for spec in specs):
            yield self._lines(user)

    def _rights(self, user: User) -> Iterator[Finding]:
        if not user.admin:
            yield Finding(
                "warning",
                "rights",
                f"{user.name} is not an administrator: records that the sharing rules hide from "
                "this user look deleted to Tieout. Make the integration's user an administrator in Vtiger.",
            )
        if user.zone and known(user.zone) is None:
            yield Finding(
                "warning",
                "time zone",
                f"Nobody knows the time zone “{user.zone}” of {user.name}: days of orders are those of "
                f"{USUAL}. Set 'Time Zone' in that user's My Preferences.",
            )
        said = self._preferences(user)
        decimals = user.decimals or said[_DECIMALS]
        if decimals.isdigit() and int(decimals) < _GOOD_DECIMALS:
            level: Literal["error", "warning"] = "error" if int(decimals) < _LEAST_DECIMALS else "warning"
            yield Finding(
                level,
                "currency decimals",
                f"Vtiger rounds every price that {user.name} sends to {decimals} currency decimals: set "
                "'Number Of Currency Decimals' to 5 in that user's My Preferences.",
            )

        yield from self._currency(user, user.currency or said[_CURRENCY])

    def _currency(self, user: User, own: str) -> Iterator[Finding]:
        """The cloud may tell the id without its prefix."""
        base = self._reference.base_currency()
        prefix, _, number = native(base.get("id")).partition("x")
        if own and base and own.rpartition("x")[2] != number:
            theirs = self._reference.currency_code(f"{prefix}x{own.rpartition('x')[2]}") or "another currency"
            wanted = native(base.get("currency_code")).upper() or "the company's own"
            yield Finding(
                "error",
                "currency",
                f"Vtiger takes amounts that {user.name} sends for {theirs}, and stores others than those: "
                f"set 'Currency' to {wanted} in that user's My Preferences.",
            )

    def _preferences(self, user: User) -> dict[str, str]:
        """ "" for what the user may not see."""
        columns, rows = (_DECIMALS, _CURRENCY), list[Raw]()
        if not (user.decimals and user.currency):
            try:
                rows = self._reader.query(
                    language.select(["id", *columns], "Users", [language.is_one_of("id", [user.id])])
                )
            except SyncError:
                rows = []
        return {name: native(rows[0].get(name)) if rows else "" for name in columns}

    def _module(self, spec: ObjectSpec) -> Iterator[Finding]:
        try:
            module = self._modules.fresh(spec.object)
        except Denied as fault:
            yield Finding(
                "error",
                spec.object,
                f"Vtiger shows no module {spec.object} to the integration's user: check the "
                f"name (capital letters matter) and the user's profile. {fault}",
            )
            return
        wrong = [
            path
            for path in paths_of(spec)
            if not path.startswith("@") and not module.virtual(path) and path not in module.fields
        ]
        for path in wrong:
            yield Finding(
                "error",
                f"{spec.object}.{path}",
                f"Vtiger's module {spec.object} has no field '{path}', which "
                f'systems/vtiger/{spec.entity}.toml names. Correct the name there, or write "@Label" to '
                "refer to a custom field by its label.",
            )
        lacking = [path for path in labels_of(spec) if module.resolve(path) is None]
        if spec.optional and lacking:
            subject = f"{spec.object}: {words(spec.entity)}"
            yield Finding("warning", subject, _how_to_make_all(module, words(spec.entity), lacking))
        for path in [] if spec.optional else lacking:
            yield Finding("warning", f"{spec.object}.{path}", _how_to_make(module, path[1:]))
        if not module.retrieveable:
            yield Finding(
                "error",
                spec.object,
                f"The integration's user may not read {module.label}: change the user's profile.",
            )
        elif not (module.createable and module.updateable):
            yield Finding(
                "warning",
                spec.object,
                f"The integration's user may read {module.label} but not write to them. That is "
                "enough if nothing is written there; otherwise change the user's profile.",
            )
        elif not wrong:
            yield Finding(
                "ok",
                spec.object,
                f"All fields named in the rules for “{words(spec.entity)}” exist in {module.label}.",
            )

    def _taxes(self) -> Iterator[Finding]:
        preferred = self._reference.preferred()
        if preferred is None:
            yield Finding(
                "error",
                "taxes",
                "Vtiger has no active tax of the method Simple: add one under Settings > Tax Calculations.",
            )
            return
        shown = ", ".join(f"{tax.label} {plain(tax.rate)} %" for tax in self._reference.taxes())
        yield Finding(
            "ok",
            "taxes",
            f"Active taxes: {shown}. A rate that none of them has goes to {preferred.label}; the "
            "setting tax can name another.",
        )

    def _owners(self) -> Iterator[Finding]:
        yield Finding("ok", "owner", f"New records will belong to {self._owner.id()}.")

    def _sync(self) -> Iterator[Finding]:
        if self._deletions.try_it():
            yield Finding(
                "ok",
                "deletions",
                "Vtiger reports deleted records (sync), and they are found within the hour. If the server "
                "reports only those of its own user, the daily sweep finds the rest.",
            )
            return
        yield Finding(
            "warning",
            "deletions",
            "This server does not report deleted records (sync fails, as it does on PHP 8, "
            "or is switched off in the settings): the daily sweep finds them instead.",
        )

    def _lines(self, user: User) -> Finding:
        reason = refuses_lines(user.version, self._api.cloud, self._line_writes)
        if reason:
            return Finding("warning", "invoice lines", f"{reason[0].upper()}{reason[1:]}.")
        return Finding("ok", "invoice lines", "Invoices can be written with their lines.")


def _reported(subject: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """A fault along the way is also a finding."""
    try:
        yield from findings
    except SyncError as fault:
        yield Finding("error", subject, str(fault))


def _how_to_make_all(module: Module, what: str, lacking: list[str]) -> str:
    """Fields that an installation may do without, all in one."""
    named = ", ".join(f"“{path[1:]}”" for path in lacking)
    fields = "field" if len(lacking) == 1 else "fields"
    return (
        f"{module.label} have no {fields} labelled {named}: left out of the {what}. To add those that you "
        f"want: Vtiger's Settings > Module Management > Module Layouts & Fields > {module.label} > Add "
        "Custom Field, under these labels; type Currency for amounts, Checkbox for yes or no, else Text."
    )


def _how_to_make(module: Module, label: str) -> str:
    return (
        f"{module.label} have no field labelled “{label}”, so it is left out. To add it: Vtiger's Settings > "
        f"Module Management > Module Layouts & Fields > {module.label} > Add Custom Field, type Text, length "
        f"100, label “{label}”."
    )
