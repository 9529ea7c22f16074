"""The ledger's tax code of each line that is written there, taken from its own records of item and customer.

What those records show was loaded with the links of the lines; nothing more is read from the ledger.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from shared.mapping.line_codes import code_of
from shared.mapping.tax_periods import valid_on
from shared.ports import Values
from shared.sync.engine.context import Context
from shared.sync.engine.job import Job
from shared.sync.engine.references import learn_links

_CODE_OF = {"product": "tax_rate", "service": "tax_rate", "account": "tax_code"}
"""Entity -> its field that is a tax code in the ledger."""


def coded_lines(
    ctx: Context,
    job: Job,
    system: str,
    record: Mapping[str, Any],
    native: Values,
    kept: Sequence[bool] = (),
) -> Values:
    """`native` with a code for every line in it, but for those that keep their own (`kept`); `record` is
    canonical and whole. What only a rate decided is added to the notes. Raises RuleRefused where the ledger
    has no code of a line's rate on that day."""
    object_map, figures = ctx.map(job.event.entity, system), job.flow.figures
    path = object_map.native_paths.get("lines", ("",))[0]
    written = native.get(path)
    if figures is None or not object_map.line_tax or not isinstance(written, list):
        return native
    day = record.get("invoice_date")
    valid = valid_on(ctx.tables.periods(system), day)
    rows = []
    for number, (line, row) in enumerate(zip(record["lines"], written, strict=True), 1):
        if kept and kept[number - 1]:
            rows.append(row)
            continue
        rate = line.get("tax_rate") or Decimal(0)
        own = _candidates(ctx, job, system, record, line)
        code, said = code_of(number, rate, valid, own, system, day)
        job.done.note([said] if said else [])
        rows.append({**row, object_map.line_tax: code})
    return {**native, path: rows}


def _candidates(
    ctx: Context, job: Job, system: str, record: Mapping[str, Any], line: Mapping[str, Any]
) -> Iterator[str]:
    """Codes in the flow's order, each looked up only when those before it do not fit."""
    figures = job.flow.figures
    assert figures is not None
    for whose in figures.codes:
        if whose == "flow":
            yield from figures.tax_codes
        else:
            yield from _own_codes(ctx, job, system, line if whose == "item" else record, whose == "item")


def _own_codes(
    ctx: Context, job: Job, system: str, holder: Mapping[str, Any], of_line: bool
) -> Iterator[str]:
    for one in ctx.map(job.event.entity, system).links:
        link, field = holder.get(one.field), _CODE_OF.get(one.entity)
        if bool(one.lines) != of_line or link is None or field is None or one.entity not in ctx.flow.entities:
            continue
        learn_links(ctx, ctx.map(job.event.entity, system), [{one.field: link}] if not of_line else [])
        paths = ctx.map(one.entity, system).native_paths.get(field, ())
        code = ctx.book.seen.get((system, link), {}).get(paths[0]) if paths else None
        if code:
            yield str(code)
