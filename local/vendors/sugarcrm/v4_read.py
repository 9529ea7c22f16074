"""The reading methods of v4_1: lists, single entries, relationships, counts and field lists."""

import sqlite3
from collections.abc import Mapping
from typing import Any

from local.vendors.sugarcrm.database import Row
from local.vendors.sugarcrm.options import SugarUser
from local.vendors.sugarcrm.rights import may
from local.vendors.sugarcrm.schema import Module, metadata
from local.vendors.sugarcrm.server import SugarServer
from local.vendors.sugarcrm.v4_errors import DatabaseFailure, access_denied, no_module
from local.vendors.sugarcrm.v4_shapes import (
    asked_links,
    checked_id,
    chosen,
    condition,
    described,
    entry,
    ordering,
    php_int,
    values,
    visible,
)

PAGE = 20
_GONE = [
    {
        "name": "warning",
        "value": "Access to this object is denied since it has been deleted or does not exist",
    },
    {"name": "deleted", "value": "1"},
]
_ACTIONS = ("edit", "delete", "list", "view", "import", "export")


class V4Reads:
    def __init__(self, server: SugarServer) -> None:
        self._server = server
        self._database = server.database

    def module(self, name: Any) -> Module:
        """Names are case-sensitive. Raises V4Error 20."""
        found = self._server.module(str(name))
        if found is None or not found.in_v4:
            raise no_module()
        return found

    def stored(self, module: Module, record_id: str) -> Row | None:
        return self._database.row(module, record_id)

    def get_entry_list(self, user: SugarUser, args: Mapping[str, Any]) -> dict[str, Any]:
        module = self.module(args["module_name"])
        where, deleted = condition(args["query"]), bool(php_int(args["deleted"]))
        offset, wanted = php_int(args["offset"]), php_int(args["max_results"])
        names = chosen(module, args["select_fields"])
        try:
            rows = self._database.select(
                module,
                ["id", *names],
                where,
                order=ordering(module, args["order_by"]),
                limit=wanted if wanted > 0 else PAGE,
                offset=offset,
                deleted=deleted,
            )
            total = self._database.count(module, where, deleted=deleted)
        except sqlite3.Error as error:
            raise DatabaseFailure(str(error)) from None
        links = asked_links(args["link_name_to_fields_array"])
        return {
            "result_count": len(rows),
            "total_count": str(total) if total else 0,
            "next_offset": offset + len(rows),
            "entry_list": [entry(module, row, names) for row in rows],
            "relationship_list": [{"link_list": self._link_list(module, row["id"], links)} for row in rows]
            if links
            else [],
        }

    def get_entries_count(self, user: SugarUser, args: Mapping[str, Any]) -> dict[str, Any]:
        module = self.module(args["module_name"])
        try:
            total = self._database.count(
                module, condition(args["query"]), deleted=bool(php_int(args["deleted"]))
            )
        except sqlite3.Error as error:
            raise DatabaseFailure(str(error)) from None
        return {"result_count": str(total)}

    def get_entry(self, user: SugarUser, args: Mapping[str, Any]) -> dict[str, Any]:
        return self.get_entries(user, {**args, "ids": [args["id"]]})

    def get_entries(self, user: SugarUser, args: Mapping[str, Any]) -> dict[str, Any]:
        module = self.module(args["module_name"])
        ids = [checked_id(item) for item in args["ids"]] if isinstance(args["ids"], list) else []
        names = chosen(module, args["select_fields"])
        links = asked_links(args["link_name_to_fields_array"])
        entries = []
        for record_id in ids:
            row = self._database.row(module, record_id)
            if row and not may(user, "view", row):
                raise access_denied()  # one record refuses them all
            entries.append(
                entry(module, row, names)
                if row
                else {"id": record_id, "module_name": module.name, "name_value_list": _GONE}
            )
        related = [self._related(module, record_id, links) for record_id in ids] if links else []
        return {"entry_list": entries, "relationship_list": related}

    def get_relationships(self, user: SugarUser, args: Mapping[str, Any]) -> dict[str, Any]:
        module = self.module(args["module_name"])
        record_id = checked_id(args["module_id"])
        link = module.links.get(str(args["link_field_name"]))
        if link is None or self._database.row(module, record_id) is None:
            return {"entry_list": [], "relationship_list": []}
        other = self.module(link.module)
        ids = self._database.linked(module, record_id, link)
        names = chosen(other, args["related_fields"])
        rows = self._by_ids(
            other, ids, names, condition(args["related_module_query"]), ordering(other, args["order_by"])
        )
        start, limit = max(0, php_int(args["offset"])), php_int(args["limit"])
        rows = rows[start : start + limit] if limit > 0 else rows[start:]
        links = asked_links(args["related_module_link_name_to_fields_array"])
        return {
            "entry_list": [entry(other, row, names) for row in rows],
            "relationship_list": [{"link_list": self._link_list(other, row["id"], links)} for row in rows]
            if links
            else [],
        }

    def get_module_fields(self, user: SugarUser, args: Mapping[str, Any]) -> dict[str, Any]:
        module = self.module(args["module_name"])
        wanted = args["fields"] if isinstance(args["fields"], list) else []
        fields = {
            field.name: described(field) for field in visible(module) if not wanted or field.name in wanted
        }
        links = {
            name: {"name": name, "type": "link", **row}
            for name, row in module.v4_links.items()
            if not wanted or name in wanted
        }
        return {
            "module_name": module.name,
            "table_name": module.table,
            "module_fields": fields or [],
            "link_fields": links or [],
        }

    def get_available_modules(self, user: SugarUser, args: Mapping[str, Any]) -> dict[str, Any]:
        acls = [{"action": action, "access": may(user, action)} for action in _ACTIONS]
        rows = list(metadata()["available"])
        rows += [
            [name, name]
            for name, module in self._database.modules.items()
            if module.in_v4 and name not in metadata()["modules"]
        ]
        return {
            "modules": [
                {"module_key": key, "module_label": label, "favorite_enabled": False, "acls": acls}
                for key, label in rows
            ]
        }

    # ------------------------------------------------------------ links

    def _link_list(
        self, module: Module, record_id: str, links: list[tuple[str, list[str]]]
    ) -> list[dict[str, Any]]:
        """Lists wrap each related record in `link_value`; single entries do not."""
        return [
            {"name": item["name"], "records": [{"link_value": record} for record in item["records"]]}
            for item in self._related(module, record_id, links)
        ]

    def _related(
        self, module: Module, record_id: str, links: list[tuple[str, list[str]]]
    ) -> list[dict[str, Any]]:
        """A link without records is left out; an unknown link is included with none."""
        found: list[dict[str, Any]] = []
        for name, fields in links:
            link = module.links.get(name)
            if link is None or link.module not in self._database.modules:
                found.append({"name": name, "records": []})
                continue
            other = self._database.modules[link.module]
            names = chosen(other, fields)
            rows = self._by_ids(other, self._database.linked(module, record_id, link), names)
            if rows:
                found.append({"name": name, "records": [values(other, row, names) for row in rows]})
        return found

    def _by_ids(
        self, module: Module, ids: list[str], names: list[str], where: str = "1", order: str = ""
    ) -> list[Row]:
        if not ids:
            return []
        inside = f"({where}) AND {module.table}.id IN ({', '.join('?' * len(ids))})"
        try:
            return self._database.select(module, ["id", *names], inside, ids, order=order)
        except sqlite3.Error as error:
            raise DatabaseFailure(str(error)) from None
