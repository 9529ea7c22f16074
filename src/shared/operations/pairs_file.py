"""Look-alikes as a CSV file that a person fills in, and back again.

What comes back may have gone through a spreadsheet, or through anybody's hands: every cell is checked, and
what a spreadsheet would run as a formula is written so that it stays text."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

from shared.domain.record import record
from shared.operations.look_alikes import LookAlike
from shared.sync.matching.facts import Facts

_FORMULA = re.compile(r"'*[=+\-@\t\r\n|%]")
_SHOWN = ("name", "reference", "vat_number", "billing_postcode", "email")
_MOST_BYTES = 50_000_000
_ALLOWED = "same, different, or nothing"
Verdict = Literal["same", "different"]


class FileRefused(Exception):
    """Nothing of the file was taken. Each fault names file, line, column, value and what is allowed."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        shown, more = "\n".join(self.faults[:20]), len(self.faults) - 20
        super().__init__(f"{shown}\nand {more} more" if more > 0 else shown)


@record
class Line:
    """What one line says. `number` counts from 1, the header included."""

    number: int
    entity: str
    left: str
    right: str
    verdict: Verdict


def columns(systems: Sequence[str]) -> list[str]:
    told = [f"{system}_{name.removeprefix('billing_')}" for name in _SHOWN for system in systems]
    ids = [f"{system}_id" for system in systems]
    return ["entity", *ids, *told, "balance", "reason", "documents_waiting", "money_waiting", "decision"]


def written(pairs: Iterable[LookAlike], systems: Sequence[str]) -> str:
    """The text of the file; its last column is empty."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(columns(systems))
    for one in pairs:
        told = [_shown(side, name) for name in _SHOWN for side in (one.left, one.right)]
        row: list[Decimal | str] = [one.entity, one.left.id, one.right.id, *told, one.balance, one.reason]
        table.writerow([safe(cell) for cell in (*row, str(one.documents), money(one), "")])
    return out.getvalue()


def read(name: str, data: bytes, systems: Sequence[str]) -> list[Line]:
    """The lines that say something. Raises FileRefused with every fault of the file."""
    if len(data) > _MOST_BYTES:
        raise FileRefused([f"{name}: the file is larger than {_MOST_BYTES // 1_000_000} MB"])
    rows = _rows(name, _text(name, data))
    if not rows:
        raise FileRefused([f"{name}: the file is empty; `tieout preview --pairs FILE` writes one"])
    _, header = rows[0]
    wanted = ["entity", *(f"{system}_id" for system in systems), "decision"]
    missing = [column for column in wanted if header.count(column) != 1]
    if missing:
        raise FileRefused(
            [
                f"{name}, line 1: the column “{one}” must be there once; keep the first line as written"
                for one in missing
            ]
        )
    places, faults, found = [header.index(column) for column in wanted], list[str](), list[Line]()
    for number, row in rows[1:]:
        if not any(row):
            continue
        if len(row) != len(header):
            faults.append(f"{name}, line {number}: {len(row)} cells where {len(header)} are allowed")
            continue
        line = _line(name, number, [row[place].strip() for place in places], wanted, faults)
        found += [line] if line else []
    faults += _contradictions(name, found, systems)
    if faults:
        raise FileRefused(faults)
    return found


def money(one: LookAlike) -> str:
    """ "30.00 GBP", or several."""
    sums = [f"{_plain(amount)} {currency}".strip() for currency, amount in sorted(one.money.items())]
    return "; ".join(sums)


def _text(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise FileRefused(
            [f"{name}, line {line}: not UTF-8 text; save the file as “CSV UTF-8 (comma delimited)”"]
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise FileRefused([f"{name}, line {line}: a NUL character; only text is allowed"])
    return text


def _rows(name: str, text: str) -> list[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    table = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows, start = list[tuple[int, list[str]]](), 1
    try:
        for row in table:
            rows.append((start, [_bare(cell) for cell in row]))
            start = table.line_num + 1
    except csv.Error as fault:
        raise FileRefused([f"{name}, line {start}: not readable as CSV ({fault})"]) from None
    return rows


def _line(
    name: str, number: int, cells: Sequence[str], wanted: Sequence[str], faults: list[str]
) -> Line | None:
    entity, left, right, decision = cells
    verdict = decision.casefold()
    if not verdict:
        return None
    for column, value in zip(wanted[:3], cells, strict=False):
        if not value:
            faults.append(f"{name}, line {number}, column {column}: empty; allowed is what was written there")
            return None
    if verdict == "same":
        return Line(number, entity, left, right, "same")
    if verdict == "different":
        return Line(number, entity, left, right, "different")
    faults.append(f"{name}, line {number}, column decision: “{_short(decision)}”; allowed: {_ALLOWED}")
    return None


def _contradictions(name: str, lines: Sequence[Line], systems: Sequence[str]) -> list[str]:
    faults, said, same = list[str](), dict[tuple[str, str, str], Line](), dict[tuple[str, str, str], Line]()
    for one in lines:
        pair = (one.entity, one.left, one.right)
        before = said.setdefault(pair, one)
        if before.verdict != one.verdict:
            faults.append(
                f"{name}, line {one.number}, column decision: “{one.verdict}”, and line {before.number} says "
                f"“{before.verdict}” of the same two; allowed is one of them"
            )
        for system, record_id in (
            zip(systems, (one.left, one.right), strict=True) if one.verdict == "same" else ()
        ):
            other = same.setdefault((one.entity, system, record_id), one)
            if (other.left, other.right) != (one.left, one.right):
                faults.append(
                    f"{name}, line {one.number}, column {system}_id: “{_short(record_id)}” is the same as "
                    f"another record in line {other.number}; allowed is one “same” for each record"
                )
    return faults


def _shown(side: Facts, name: str) -> str:
    return side.label if name == "name" else side.shown.get(name, "")


def safe(cell: Decimal | str) -> str:
    """An amount is a number, also below zero: as text, a sum over its column would leave it out."""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _plain(amount: Decimal) -> str:
    return f"{amount:.2f}" if amount == round(amount, 2) else format(amount, "f")


def _short(value: str) -> str:
    return value if len(value) <= 60 else value[:59] + "…"
