"""create, update, revise and delete, with the order of checks and the silent losses of the real server."""

from typing import Any

from local.vendors.vtiger import schema
from local.vendors.vtiger.documents import check_lines, write_document
from local.vendors.vtiger.errors import VtigerError, denied
from local.vendors.vtiger.products import in_base, price_sent, side_tables
from local.vendors.vtiger.server import Actor, Record, VtigerServer
from local.vendors.vtiger.show import whole
from local.vendors.vtiger.text import decoded, folded
from local.vendors.vtiger.values import empty, record_id, stored

_UNTOUCHABLE = ("createdtime", "modifiedtime", "modifiedby", "source", "id")


def found(server: VtigerServer, wire_id: Any) -> Record:
    """The existing record with this id. Missing and deleted ones are denied; a wrong prefix is an incorrect
    id."""
    module, number = record_id(server, wire_id)
    record = server.live(number)
    if record is None:
        raise denied()
    if record.module != module:
        raise VtigerError("INVALID_ID_ATTRIBUTE", "Id specified is incorrect")
    return record


def create(server: VtigerServer, actor: Actor, name: str, element: dict[str, Any]) -> dict[str, Any]:
    """What the operation answers. Raises VtigerError; references are checked before mandatory fields, lines
    after them."""
    module = _entity(server, name)
    values = _read(
        server, module, price_sent(server, element, actor) if name in schema.PRICED else element, actor
    )
    _demand(module, element, list(module.fields or {}), actor)
    if name in schema.INVENTORY:
        check_lines(server, actor, element)
    record = Record(name, 0, {field.name: empty(module, field) for field in module.stored.values()})
    if actor.person:
        record.values |= _form_defaults(server, record)
    record.values |= values
    _unique(server, module, record)
    answer = _store_new(server, actor, record, element)
    server.log(actor, "create", name, record.number, element)
    server.saved(record)
    return answer


def _store_new(server: VtigerServer, actor: Actor, record: Record, element: dict[str, Any]) -> dict[str, Any]:
    now = server.clock.stored()
    record.values |= {
        "createdtime": now,
        "modifiedtime": now,
        "modifiedby": str(actor.user.id),
        "source": "CRM" if actor.person else "WEBSERVICE",
    }
    extra: dict[str, Any] = {}
    if record.module in schema.INVENTORY:
        extra = write_document(server, actor, record, element, new=True)
    if record.module in schema.PRICED:
        side_tables(server, record, element, actor, new=True)
    record.number = server.take_number()
    record.values |= server.entity_number(record.module)
    server.records[record.number] = record
    return {**whole(server, record, actor), **extra, **({"new": True} if extra else {})}


def change(
    server: VtigerServer,
    actor: Actor,
    element: dict[str, Any],
    *,
    complete: bool = False,
    operation: str = "revise",
) -> dict[str, Any]:
    """revise; or with `complete` update, which requires all mandatory fields and yet keeps what is not sent.

    Raises VtigerError before anything is written, PhpDeath half-way.
    """
    record = found(server, element.get("id"))
    module = _entity(server, record.module)
    values = _read(
        server,
        module,
        price_sent(server, element, actor) if record.module in schema.PRICED else element,
        actor,
    )
    _demand(module, element, list(module.fields or {}) if complete else list(element), actor)
    before = dict(record.values)
    if not complete and not actor.person:
        values = _decoded(server, module, {**before, **values})
    record.values |= values
    try:
        _unique(server, module, record)
    except VtigerError:
        record.values = before
        raise
    record.values |= {"modifiedtime": server.clock.stored(), "modifiedby": str(actor.user.id)}
    server.log(actor, operation, record.module, record.number, element)
    if record.module in schema.PRICED:
        side_tables(server, record, element, actor, new=False)
    answer: dict[str, Any] = {}
    try:
        if record.module in schema.INVENTORY:
            answer = write_document(server, actor, record, element, new=False, complete=complete)
    finally:
        server.saved(record)
    return answer or whole(server, record, actor)


def delete(server: VtigerServer, actor: Actor, wire_id: Any) -> dict[str, str]:
    """A soft delete that updates modifiedtime. Lines are removed, and the contacts of a deleted organisation
    are unlinked."""
    record = found(server, wire_id)
    record.deleted = True
    record.lines = []
    record.values |= {"modifiedtime": server.clock.stored(), "modifiedby": str(actor.user.id)}
    if record.module == "Accounts":
        for contact in server.of("Contacts"):
            if contact.values.get("account_id") == str(record.number):
                contact.values["account_id"] = None
    server.log(actor, "delete", record.module, record.number, None)
    return {"status": "successful"}


def _entity(server: VtigerServer, name: str) -> schema.Module:
    module = server.module(name)
    if module is None or not module.entity or name == "Users":
        raise denied()
    return module


def _read(
    server: VtigerServer, module: schema.Module, element: dict[str, Any], actor: Actor
) -> dict[str, str | None]:
    """Known, editable fields as they are stored. Unknown ones are silently dropped."""
    return {
        name: stored(server, module, field, in_base(server, actor, field, element[name]))
        for name, field in module.stored.items()
        if name in element and field.editable and name not in _UNTOUCHABLE
    }


def _decoded(
    server: VtigerServer, module: schema.Module, values: dict[str, str | None]
) -> dict[str, str | None]:
    """revise writes the whole record and decodes its entities. Script tags reappear that way, and are encoded
    again."""
    plain = ("string", "text", "url", "phone", "email", "picklist")
    return {
        name: stored(server, module, module.stored[name], decoded(value))
        if value and "&" in value and name in module.stored and module.stored[name].type in plain
        else value
        for name, value in values.items()
    }


def _demand(module: schema.Module, element: dict[str, Any], names: list[str], actor: Actor) -> None:
    for name in names:
        field = (module.fields or {}).get(name)
        if field is None or not field.mandatory or (actor.person and name in schema.LINE_FIELDS):
            continue
        if actor.person and name == "assigned_user_id" and name not in element:
            continue
        if element.get(name) in (None, ""):
            raise VtigerError("MANDATORY_FIELDS_MISSING", f"{name} does not have a value")


def _unique(server: VtigerServer, module: schema.Module, record: Record) -> None:
    if not server.options.duplicate_rules:
        return
    for field in (module.fields or {}).values():
        value = record.values.get(field.name)
        if "U" not in field.flags or not value:
            continue
        same = folded(value)
        if any(
            folded(other.values.get(field.name) or "") == same
            for other in server.of(module.name)
            if other.number != record.number
        ):
            raise VtigerError(0, "Duplicate(s) detected!")


def _form_defaults(server: VtigerServer, record: Record) -> dict[str, str | None]:
    """What the web form fills in automatically."""
    told: dict[str, str | None] = {"assigned_user_id": str(server.options.person)}
    if record.module in schema.PRICED:
        told["discontinued"] = "1"
    if record.module in schema.INVENTORY:
        told |= {
            "hdnTaxType": "individual",
            "currency_id": str(server.options.currencies[0][0]),
            "region_id": "0",
        }
    return told
