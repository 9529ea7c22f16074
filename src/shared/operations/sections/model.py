"""A section as a form has it: lines of a name and what is said of it, or single keys."""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from shared.domain.record import record

Kind = Literal["table", "where", "closed", "line-where", "require", "constants", "line-constants", "prices"]
MOST_LINES = 300
"""So many lines are shown in a form; a longer table is edited as text."""
LONGEST = 2_000
"""Characters of one value."""


@record
class Line:
    """Of a table `name` is the native value and `values` ours; of a condition the native field, `how` the
    operator and `values` what it is compared with; of a fixed value the native field, `how` its type."""

    name: str
    how: str = ""
    values: tuple[str, ...] = ()


@record
class Section:
    """`id` names it in a form. `system`: whose file it stands in, "" for the flow's. `name`: of a table or of
    a requirement. `own`: the integration's own rules say something of it. `hidden`: what stands there and no
    form shows. `fields`: of ours, that go by it. `off`: a requirement that is shipped, and
    switched off here."""

    id: str
    kind: Kind
    system: str = ""
    name: str = ""
    lines: tuple[Line, ...] = ()
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: bool = False
    hidden: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    off: bool = False

    @property
    def too_long(self) -> bool:
        return len(self.lines) > MOST_LINES


@record
class Given:
    """What a form brings for a section, as it was entered."""

    lines: tuple[Line, ...] = ()
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def given(form: Mapping[str, tuple[str, ...]]) -> Given:
    """`row.N.name`, `row.N.how`, `row.N.value` (several), and `said.KEY` (several)."""
    lines = []
    for number in range(MOST_LINES + 100):
        name = form.get(f"row.{number}.name")
        if name is None:
            continue
        how = form.get(f"row.{number}.how", ("",))[0]
        values = tuple(one.strip()[:LONGEST] for one in form.get(f"row.{number}.value", ()) if one.strip())
        line = Line(name[0].strip()[:LONGEST], how, values)
        if line.name or line.values:
            lines.append(line)
    said = {
        key.removeprefix("said."): tuple(" ".join(one.split())[:LONGEST] for one in values if one.strip())
        for key, values in form.items()
        if key.startswith("said.")
    }
    return Given(tuple(lines), said)
