"""Lists, single records and links of the v11 API."""

from collections.abc import Mapping
from typing import Any

from local.vendors.sugarcrm.database import DuplicateId, Row
from local.vendors.sugarcrm.options import SugarUser
from local.vendors.sugarcrm.records import Actor
from local.vendors.sugarcrm.rights import may
from local.vendors.sugarcrm.schema import Link, Module
from local.vendors.sugarcrm.server import SugarServer
from local.vendors.sugarcrm.v11_arguments import arguments, inside, names_and_links, ordering, whole
from local.vendors.sugarcrm.v11_call import (
    Answer,
    Call,
    RestError,
    invalid,
    missing,
    not_authorized,
    not_found,
)
from local.vendors.sugarcrm.v11_filter import Condition, Filters
from local.vendors.sugarcrm.v11_values import sent_values, shown, stored

DEFAULT_PAGE = 20
_ADMIN_ONLY = {"WebLogicHooks", "Users"}


class V11Records:
    def __init__(self, server: SugarServer) -> None:
        self._server = server
        self._database = server.database

    # ------------------------------------------------------------ lists

    def filtered(self, user: SugarUser, module: Module, call: Call) -> Answer:
        """`GET /{module}`, `GET` and `POST /{module}/filter`."""
        asked = arguments(call)
        where, params = self._filters(user).read(module, asked.get("filter"))
        return Answer(self._page(module, asked, (where, params)))

    def count(self, user: SugarUser, module: Module, call: Call) -> Answer:
        where, params = self._filters(user).read(module, arguments(call).get("filter"))
        return Answer({"record_count": self._database.count(module, where, params)})

    def linked(self, user: SugarUser, module: Module, record_id: str, link: Link, call: Call) -> Answer:
        """`GET /{module}/{id}/link/{link}`."""
        self._existing(module, record_id)
        asked = arguments(call)
        other = self._database.modules[link.module]
        where, params = self._filters(user).read(other, asked.get("filter"))
        ids = self._database.linked(module, record_id, link)
        return Answer(self._page(other, asked, (f"({where}) AND {inside(other, ids)}", [*params, *ids])))

    def _page(self, module: Module, asked: Mapping[str, Any], condition: Condition) -> dict[str, Any]:
        names, nested = self._fields(module, asked.get("fields"))
        offset = max(0, whole(asked.get("offset"), "offset", 0))
        wanted = whole(asked.get("max_num"), "max_num", DEFAULT_PAGE)
        limit = min(wanted if wanted > 0 else DEFAULT_PAGE, self._server.options.max_list_limit)
        deleted = str(asked.get("deleted")).lower() in ("true", "1")
        rows = self._database.select(
            module,
            self._read_names(module, names),
            *condition,
            order=ordering(module, str(asked.get("order_by") or "")),
            limit=limit + 1,
            offset=offset,
            deleted=deleted,
        )
        more = len(rows) > limit
        return {
            "next_offset": offset + limit if more else -1,
            "records": [self._shown(module, row, names, nested) for row in rows[:limit]],
        }

    # ------------------------------------------------------------ one record

    def read(self, user: SugarUser, module: Module, record_id: str, call: Call) -> Answer:
        row = self._existing(module, record_id)
        if not may(user, "view", row):
            raise not_authorized(f"You are not authorized to view {module.name}.")
        return Answer(self._one(module, row, call.argument("fields")))

    def create(self, user: SugarUser, module: Module, call: Call) -> Answer:
        actor = self._writer(user, module)
        sent = call.json()  # a missing mandatory name is taken, as seen live
        try:
            with self._database.transaction():
                new = self._server.records.create(
                    actor, module, sent_values(module, sent), str(sent.get("id") or "")
                )
                self._relate(actor, module, new, sent)
        except DuplicateId as error:
            raise RestError(409, "edit_conflict", f"A record with the id {error} exists already.") from None
        return Answer(self._one(module, self._existing(module, new), None))

    def update(self, user: SugarUser, module: Module, record_id: str, call: Call) -> Answer:
        """Only sent fields change. X-TIMESTAMP, when sent, must be the record's date_modified."""
        actor = self._writer(user, module)
        before = self._existing(module, record_id)
        if not may(user, "edit", before):
            raise _not_to_edit(module)
        expected = call.headers.get("x-timestamp")
        if expected and stored(module.fields["date_modified"], expected) != before["date_modified"]:
            raise RestError(409, "edit_conflict", "Edit conflict, please reload the record data.")
        sent = call.json()
        with self._database.transaction():
            self._server.records.update(actor, module, record_id, sent_values(module, sent))
            self._relate(actor, module, record_id, sent)
        return Answer(self._one(module, self._existing(module, record_id), call.argument("fields")))

    def delete(self, user: SugarUser, module: Module, record_id: str) -> Answer:
        actor = self._writer(user, module)
        self._existing(module, record_id)
        self._server.records.delete(actor, module, record_id)
        return Answer({"id": record_id})

    # ------------------------------------------------------------ links

    def link(self, user: SugarUser, module: Module, record_id: str, link: Link, their_id: str) -> Answer:
        actor = self._writer(user, module)
        own, other = self._existing(module, record_id), self._database.modules[link.module]
        self._existing(other, their_id)
        self._server.records.link(actor, module, record_id, link, their_id)
        return Answer(
            {
                "record": self._one(module, own, None),
                "related_record": self._one(other, self._existing(other, their_id), None),
            }
        )

    def link_many(self, user: SugarUser, module: Module, record_id: str, call: Call) -> Answer:
        """`POST …/link` with `{"link_name": …, "ids": […]}`."""
        sent = call.json()
        link = self.named_link(module, str(sent.get("link_name") or ""))
        ids = [str(item["id"]) if isinstance(item, Mapping) else str(item) for item in sent.get("ids") or []]
        if not ids:
            raise missing("Missing parameter: ids")
        done = [self.link(user, module, record_id, link, item).contents["related_record"] for item in ids]
        return Answer(
            {"record": self._one(module, self._existing(module, record_id), None), "related_records": done}
        )

    def link_new(self, user: SugarUser, module: Module, record_id: str, link: Link, call: Call) -> Answer:
        """`POST …/link/{link}`: creates the related record and links it."""
        self._existing(module, record_id)
        new = self.create(user, self._database.modules[link.module], call).contents["id"]
        return self.link(user, module, record_id, link, new)

    def unlink(self, user: SugarUser, module: Module, record_id: str, link: Link, their_id: str) -> Answer:
        actor = self._writer(user, module)
        own = self._existing(module, record_id)
        if not self._server.records.unlink(actor, module, record_id, link, their_id):
            raise not_found(f"Could not find a related record {their_id} behind {link.name}.")
        other = self._database.modules[link.module]
        return Answer(
            {
                "record": self._one(module, own, None),
                "related_record": self._one(other, self._existing(other, their_id), None),
            }
        )

    def named_link(self, module: Module, name: str) -> Link:
        link = module.links.get(name)
        if link is None or link.module not in self._database.modules:
            raise not_found(f"Could not find a relationship named: {name}")
        return link

    # ------------------------------------------------------------ parts

    def complete(self, module: Module, record_id: str) -> dict[str, Any] | None:
        """Every field of a live record as the API shows it; hooks send this."""
        row = self._database.row(module, record_id)
        return self._one(module, row, None) if row else None

    def _one(self, module: Module, row: Row, fields: Any) -> dict[str, Any]:
        names, nested = self._fields(module, fields)
        return self._shown(module, row, names, nested)

    def _shown(
        self, module: Module, row: Row, names: list[str], nested: dict[str, list[str]]
    ) -> dict[str, Any]:
        if row.get("deleted"):
            record = shown(module, row, ["id", "date_modified"], self._server.options.utc_offset_minutes)
            return {"id": record["id"], "date_modified": record["date_modified"], "deleted": True}
        record = shown(module, row, names, self._server.options.utc_offset_minutes)
        return {
            **record,
            **{link: self._nested(module, row["id"], link, fields) for link, fields in nested.items()},
        }

    def _nested(self, module: Module, record_id: str, link_name: str, fields: list[str]) -> dict[str, Any]:
        link = self.named_link(module, link_name)
        other = self._database.modules[link.module]
        ids = self._database.linked(module, record_id, link)
        names = list(dict.fromkeys([*fields, "id", "date_modified"])) if fields else list(other.fields)
        rows = (
            self._database.select(other, self._read_names(other, names), inside(other, ids), ids)
            if ids
            else []
        )
        return {
            "next_offset": -1,
            "records": [shown(other, row, names, self._server.options.utc_offset_minutes) for row in rows],
        }

    def _fields(self, module: Module, given: Any) -> tuple[list[str], dict[str, list[str]]]:
        """(names, link -> its fields). Raises RestError 422 for a name that is not known."""
        if not given:
            return list(module.fields), {}
        names, nested = [], {}
        for item in given if isinstance(given, list) else names_and_links(str(given)):
            if isinstance(item, Mapping) and item.get("name") in module.links:
                nested[str(item["name"])] = self._nested_names(module, item)
            elif isinstance(item, str) and item in module.fields:
                names.append(item)
            else:
                raise invalid(f"Invalid field {item!r} of {module.name}.")
        return list(dict.fromkeys([*names, "id", "date_modified"])), nested

    def _nested_names(self, module: Module, item: Mapping[str, Any]) -> list[str]:
        other = self._database.modules[self.named_link(module, str(item["name"])).module]
        names = [str(name) for name in item.get("fields") or []]
        unknown = [name for name in names if name not in other.fields]
        if unknown:
            raise invalid(f"Invalid field {unknown[0]!r} of {other.name}.")
        return names

    def _read_names(self, module: Module, names: list[str]) -> list[str]:
        """`email` is made from `email1`, and deleted rows are told apart by `deleted`."""
        extra = [name for name in ("id", "deleted", "date_modified", "email1") if name in module.fields]
        return list(dict.fromkeys([*names, *extra]))

    def _existing(self, module: Module, record_id: str) -> Row:
        row = self._database.row(module, record_id)
        if row is None:
            raise not_found(f"Could not find record: {record_id} in module: {module.name}")
        return row

    def _writer(self, user: SugarUser, module: Module) -> Actor:
        if not may(user, "edit") or (module.name in _ADMIN_ONLY and not user.is_admin):
            raise _not_to_edit(module)
        return Actor(user.id, "v11")

    def _relate(self, actor: Actor, module: Module, record_id: str, sent: Mapping[str, Any]) -> None:
        """`{"contacts": {"add": ["id"], "delete": ["id"]}}` inside a save."""
        for name, link in module.links.items():
            wanted = sent.get(name)
            if isinstance(wanted, Mapping):
                for item in wanted.get("add") or []:
                    self._server.records.link(
                        actor, module, record_id, link, str(item["id"] if isinstance(item, Mapping) else item)
                    )
                for item in wanted.get("delete") or []:
                    self._server.records.unlink(actor, module, record_id, link, str(item))

    def _filters(self, user: SugarUser) -> Filters:
        return Filters(self._database.modules, user.id, self._server.clock.now().date())


def _not_to_edit(module: Module) -> RestError:
    return not_authorized(
        f"You are not authorized to edit {module.name}. Contact your administrator if you need access."
    )
