"""What people do in the web interface: save, delete and merge records; and seeding many at once for sample
data."""

from collections.abc import Iterable
from typing import Any

from local.vendors.vtiger import write
from local.vendors.vtiger.schema import INVENTORY, NUMBER_FIELDS, PRICED
from local.vendors.vtiger.server import Record, VtigerServer
from local.vendors.vtiger.show import fields_of, label, price_and_tax, shown_lines
from local.vendors.vtiger.tables import present, rows
from local.vendors.vtiger.values import empty

_ITS_OWN = ("createdtime", "modifiedtime", "modifiedby", "source", "id", "imagename")
_POINTERS = ("account_id", "contact_id", "vendor_id", "salesorder_id", "quote_id")


def save(server: VtigerServer, module: str, body: dict[str, Any]) -> str:
    """Creates a record, or changes the one with the given id (bare numbers work too), and returns its id.
    With `"through": "api"` it is another program that does so, and not a person at the screen. Raises
    VtigerError, ValueError."""
    actor = server.program() if body.get("through") == "api" else server.person()
    body = {name: value for name, value in body.items() if name != "through"}
    _refuse_unknown(server, module, body)
    with server.lock:
        if body.get("id"):
            sent = {**body, "id": full_id(server, module, body["id"])}
            write.change(server, actor, _with_files(server, module, sent))
            return str(sent["id"])
        if not actor.person:
            body = {**_sent_by_a_program(server, module, body), **body}
        told = write.create(server, actor, module, body)
        _with_files(server, module, {**body, "id": told["id"]})
        return str(told["id"])


def _sent_by_a_program(server: VtigerServer, module: str, body: dict[str, Any]) -> dict[str, Any]:
    """What the interface asks for and the form fills in by itself."""
    owner = {"assigned_user_id": server.wire("Users", server.program().user.id)}
    if module not in INVENTORY:
        return owner
    first = (body.get("LineItems") or [{}])[0].get("productid")
    currency = server.wire("Currency", server.options.currencies[0][0])
    return {
        **owner,
        "productid": first,
        "currency_id": currency,
        "conversion_rate": "1",
        "hdnTaxType": "individual",
    }


def duplicate(server: VtigerServer, module: str, given: str, changed: dict[str, Any]) -> str:
    """The screen's "duplicate": every field that can be edited is copied, those of programs like ours too,
    and saved as a new record with what the person `changed`. Returns its id. Raises VtigerError,
    ValueError."""
    _refuse_unknown(server, module, changed)
    with server.lock:
        record = write.found(server, full_id(server, module, given))
        shown, fields = described(server, record), server.modules[module].stored
        copied = {
            name: shown[name]
            for name in (*fields, *server.tax_names())
            if name in shown and (name not in fields or fields[name].editable) and name not in _ITS_OWN
        }
        lines = {"LineItems": shown["LineItems"]} if module in INVENTORY else {}
        return str(write.create(server, server.person(), module, {**copied, **lines, **changed})["id"])


def full_id(server: VtigerServer, module: str, given: Any) -> str:
    return str(given) if "x" in str(given) else server.wire(module, str(given))


def _refuse_unknown(server: VtigerServer, module: str, body: dict[str, Any]) -> None:
    """Unlike the API, the form cannot send a field that does not exist."""
    found = server.module(module)
    if found is None or not found.entity or module == "Users":
        raise ValueError(f"There is no module {module!r} whose records can be edited here.")
    known = {*(found.fields or {}), *server.tax_names(), "id", "LineItems", "files", "currency_id"}
    unknown = sorted(set(body) - known)
    if unknown:
        raise ValueError(
            f"{module} has no field {', '.join(unknown)}: correct the name or add it to custom_fields."
        )


def _with_files(server: VtigerServer, module: str, body: dict[str, Any]) -> dict[str, Any]:
    """`files`: filename, filetype, filesize and filecontents (base64) of each image."""
    for file in body.get("files") or []:
        record = write.found(server, body["id"])
        record.files.append({"number": server.take_number(), **file})
        record.values["imagename"] = str(file["filename"])
    return {name: value for name, value in body.items() if name != "files"}


def delete(server: VtigerServer, module: str, given: str) -> str:
    wire_id = full_id(server, module, given)
    with server.lock:
        write.delete(server, server.person(), wire_id)
    return wire_id


def merge(server: VtigerServer, module: str, loser: str, winner: str) -> dict[str, Any]:
    """Vtiger's duplicate merge: what referred to the loser now refers to the winner, and the loser is
    deleted.

    The winner counts as edited; the records that were moved keep their modifiedtime, as the server moves them
    in SQL.
    """
    with server.lock:
        old, new = (write.found(server, full_id(server, module, given)) for given in (loser, winner))
        if old.module != new.module or old is new:
            raise ValueError(f"{loser} and {winner} are not two records of one module.")
        moved = _move(server, old, new)
        write.delete(server, server.person(), server.wire(module, old.number))
        new.values |= {"modifiedtime": server.clock.stored(), "modifiedby": str(server.options.person)}
        server.saved(new)
    return {
        "deleted": server.wire(module, old.number),
        "kept": server.wire(module, new.number),
        "moved": moved,
    }


def _move(server: VtigerServer, old: Record, new: Record) -> list[str]:
    moved = []
    for record in server.records.values():
        fields = server.modules[record.module].stored
        for name in _POINTERS:
            refers = fields[name].refers or () if name in fields else ()
            if old.module in refers and record.values.get(name) == str(old.number) and record is not new:
                record.values[name] = str(new.number)
                moved.append(server.wire(record.module, record.number))
        for line in record.lines:
            if old.module in PRICED and line["productid"] == str(old.number):
                line["productid"] = str(new.number)
                moved.append(server.wire(record.module, record.number))
    return moved


def listed(server: VtigerServer, module: str, deleted: bool = False) -> list[dict[str, Any]]:
    """All records with fields, label, taxes, lines and whether they are deleted; Tax, Currency and the like
    as queried."""
    found = server.module(module)
    if found is None:
        raise ValueError(f"There is no module {module!r}.")
    if not found.entity:
        return [present(server, found, row, of_line=False) for row in rows(server, found)]
    return [described(server, record) for record in server.of(module, deleted=deleted)]


def described(server: VtigerServer, record: Record) -> dict[str, Any]:
    shown = {**fields_of(server, record), "label": label(server, record), "deleted": record.deleted}
    if record.module in PRICED:
        shown |= price_and_tax(server, record)
    if record.module in INVENTORY:
        shown |= {"LineItems": shown_lines(server, record, server.person())}
    return shown


def seed(server: VtigerServer, module: str, records: Iterable[dict[str, Any]]) -> list[str]:
    """Stores rows as raw columns (bare numbers as references), quickly and without webhooks, and returns the
    ids.

    `id` may be given as a number; `taxes`, `prices`, `currency`, `lines`, `shipping`, `charges`, `files` and
    `deleted` as on Record.
    """
    now, found = server.clock.stored(), server.modules[module]
    person = str(server.options.person)
    stamps = {
        "createdtime": now,
        "modifiedtime": now,
        "modifiedby": person,
        "source": "CRM",
        "assigned_user_id": person,
    }
    blank = {field.name: empty(found, field) for field in found.stored.values()} | stamps
    parts = ("taxes", "prices", "currency", "lines", "shipping", "charges", "files", "deleted")
    ids = []
    with server.lock:
        for row in records:
            number = int(row.get("id") or server.next_number)
            server.next_number = max(server.next_number, number + 1)
            named = {} if NUMBER_FIELDS.get(module, ("",))[0] in row else server.entity_number(module)
            values = {
                **blank,
                **named,
                **{name: value for name, value in row.items() if name not in (*parts, "id")},
            }
            extra = {name: row[name] for name in parts if name in row}
            server.records[number] = Record(module, number, values, **extra)
            ids.append(server.wire(module, number))
        server.records = dict(sorted(server.records.items()))
    return ids
