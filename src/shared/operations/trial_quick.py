"""A mapping step done twice at once, where the rules differ in nothing but how some fields are written.

Only what can decide about a record is read of it and written: plain texts that are written alike decide
nothing. What is told here is what the whole step would come to; where anything about a record is unusual,
nothing is told, and the whole step is done.
"""

from collections.abc import Mapping
from decimal import Decimal

from shared.mapping.check import unmet_condition
from shared.mapping.faults import FieldUnreadable, LinkMissing, RuleRefused
from shared.mapping.mandatory import filled
from shared.mapping.pricing import MADE, plain_worth
from shared.mapping.tax_codes import tax_name
from shared.operations.trial_compare import Changes
from shared.operations.trial_fields import used
from shared.operations.trial_same import Otherwise
from shared.operations.trial_step import NOTHING, Native, Step, coded, customer_of

Told = tuple[Decimal | None, str, Changes]
"""Of a record that goes: what it comes to under both rules, its currency, and what comes out differently."""

_REMEMBERED = 10_000


class Quick:
    """`step` is either of the two that are alike but for the fields of `otherwise`."""

    def __init__(self, step: Step, otherwise: Otherwise) -> None:
        flow = step.flow
        assert flow is not None
        self._step, self._otherwise, self._pricing = step, otherwise, flow.pricing
        self._fields = tuple(name if name in step.carried else "" for name in otherwise.names)
        header = frozenset(one for one in otherwise.required if not one.startswith("lines."))
        self._required = otherwise.required - (MADE if step.priced else NOTHING)
        names = step.needed | used(flow, NOTHING) | header | {*otherwise.names}
        risky = (step.carried - step.writer.harmless | step.carried & step.needed) - {"lines"}
        names |= risky
        self._read = step.reader.narrow(names) if step.reader.narrow is not None else step.reader.read
        self._risky, self._goes = tuple(sorted(risky)), dict[tuple[object, ...], bool]()
        self._rates = _written({tax_name(code): rate for code, rate in step.rates.items()}, step)
        self.able = (
            flow.figures is None
            and "lines" not in otherwise.names
            and header <= step.carried
            and not (step.priced and step.by_ledger)
            and {f"lines.{name}" for name in step.writer.line_fields}
            <= step.writer.harmless | {"lines.tax_code"}
        )

    def told(self, line: Native) -> Told | None:
        """Nothing where that takes the whole step."""
        step, values, references = self._step, line["values"], line.get("references", {})
        if unmet_condition(step.where, values) is not None:
            return None
        try:
            view = self._read(values, step.tables)
            step.rules.keep(view, references)
            parts = self._otherwise.parts(self._otherwise.values(view, self._fields))
        except (RuleRefused, FieldUnreadable, LinkMissing):
            return None
        if parts is None or not filled(self._required, view):
            return None
        if not self._may_go(tuple(map(view.get, self._risky))):
            return None
        worth = self._worth(line, view) if step.priced else None
        if step.priced and worth is None:
            return None
        return worth, str(view.get("currency") or ""), parts[2]

    def _worth(self, line: Native, view: Native) -> Decimal | None:
        assert self._pricing is not None
        return plain_worth(
            coded(line, view), self._pricing, self._rates, customer_of(line) or {}, line.get("items") or {}
        )

    def _may_go(self, values: tuple[object, ...]) -> bool:
        """Whether those fields can be written of which not all values can."""
        known = self._goes.get(values)
        if known is None:
            fields = dict(zip(self._risky, values, strict=True))
            known = self._step.takes({name: value for name, value in fields.items() if value is not None})
            if len(self._goes) < _REMEMBERED:
                self._goes[values] = known
        return known


def _written(rates: Mapping[str, Decimal], step: Step) -> dict[str, Decimal]:
    """Those of the tax codes that have a form in the lines of the other system."""
    return {code: rate for code, rate in rates.items() if step.takes({"lines": [{"tax_code": code}]})}
