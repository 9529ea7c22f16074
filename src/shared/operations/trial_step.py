"""The mapping step of one entity, one way, under one flow: native values of one system to those of the other.

As the engine would do it for a new record, but for what is no mapping: a reference leads to whatever it led
to, and the records that were looked up are those that the archive names. Pure.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shared.domain.outcomes import by_flow
from shared.domain.titles import title
from shared.domain.wording import words
from shared.mapping.as_itself import AS_ITSELF
from shared.mapping.check import price, unmet_condition
from shared.mapping.faults import FieldUnreadable, LinkMissing, RuleRefused
from shared.mapping.figures import settle, total
from shared.mapping.mandatory import PRICED_THERE, refuse_empty
from shared.mapping.model import Flow
from shared.mapping.readable import needed, read_readable, write_writable
from shared.mapping.signs import refuse_credit, refuse_negative_lines
from shared.operations.trial_fields import carried, deciding
from shared.operations.trial_rules import Rules

Native = Mapping[str, Any]
NOTHING: frozenset[str] = frozenset()


class Came:
    """What a record came to: `kind` sent (with its native `values`), skipped or held (`why`, and the `field`
    that decided). `total`: what it is worth, tax included, where that can be told."""

    __slots__ = ("currency", "field", "kind", "total", "values", "view", "why")

    def __init__(self, kind: str, view: Native, values: Native, why: str = "", field: str = "") -> None:
        self.kind, self.view, self.values, self.why, self.field = kind, view, values, why, field
        self.total: Decimal | None = None
        self.currency = str(view.get("currency") or "")


class Made:
    """A record that nothing stood against: what was read, what of it goes over, and what it is worth."""

    __slots__ = ("fields", "view", "worth")

    def __init__(self, view: Native, fields: dict[str, Any], worth: Decimal | None) -> None:
        self.view, self.fields, self.worth = view, fields, worth


def refused(view: Native, no: RuleRefused | FieldUnreadable | LinkMissing) -> Came:
    held = isinstance(no, RuleRefused) and no.held
    return Came("held" if held else "skipped", view, {}, str(no), no.field)


def sent(made: Made, values: Native) -> Came:
    came = Came("sent", made.view, values)
    came.total, came.currency = made.worth, str(made.fields.get("currency") or came.currency)
    return came


class Step:
    """`tables`: system -> its reference tables."""

    decides = NOTHING
    """Fields without which nobody can say what becomes of a record."""

    def __init__(
        self, flow: Flow, entity: str, source: str, target: str, tables: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self.entity, self.source, self.target = entity, source, target
        made = flow.entities.get(entity)
        taken = made is not None and not made.lookup_only and made.direction in ("both", f"from {source}")
        self.flow = made if taken else None
        self.off = made is None or made.off
        self._sage = target == flow.sage
        self._titles = title(target), words(entity)
        if self.flow is None:
            return
        # A reference differs where the rules take it from another field, not for what it leads to.
        links = {f"{way}.{name}": AS_ITSELF for name in flow.entities for way in ("link", "native")}
        self.reader, self.writer = self.flow.maps[source], self.flow.maps[target]
        self.tables, self._to = {**tables[source], **links}, {**tables[target], **links, "now": {}}
        self.rates = tables[target].get("tax_codes", {})
        self.needed = needed(self.flow, target)
        self.decides = deciding(self.reader, self.writer, self.needed)
        self.carried = carried(self.flow, source, target)
        self.where = tuple(one for one in self.reader.spec.where if one != self.reader.spec.numbered)
        asked = [one for one in self.flow.requirements if one.source != target]
        self.rules = Rules(self.flow, asked)
        self.priced = self.flow.pricing is not None and self._sage
        self.by_ledger = self.flow.pricing is not None and self.flow.pricing.by != "document"

    def view(self, values: Native) -> dict[str, Any]:
        """Raises FieldUnreadable."""
        return read_readable(self.reader, values, self.tables, self.needed)[0]

    def came(self, line: Native, unknown: frozenset[str] = NOTHING, known: Native | None = None) -> Came:
        """`unknown`: canonical fields that were not fetched then, none of those that decide; `known`: the
        view that stands in for them."""
        made = self.made(line, unknown, known)
        return made if isinstance(made, Came) else self.sent(made)

    def made(
        self, line: Native, unknown: frozenset[str] = NOTHING, known: Native | None = None
    ) -> Made | Came:
        """Everything up to the moment when it is written down in the words of the other system."""
        if self.flow is None:
            return Came("skipped", {}, {}, self._not_taken(str(line["id"])))
        view: dict[str, Any] = {}
        try:
            unmet = unmet_condition(self.where, line["values"])
            if unmet is not None:
                return self._filtered(unmet, line["values"])
            view = self.view(line["values"])
            if unknown:
                view = filled(view, unknown, known or {})
            references: Mapping[str, Any] = line.get("references", {})
            self.rules.keep(view, references)
            fields = {name: view[name] for name in self.carried if name in view}
            return Made(view, fields, self.figures(line, view, fields))
        except (RuleRefused, FieldUnreadable, LinkMissing) as no:
            return refused(view, no)

    def sent(self, made: Made) -> Came:
        """The native values that the other system would get."""
        try:
            self._refuse_empty(made)
            values, _ = write_writable(self._write, made.fields, self.needed)
        except (RuleRefused, FieldUnreadable, LinkMissing) as no:
            return refused(made.view, no)
        return sent(made, values)

    def complete(self, made: Made) -> bool:
        """Whether nothing that the other system cannot do without is blank."""
        try:
            self._refuse_empty(made)
        except RuleRefused:
            return False
        return True

    def part(self, fields: Native) -> Native | None:
        """What the other system would get of these fields, besides what every new record gets; None where the
        record would not go as it is."""
        try:
            return self.writer.write(fields, self._to, [], creating=True)
        except (RuleRefused, FieldUnreadable, LinkMissing):
            return None

    def written(self, fields: Native) -> dict[str, Any]:
        """These fields in the words of the other system. Raises FieldUnreadable, LinkMissing."""
        return self._write(fields)

    def takes(self, fields: Native) -> bool:
        """Whether a record with these fields is not stopped by their having no form in the other system."""
        try:
            write_writable(self._write, fields, self.needed)
        except (RuleRefused, FieldUnreadable, LinkMissing):
            return False
        return True

    def _refuse_empty(self, made: Made) -> None:
        refuse_empty(self.writer, made.fields, True, PRICED_THERE if self.by_ledger else NOTHING)

    def _write(self, fields: Native) -> dict[str, Any]:
        return self.writer.write(fields, self._to, [], creating=True)

    def figures(self, line: Native, view: Native, fields: dict[str, Any]) -> Decimal | None:
        """Lines in the terms of the other system, put into `fields`; what they come to. Raises
        RuleRefused."""
        flow, worth = self.flow, None
        assert flow is not None
        if self.priced and not self.by_ledger:
            worth = self._price(line, view, fields)
        if flow.figures is not None:
            record = {**view, **fields, "lines": fields.get("lines", [])}
            record[flow.figures.total] = view.get(flow.figures.total)
            lines = settle(record, flow.figures, self.source, self.target, self._sage)
            self._signs(lines)
            worth = total(lines, record.get("shipping"), self._sage)
            if "lines" in fields:
                fields["lines"] = lines
        return worth

    def _price(self, line: Native, view: Native, fields: dict[str, Any]) -> Decimal:
        assert self.flow is not None and self.flow.pricing is not None
        view = coded(line, view)
        customer = customer_of(line)
        priced, _ = price(view, self.flow.pricing, self.rates, customer, line.get("items"))
        fields["lines"] = priced["lines"]
        self._signs(priced["lines"])
        worth = Decimal(0)
        for one in priced["lines"]:
            worth += (one.get("net") or 0) + (one.get("tax") or 0)
        refuse_credit(worth, "amount", self._titles[0])
        return worth

    def _signs(self, lines: list[dict[str, Any]]) -> None:
        if not self.writer.negative_lines:
            refuse_negative_lines(lines, *self._titles)

    def _filtered(self, unmet: Any, values: Native) -> Came:
        paths = self.reader.native_paths
        called = next((words(name) for name, own in sorted(paths.items()) if own == (unmet.field,)), "")
        outcome = by_flow.filtered(unmet.field, unmet.op, unmet.value, values.get(unmet.field), called)
        return Came("skipped", {}, {}, outcome.reason, unmet.field)

    def _not_taken(self, record_id: str) -> str:
        if self.off:
            return by_flow.switched_off(self.entity).reason
        return by_flow.wrong_way(self.entity, self.source, record_id).reason


def filled(view: dict[str, Any], unknown: frozenset[str], known: Native) -> dict[str, Any]:
    """What was not fetched is as it is under the rules that it was fetched for, or not there."""
    made = {name: value for name, value in view.items() if name not in unknown}
    made |= {name: known[name] for name in unknown if name in known}
    inner = {name.removeprefix("lines.") for name in unknown if name.startswith("lines.")}
    if inner and made.get("lines"):
        rows = known.get("lines") or []
        made["lines"] = [
            _row(row, inner, rows[number] if number < len(rows) else {})
            for number, row in enumerate(made["lines"])
        ]
    return made


def _row(row: Native, unknown: set[str], known: Native) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in unknown}
    return kept | {name: known[name] for name in unknown if name in known}


def customer_of(line: Native) -> Native | None:
    """The record on the ledger that this one was made for, as the archive has it."""
    return next(iter(line.get("references", {}).values()), None)


def coded(line: Native, view: Native) -> Native:
    """The view, its lines with the ledger's code of the item that each refers to, where it states none."""
    codes = line.get("codes")
    if codes and view.get("lines"):
        return {**view, "lines": [_coded(one, codes) for one in view["lines"]]}
    return view


def _coded(line: Native, codes: Mapping[str, str]) -> dict[str, Any]:
    item = str(line.get("product") or line.get("service") or "")
    code = "" if line.get("sku") else codes.get(item, "")
    return {**line, "sku": code} if code else dict(line)
