"""The console's HTML. Everything that comes from a record is escaped, and there is no script."""

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import quote, urlencode

from shared.console.missing_bar import missing_bar
from shared.domain.link import LIST, LogRow
from shared.domain.titles import title
from shared.domain.wording import counted, words
from shared.operations.missing import Question
from shared.ports import GateState, Run

OUTCOMES = ("created", "updated", "unchanged", "skipped", "waiting", "held", "parked", "failed")
_STYLE = """
:root{--ink:#1c2733;--mute:#65717e;--line:#dde3e8;--bg:#f6f8f9}
*{box-sizing:border-box}
body{margin:0;font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--bg)}
header{background:#12344d;color:#fff;padding:14px 24px;display:flex;gap:16px;
align-items:center;flex-wrap:wrap}
header h1{font-size:18px;margin:0}
header .flow{opacity:.75}header form{margin-left:auto}
main{max-width:1180px;margin:0 auto;padding:20px 24px}
table{width:100%;table-layout:fixed;border-collapse:collapse;background:#fff;border:1px solid var(--line)}
th,td{text-align:left;padding:8px 12px;border-bottom:1px solid var(--line);vertical-align:top}
th{font-size:12px;text-transform:uppercase;letter-spacing:.04em;color:var(--mute)}
td{overflow-wrap:anywhere}th.when{width:150px}th.kind{width:120px}th.record{width:34%}.mute{color:var(--mute);font-size:13px}
.tag{display:inline-block;padding:1px 9px;border-radius:10px;font-size:13px;background:#e8edf1}
.created,.updated{background:#d9f2e1;color:#11613a}.skipped,.unchanged{background:#e8edf1;color:#43515e}
.waiting,.parked{background:#fdf0cf;color:#7a5600}.held,.failed{background:#fbdcd9;color:#8d1c12}
nav{display:flex;gap:8px;flex-wrap:wrap;margin:0 0 14px}nav a{text-decoration:none;color:inherit}
nav a.on .tag{outline:2px solid #12344d}
.bar{background:#fbdcd9;color:#8d1c12;padding:10px 14px;border-radius:6px;margin:0 0 14px}
button{font:inherit;padding:5px 14px;border:1px solid #12344d;border-radius:5px;
background:#fff;color:#12344d;cursor:pointer}
header button{border-color:#fff;background:transparent;color:#fff}h2{font-size:15px;margin:24px 0 8px}
input{font:inherit;padding:6px 10px;width:320px;max-width:100%;border:1px solid var(--line);border-radius:5px}
@media(max-width:700px){td,th{padding:6px}main{padding:12px}}
"""


def page(title: str, flow: str, body: str, sync: str = "") -> str:
    """`sync` is the form with the Sync now button, or ""."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width">'
        f"<title>{escape(title)} · Tieout</title><style>{_STYLE}</style><header><h1>Tieout</h1>"
        f'<span class="flow">{escape(title)} · {escape(flow)}</span>{sync}</header><main>{body}</main></html>'
    )


def sign_in_page(integration: str, wrong: bool) -> str:
    note = (
        '<p class="bar">That key is not valid. Make a new one with <code>tieout console</code>.</p>'
        if wrong
        else ""
    )
    return page(
        integration,
        "sign in",
        (
            f'{note}<form method="post" action="{_url(integration, "sign-in")}"><p>Sign-in key<br>'
            '<input type="password" name="key" autocomplete="current-password" autofocus></p><button>Sign '
            "in</button></form>"
        ),
    )


def log_page(
    integration: str,
    flow: str,
    gates: Mapping[str, GateState],
    runs: Iterable[Run],
    rows: Iterable[LogRow],
    outcome: str,
    token: str,
    message: str,
    braked: Mapping[str, str],
    missing: Iterable[Question] = (),
) -> str:
    """`braked` is "entity.system" -> why a poll of that list was stopped; `missing`: records that a person
    must say are gone, or are not."""
    body = "".join(
        [
            _message(message),
            *(_gate(system, gate) for system, gate in gates.items()),
            *(_asked(integration, key, why, token) for key, why in braked.items()),
            *(missing_bar(_url(integration, "deletions"), one, token) for one in missing if one.text),
            _tabs(integration, outcome),
            _rows(integration, rows),
            "<h2>Runs</h2>",
            _runs(runs),
        ]
    )
    return page(integration, flow, body, _button(integration, "sync", "Sync now", token))


def record_page(
    integration: str, flow: str, record: tuple[str, str, str], rows: Iterable[LogRow], token: str
) -> str:
    """The whole history of one record, newest first, and the button that queues it again."""
    system, entity, record_id = record
    fields = {"system": system, "entity": entity, "record": record_id}
    body = (
        f'<p><a href="{_url(integration, "")}">← all records</a></p><h2>{escape(words(entity))} '
        f"{escape(record_id)} in "
        f"{escape(title(system))}</h2>{_button(integration, 'retry', 'Retry', token, fields)}"
        f"<br>{_rows(integration, rows)}"
    )
    return page(integration, flow, body)


def _url(integration: str, path: str, query: Mapping[str, str] | None = None) -> str:
    return escape(f"/{quote(integration)}/{path}" + (f"?{urlencode(query)}" if query else ""))


def _button(
    integration: str, action: str, label: str, token: str, fields: Mapping[str, str] | None = None
) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in {"token": token, **(fields or {})}.items()
    )
    return (
        '<form method="post" '
        f'action="{_url(integration, action)}">{hidden}<button>{escape(label)}</button></form>'
    )


def _message(text: str) -> str:
    return f'<p class="tag">{escape(text)}</p>' if text else ""


def _gate(system: str, gate: GateState) -> str:
    if gate.state == "ok":
        return ""
    until = f" until {gate.until:%Y-%m-%d %H:%M} UTC" if gate.until else ""
    return f'<p class="bar">{escape(title(system))} is {gate.state}{until}: {escape(gate.reason)}</p>'


def _asked(integration: str, key: str, why: str, token: str) -> str:
    button = _button(integration, "release", "Continue", token, {"list": key})
    return f'<div class="bar">{escape(why)}{button}</div>'


def _tabs(integration: str, chosen: str) -> str:
    tabs = [
        f'<a class="{"on" if name == chosen else ""}" '
        f'href="{_url(integration, "", {"outcome": name} if name else None)}">'
        f'<span class="tag {name}">{name or "all"}</span></a>'
        for name in ("", *OUTCOMES)
    ]
    return f"<nav>{''.join(tabs)}</nav>"


def _rows(integration: str, rows: Iterable[LogRow]) -> str:
    lines = "".join(_row(integration, row) for row in rows)
    empty = '<tr><td colspan="4" class="mute">Nothing here yet.</td></tr>'
    head = '<tr><th class="when">When (UTC)<th class="record">Record<th class="kind">Outcome<th>Why</tr>'
    return f"<table>{head}{lines or empty}</table>"


def _row(integration: str, row: LogRow) -> str:
    address = _url(
        integration, "record", {"system": row.system, "entity": row.entity, "record": row.record_id}
    )
    others = " · ".join(
        _side(system, record_id, "" if label == row.label else label, address)
        for system, (record_id, label, address) in sorted(row.records.items())
    )
    what = escape(words(row.entity))
    notes = "".join(f'<div class="mute">{escape(note)}</div>' for note in (*row.outcome.notes, *_lost(row)))
    name = escape(row.label or row.record_id)
    called = name if row.record_id == LIST else f'<a href="{address}">{name}</a>'
    return (
        f'<tr><td class="mute">{row.at:%Y-%m-%d %H:%M:%S}</td><td>{called}<div '
        f'class="mute">{what}{" · " if others else ""}{others}</div></td>'
        f'<td><span class="tag {row.outcome.kind}">{row.outcome.kind}</span></td>'
        f"<td>{escape(row.outcome.reason)}{notes}</td></tr>"
    )


def _lost(row: LogRow) -> list[str]:
    return [
        f"{title(str(change['system']))} had the {words(str(change['field']))} “{_short(change['lost'])}”"
        for change in row.changes
        if "lost" in change
    ]


def _short(value: object) -> str:
    text = counted(len(value), "line") if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= 200 else text[:199] + "…"


def _side(system: str, record_id: str, label: str, address: str) -> str:
    shown = escape(f"{title(system)} {label if label and len(label) <= 20 else ''}".rstrip())
    return (
        f'<a href="{escape(address)}" rel="noreferrer">{shown}</a>'
        if address.startswith(("https://", "http://"))
        else shown
    )


def _runs(runs: Iterable[Run]) -> str:
    lines = "".join(
        f'<tr><td class="mute">{run.started_at:%Y-%m-%d %H:%M:%S}</td><td>{_list(run)}</td>'
        f"<td>{_counts(run.counts)}</td><td>{escape(run.message)}</td></tr>"
        for run in runs
    )
    head = '<tr><th class="when">Began (UTC)<th>Run<th>Records<th>What it found</tr>'
    return f"<table>{head}{lines}</table>"


def _list(run: Run) -> str:
    return escape(
        " ".join([run.cause, words(run.entity), *([f"in {title(run.system)}"] if run.system else [])])
    )


def _counts(counts: Mapping[str, int]) -> str:
    return " ".join(
        f'<span class="tag {escape(kind)}">{escape(kind)} {count}</span>' for kind, count in counts.items()
    )
