"""The operations behind both interfaces: how each is called, and what it runs."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from local.vendors.vtiger import query, read, write
from local.vendors.vtiger.documents import append_line
from local.vendors.vtiger.errors import PhpDeath, VtigerError
from local.vendors.vtiger.server import Actor, VtigerServer
from local.vendors.vtiger.sync import sync
from local.vendors.vtiger.values import rounded

Parameters = Mapping[str, Any]
Handler = Callable[[VtigerServer, Actor, Parameters], Any]


@dataclass(frozen=True)
class Operation:
    method: str
    run: Handler


def element(parameters: Parameters) -> dict[str, Any]:
    """The JSON text in the form; the cloud also accepts an object."""
    sent = parameters.get("element")
    if isinstance(sent, dict):
        return sent
    try:
        found = json.loads(str(sent))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise VtigerError("INTERNAL_SERVER_ERROR", "Unknown Error while processing request")
    return found


def _create(server: VtigerServer, actor: Actor, parameters: Parameters) -> Any:
    name = str(parameters.get("elementType") or "")
    if name == "Tax":
        return _create_tax(server, actor, element(parameters))
    if name == "ProductTaxes":
        raise VtigerError("RECORD_NOT_FOUND", "Record not found")
    if name == "LineItem":
        return append_line(server, actor, element(parameters))
    return write.create(server, actor, name, element(parameters) if name in server.modules else {})


def _create_tax(server: VtigerServer, actor: Actor, sent: dict[str, Any]) -> Any:
    """A new tax is a new column on every line."""
    server.taxes.append([str(sent.get("taxlabel") or ""), rounded(sent.get("percentage") or 0, 3)])
    place = len(server.taxes)
    for record in server.records.values():
        for line in record.lines:
            line[f"tax{place}"] = "0.000"
    server.log(actor, "create", "Tax", place, sent)
    return read.retrieve(server, actor, server.wire("Tax", place))


def _listtypes(server: VtigerServer, actor: Actor, parameters: Parameters) -> Any:
    try:
        kinds = json.loads(parameters.get("fieldTypeList") or "null")
    except ValueError:
        kinds = None
    return read.listtypes(server, kinds if isinstance(kinds, list) else None)


def _sync(server: VtigerServer, actor: Actor, parameters: Parameters) -> Any:
    wanted = [str(parameters.get(name) or "") for name in ("modifiedTime", "elementType", "syncType")]
    return sync(server, actor, *wanted)


def _related(server: VtigerServer, actor: Actor, parameters: Parameters) -> Any:
    related = str(parameters.get("relatedType") or "")
    return read.retrieve_related(
        server, parameters.get("id"), related, str(parameters.get("relatedLabel") or related)
    )


def _no_relation(server: VtigerServer, actor: Actor, parameters: Parameters) -> Any:
    raise VtigerError("UNKOWN_ENTITY", "Relation specified is incorrect")


def _dies(server: VtigerServer, actor: Actor, parameters: Parameters) -> Any:
    raise PhpDeath


OPERATIONS: dict[str, Operation] = {
    "listtypes": Operation("GET", _listtypes),
    "describe": Operation(
        "GET", lambda server, actor, sent: read.describe(server, actor, sent.get("elementType"))
    ),
    "retrieve": Operation("GET", lambda server, actor, sent: read.retrieve(server, actor, sent.get("id"))),
    "query": Operation(
        "GET", lambda server, actor, sent: query.run(server, actor, str(sent.get("query") or ""))
    ),
    "sync": Operation("GET", _sync),
    "retrieve_inventory": Operation("GET", _dies),
    "relatedtypes": Operation(
        "GET", lambda server, _, sent: read.relatedtypes(server, sent.get("elementType"))
    ),
    "retrieve_related": Operation("GET", _related),
    "query_related": Operation("GET", _no_relation),
    "files_retrieve": Operation("GET", lambda server, _, sent: read.files(server, sent.get("id"))),
    "create": Operation("POST", _create),
    "update": Operation(
        "POST",
        lambda server, actor, sent: write.change(
            server, actor, element(sent), complete=True, operation="update"
        ),
    ),
    "revise": Operation("POST", lambda server, actor, sent: write.change(server, actor, element(sent))),
    "delete": Operation("POST", lambda server, actor, sent: write.delete(server, actor, sent.get("id"))),
}


def touched(server: VtigerServer, parameters: Parameters) -> str:
    """The module a call is about, for counting calls: "Accounts", or nothing."""
    named = str(parameters.get("elementType") or "")
    text = str(parameters.get("query") or "").lower().split()
    if "from" in text[:-1]:
        word = text[text.index("from") + 1].strip(";")
        named = next((name for name in server.modules if name.lower() == word), word)
    wire_id = str(parameters.get("id") or "")
    if not named and not wire_id:
        try:
            wire_id = str(element(parameters).get("id") or "")
        except VtigerError:
            wire_id = ""
    return named or server.module_of_prefix(wire_id.partition("x")[0]) or ""
