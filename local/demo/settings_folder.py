"""The demonstration's settings file and rules folder, so that a change of the rules can be tried in it.

Both are written anew with every demonstration: the emulated vendors have other addresses each time. Rules
that somebody changed are put aside.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from shared.bootstrap import OPTIONS
from shared.domain.titles import title
from shared.mapping.compile import compile_flow
from shared.settings import Connection

Secrets = Mapping[str, Mapping[str, str]]
_SHARED = Path(__file__).parents[2] / "src" / "shared"
_HEAD = """\
# Your rules over Tieout's own {name}. Below stands that file, switched off line by line:
# take the # away from a line that you want to change, and from the [table] that it stands in. Whatever stays
# behind a # is as shipped. See docs/mapping.md.
"""
_SETTINGS = """\
# The demonstration's settings, as `make demo` has written them: the systems are emulated on this machine,
# and the passwords are theirs. Try a change with `tieout check --settings` and `tieout preview --settings`,
# and store it with `tieout connect SYSTEM --settings`. See docs/mapping.md.

[integration.{name}]
flow  = "{flow}"
live  = true
rules = "rules"
"""


def write_folder(
    root: Path, name: str, flow: str, connections: Mapping[str, Connection], secrets: Secrets
) -> Path:
    """Writes both into `root`, and returns the settings file, which only its owner can read."""
    for file in rule_files(flow):
        path = root / "rules" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(scaffold(file), "utf-8")
    tables = [_table(name, one, secrets.get(system, {})) for system, one in connections.items()]
    path = root / "settings.toml"
    path.touch(mode=0o600)
    path.write_text("\n".join([_SETTINGS.format(name=name, flow=flow), *tables]), "utf-8")
    return path


def put_aside(root: Path) -> Path | None:
    """Takes the rules of an earlier demonstration out of the way; where to, if somebody had changed them."""
    rules, aside = root / "rules", root.parent / "demo-rules-before"
    if not any(_changed(file, rules) for file in rules.rglob("*.toml")):
        return None
    shutil.rmtree(aside, ignore_errors=True)
    shutil.move(rules, aside)
    return aside


def rule_files(flow: str) -> list[str]:
    """The shipped rule files that a flow is made of, by the names that overrides have."""
    compiled = compile_flow(flow)
    found = [f"flows/{flow}.toml"]
    for entity, one in compiled.entities.items():
        found += [f"systems/{system}/{entity}.toml" for system in one.maps]
        if one.credit is not None:
            found.append(f"systems/{one.credit.crm}/credit_position.toml")
    return [one for one in dict.fromkeys(found) if (_SHARED / one).is_file()]


def scaffold(file: str) -> str:
    """The shipped file with every line switched off."""
    lines = (_SHARED / file).read_text("utf-8").splitlines()
    off = [one if not one or one.startswith("#") else f"#{one}" for one in lines]
    return "\n".join([_HEAD.format(name=file), *off]) + "\n"


def _changed(path: Path, rules: Path) -> bool:
    file = path.relative_to(rules).as_posix()
    return not (_SHARED / file).is_file() or path.read_text("utf-8", "replace") != scaffold(file)


def _table(name: str, connection: Connection, secrets: Mapping[str, str]) -> str:
    known = OPTIONS[connection.system]
    values = {**connection.options, **secrets}
    lines = [f"# {title(connection.system)}", f"[integration.{name}.{connection.system}]"]
    lines += [f"{key} = {_value(known[key].kind, value)}" for key, value in values.items() if key in known]
    others = {key: value for key, value in values.items() if key not in known}
    return "\n".join([*lines, *_others(name, connection.system, others)]) + "\n"


def _others(name: str, system: str, values: Mapping[str, str]) -> Iterator[str]:
    if values:
        yield f"[integration.{name}.{system}.options]"
        yield from (f"{key} = {_text(value)}" for key, value in values.items())


def _value(kind: str, value: str) -> str:
    if kind == "number":
        return value
    if kind == "table":
        return (
            "{ " + ", ".join(f"{_text(key)} = {_text(one)}" for key, one in json.loads(value).items()) + " }"
        )
    return _text(value)


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
