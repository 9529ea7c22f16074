"""Finds what a create may have made when its answer was lost, by creation time and content.

Our key cannot be kept in Vtiger and searched for. A record created through the API says so, in `source`.
"""

from datetime import datetime, timedelta

from shared.ports import ObjectSpec, Traces, Values
from shared.systems.vtiger import language
from shared.systems.vtiger.api import Api
from shared.systems.vtiger.modules import Module, Modules
from shared.systems.vtiger.reader import Raw, Reader
from shared.systems.vtiger.values import as_stored, native, sendable, stamp

_CLOCKS_DIFFER = timedelta(seconds=300)
_SHORT = 40


def trace(
    api: Api, modules: Modules, reader: Reader, spec: ObjectSpec, values: Values, since: datetime
) -> Traces:
    """Witness fields are compared here, because the server ignores case, cuts long texts, and cannot search
    for blanks. If no record has them, and the installation says how records were created, everything that the
    API has created since is returned as well."""
    module = modules.of(spec.object)
    wanted = {
        name: sendable(values.get(path))
        for path in spec.witness
        if path in values and (name := module.resolve(path))
    }
    where = [f"createdtime >= {language.quote(stamp(since - _CLOCKS_DIFFER))}"]
    if "source" in module.fields:
        where.append("source = 'WEBSERVICE'")
    if "created_user_id" in module.fields:
        where.append(language.is_one_of("created_user_id", [api.me().id]))
    told = "source" in module.fields

    def fits(row: Raw) -> bool:
        return all(as_stored(value, native(row.get(name))) for name, value in wanted.items())

    witnessed = any(value.strip() for value in wanted.values())
    made = reader.matching(spec, [*where, _by_one(wanted, module)], fits) if witnessed else []
    return Traces(
        tuple(made), tuple(reader.matching(spec, where, lambda row: True)) if told and not made else ()
    )


def _by_one(wanted: dict[str, str], module: Module) -> str:
    """One witness that the server compares too, so that it returns few rows."""
    for name, value in wanted.items():
        text = value.strip()
        if text and len(text) <= _SHORT and language.is_plain(text) and not set(text) & set("&<>"):
            return language.is_one_of(name, [text])
        if (
            text
            and module.fields[name]["type"] in ("string", "text")
            and (condition := language.begins_like(name, text))
        ):
            return condition
    return ""
