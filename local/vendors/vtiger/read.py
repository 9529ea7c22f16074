"""What can be read about records one by one, and about modules: retrieve, describe, listtypes, relations,
files."""

from dataclasses import replace
from typing import Any

from local.vendors.vtiger import schema
from local.vendors.vtiger.errors import VtigerError, denied
from local.vendors.vtiger.server import Actor, VtigerServer
from local.vendors.vtiger.show import fields_of, whole
from local.vendors.vtiger.tables import present, rows
from local.vendors.vtiger.values import record_id
from local.vendors.vtiger.write import found

_POINTS_AT = {
    "Accounts": {
        "Contacts": "account_id",
        "Invoice": "account_id",
        "Quotes": "account_id",
        "SalesOrder": "account_id",
    },
    "Contacts": {"Invoice": "contact_id", "Quotes": "contact_id", "SalesOrder": "contact_id"},
    "SalesOrder": {"Invoice": "salesorder_id"},
}


def retrieve(server: VtigerServer, actor: Actor, wire_id: Any) -> dict[str, Any]:
    name, number = record_id(server, wire_id)
    module = server.module(name)
    if module is None or (module.entity and name != "Users"):
        return whole(server, found(server, wire_id), actor)
    row = next((row for row in rows(server, module) if row[0] == number), None)
    if row is None:
        raise denied()
    return present(server, module, row, of_line=False)


def listtypes(server: VtigerServer, kinds: list[str] | None) -> dict[str, Any]:
    """`kinds`: only modules with a field of one of these types."""
    listed = [
        module
        for module in server.modules.values()
        if not kinds or any(field.type in kinds for field in (module.fields or {}).values())
    ]
    told = {
        one.name: {"isEntity": one.entity, "label": one.label, "singular": one.singular} for one in listed
    }
    return {"types": [module.name for module in listed], "information": told}


def describe(server: VtigerServer, actor: Actor, name: str | None) -> dict[str, Any]:
    module = server.module(name)
    if module is None:
        raise denied()
    told: dict[str, Any] = {
        "label": module.described or module.label,
        "name": module.name,
        **dict.fromkeys(("createable", "updateable", "deleteable", "retrieveable"), True),
        "fields": [field.described(actor.user.date_format) for field in _fields(server, module)],
        "idPrefix": str(server.options.prefixes[module.name]),
        "isEntity": module.entity,
        "labelFields": module.label_fields,
    }
    if module.duplicates is None:
        return told
    return {**told, "allowDuplicates": module.duplicates or not server.options.duplicate_rules}


def _fields(server: VtigerServer, module: schema.Module) -> list[schema.Field]:
    """Each tax is a field of products, services and lines, and each currency one of products and services."""
    fields = list((module.fields or {}).values())
    if module.name not in (*schema.PRICED, "LineItem"):
        return fields
    kept: list[schema.Field] = []
    for field in fields:
        if field.name == "tax1":
            kept += _tax_fields(server, field, module.name)
        elif field.name == "currency1":
            kept += [
                replace(field, name=f"currency{key}", label=field.label if key == 1 else name)
                for key, name, *_ in server.options.currencies
            ]
        elif field.name not in ("tax2", "tax3"):
            kept.append(field)
    return kept


def _tax_fields(server: VtigerServer, like: schema.Field, module: str) -> list[schema.Field]:
    return [
        replace(like, name=name, label=label, default=like.default if module == "LineItem" else rate)
        for name, (label, rate, *_) in zip(server.tax_names(), server.taxes, strict=True)
    ]


def relatedtypes(server: VtigerServer, name: str | None) -> dict[str, Any]:
    if server.module(name) is None:
        raise denied()
    relations = schema.related(str(name))
    told = {label: {"name": module, "label": label, "isEntity": "1"} for label, module in relations}
    return {"types": [module for _, module in relations], "information": told}


def retrieve_related(server: VtigerServer, wire_id: Any, related: str, label: str) -> list[dict[str, Any]]:
    record = found(server, wire_id)
    pointer = _POINTS_AT.get(record.module, {}).get(related)
    if pointer is None or label not in (related, "Sales Order"):
        raise VtigerError("UNKOWN_ENTITY", "Relation specified is incorrect")
    return [
        fields_of(server, other, query=True)
        for other in server.of(related)
        if other.values.get(pointer) == str(record.number)
    ]


def files(server: VtigerServer, wire_id: Any) -> list[dict[str, Any]]:
    """The files of records are found by their own numbers."""
    _, number = record_id(server, wire_id)
    for record in server.records.values():
        for file in record.files:
            if file["number"] == number and not record.deleted:
                told = {name: value for name, value in file.items() if name != "number"}
                return [{"fileid": str(number), **told}]
    raise denied()
