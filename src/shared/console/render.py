"""Templates to HTML. Everything that is put into one is escaped, and a name that is missing is a fault."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from shared.console.assets import addresses
from shared.domain.titles import title
from shared.domain.wording import counted, words

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_COMMAND = re.compile(r"`([^`<>]{1,200})`")
_FOLDER = Path(__file__).parent / "templates"


def render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {
        "words": words,
        "title_of": title,
        "urlencode_all": lambda text: quote(text, safe=""),
        "when": when,
        "ago": ago,
        "money": money,
        "shown": shown,
        "sentence": sentence,
        "first_up": first_up,
        "changes": changes,
    }
    made.globals |= {"asset": addresses(), "counted": counted, "web": web}
    return made


def when(moment: datetime | None) -> Markup:
    """In UTC, as the script of the page finds it to show it in the reader's own time."""
    if moment is None:
        return Markup("–")
    utc = moment.astimezone(UTC)
    text = f"{utc.day} {utc:%b %Y, %H:%M}"
    return Markup('<time datetime="{}">{} UTC</time>').format(f"{utc:%Y-%m-%dT%H:%M:%SZ}", text)


def ago(moment: datetime | None, now: datetime) -> str:
    """ "4 minutes ago"."""
    if moment is None:
        return "never"
    past = now - moment
    if past < _MINUTE:
        return "just now"
    if past < _HOUR:
        return f"{counted(past // _MINUTE, 'minute')} ago"
    if past < 2 * _DAY:
        return f"{counted(past // _HOUR, 'hour')} ago"
    return f"{counted(past // _DAY, 'day')} ago"


def money(amount: Decimal | None, currency: str = "") -> str:
    """With its thousands apart, as people read it; "" where there is none."""
    if amount is None:
        return ""
    places = max(2, -amount.as_tuple().exponent) if isinstance(amount.as_tuple().exponent, int) else 2  # type: ignore[operator]
    return f"{amount:,.{places}f} {currency}".strip()


def shown(value: object) -> str:
    """A field's value for people: no Python, no JSON."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "; ".join(map(shown, value)) or "–"
    if isinstance(value, Mapping):
        told = (f"{words(str(name))} {shown(one)}" for name, one in value.items() if one not in (None, ""))
        return ", ".join(told) or "–"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value)


def first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def changes(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of a row of the log, without what was blank and still is."""
    blank: tuple[Any, ...] = (None, "", [], ())
    return [
        one
        for one in rows
        if "lost" in one or one.get("before") not in blank or one.get("after") not in blank
    ]


def sentence(text: str) -> Markup:
    """Begins with a capital and ends with a full stop; what is a command looks like one."""
    whole = first_up(text.strip())
    if not whole:
        return Markup("")
    ended = whole + ("" if whole[-1] in ".?!" else ".")
    return Markup(_COMMAND.sub(r"<code>\1</code>", str(escape(ended))))  # noqa: S704  escaped before


def web(address: str) -> str:
    """The address where it is one of the web, else ""."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""
