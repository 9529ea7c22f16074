"""One emulated server: options, clock, database and write path, shared by both APIs, the hooks and the admin
page."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from local.vendors.sugarcrm.clock import ServerClock
from local.vendors.sugarcrm.database import Database
from local.vendors.sugarcrm.options import SugarOptions, SugarUser
from local.vendors.sugarcrm.records import Actor, Records
from local.vendors.sugarcrm.schema import Module

PERSON = Actor("1", "admin")


class SugarServer:
    def __init__(self, options: SugarOptions) -> None:
        self.options = options
        self.clock = ServerClock()
        self.database = Database(options)
        self.records = Records(self.database, self.clock)
        self.users = {user.user_name: user for user in options.users}
        self._store_users()

    def reset(self) -> None:
        """Back to the initial state: no records, nobody signed in, the real time."""
        self.clock.run()
        self.database.reset()
        self.records.log.clear()
        self.users = {user.user_name: user for user in self.options.users}
        self._store_users()

    def module(self, name: str) -> Module | None:
        return self.database.modules.get(name)

    def user_by_id(self, user_id: str) -> SugarUser | None:
        return next((user for user in self.users.values() if user.id == user_id), None)

    def change_user(self, user_name: str, **changes: Any) -> None:
        """As an admin edits a user, e.g. `password="new"`. Raises KeyError or TypeError for what does not
        exist."""
        if "password" in changes:
            changes.setdefault("password_md5", "")
        self.users[user_name] = replace(self.users[user_name], **changes)

    def seed(self, module: str, rows: Iterable[dict[str, Any]]) -> int:
        """Stores many rows as they are, without log and hooks: quick sample data. `id` and dates may be
        given."""
        into = self.database.modules[module]
        now = self.clock.stored()
        count = 0
        with self.database.transaction():
            for row in rows:
                stamps = {
                    "deleted": 0,
                    "date_entered": now,
                    "date_modified": now,
                    "created_by": "1",
                    "modified_user_id": "1",
                }
                self.records.seed(into, {**stamps, **row})
                count += 1
        return count

    def _store_users(self) -> None:
        into = self.database.modules["Users"]
        now = self.clock.stored()
        for user in self.users.values():
            self.database.insert(
                into,
                {
                    "id": user.id,
                    "user_name": user.user_name,
                    "last_name": user.user_name.title(),
                    "status": "Active",
                    "is_admin": int(user.is_admin),
                    "deleted": 0,
                    "date_entered": now,
                    "date_modified": now,
                },
            )
