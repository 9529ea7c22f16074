"""The writing methods of v4_1. They report success for almost anything, even for what they did not do."""

from collections.abc import Mapping
from typing import Any

from local.vendors.sugarcrm.database import DuplicateId
from local.vendors.sugarcrm.options import SugarUser
from local.vendors.sugarcrm.records import Actor
from local.vendors.sugarcrm.rights import may
from local.vendors.sugarcrm.schema import READ_ONLY, Module
from local.vendors.sugarcrm.server import SugarServer
from local.vendors.sugarcrm.v4_errors import DatabaseFailure, NullAnswer, access_denied
from local.vendors.sugarcrm.v4_read import V4Reads
from local.vendors.sugarcrm.v4_shapes import checked_id, visible
from local.vendors.sugarcrm.v4_values import echo, name_values, stored


class V4Writes:
    def __init__(self, server: SugarServer, reads: V4Reads) -> None:
        self._records = server.records
        self._reads = reads

    def set_entry(self, user: SugarUser, args: Mapping[str, Any]) -> dict[str, Any]:
        module = self._writable(user, args["module_name"])
        sent = {
            name: value for name, value in name_values(args["name_value_list"]).items() if value is not None
        }
        known = {field.name: field for field in visible(module)}
        record_id = self._save(user, module, sent)
        result = {
            name: echo(known[name], value, user.decimal_comma)
            for name, value in sent.items()
            if name in known
        }
        return {
            "id": record_id,
            "entry_list": {name: {"name": name, "value": value} for name, value in result.items()} or [],
        }

    def set_entries(self, user: SugarUser, args: Mapping[str, Any]) -> dict[str, Any]:
        """In order, without per-row errors; rows written before a failure stay written."""
        module = self._writable(user, args["module_name"])
        lists = args["name_value_lists"] if isinstance(args["name_value_lists"], list) else []
        return {
            "ids": [
                self._save(
                    user,
                    module,
                    {name: value for name, value in name_values(given).items() if value is not None},
                )
                for given in lists
            ]
        }

    def set_relationship(self, user: SugarUser, args: Mapping[str, Any]) -> dict[str, int]:
        module = self._writable(user, args["module_name"])
        record_id = checked_id(args["module_id"])
        link = module.links.get(str(args["link_field_name"]))
        ids = args["related_ids"] if isinstance(args["related_ids"], list) else [args["related_ids"]]
        if link is None:
            return {"created": 0, "failed": 1, "deleted": 0}
        gone = str(args["delete"]) in ("1", "True", "true")
        act = self._records.unlink if gone else self._records.link
        done = [act(_actor(user), module, record_id, link, str(item)) for item in ids]
        if not all(done):
            return {"created": 0, "failed": 1, "deleted": 0}
        return {"created": 0 if gone else 1, "failed": 0, "deleted": 1 if gone else 0}

    def _writable(self, user: SugarUser, name: Any) -> Module:
        module = self._reads.module(name)
        if not (module.writable_v4 and may(user, "edit")):
            raise access_denied()
        return module

    def _save(self, user: SugarUser, module: Module, sent: Mapping[str, Any]) -> str:
        known = {field.name: field for field in visible(module)}
        record_id = checked_id(sent["id"]) if sent.get("id") else ""
        values = {
            name: stored(known[name], value, user.decimal_comma)
            for name, value in sent.items()
            if name in known and name != "id" and name not in READ_ONLY
        }
        if record_id and not _true(sent.get("new_with_id")):
            row = self._reads.stored(module, record_id)
            if row and not may(user, "edit", row):
                raise access_denied()
            self._change(user, module, record_id, values)
            return record_id
        try:
            return self._records.create(_actor(user), module, values, record_id)
        except DuplicateId as error:
            raise DatabaseFailure(f"Duplicate entry {error} for key PRIMARY") from None

    def _change(self, user: SugarUser, module: Module, record_id: str, values: dict[str, Any]) -> None:
        if module.name == "Currencies" and record_id == "-99":
            raise NullAnswer
        if values.get("deleted") == 1:
            self._records.delete(_actor(user), module, record_id)
        else:
            self._records.update(_actor(user), module, record_id, values)


def _actor(user: SugarUser) -> Actor:
    return Actor(user.id, "v4_1", user.decimal_comma)


def _true(value: Any) -> bool:
    return str(value).lower() in ("1", "true")
