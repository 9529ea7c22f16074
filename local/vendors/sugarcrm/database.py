"""The server's tables in an in-memory SQLite, shared by both APIs as MySQL is in the real product.

Text is compared as in MySQL's default collation, ignoring case, accents and trailing blanks. Money is a
double, as in the v4_1 database. There is one connection and one lock."""

# Names come from the schema, values are passed as parameters; the condition of v4_1 is the client's own SQL
# on
# purpose. ruff: noqa: S608

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from local.vendors.sugarcrm.collation import compare
from local.vendors.sugarcrm.options import SugarOptions
from local.vendors.sugarcrm.schema import LINK_TABLES, NUMERIC, Field, Link, Module, modules

Row = dict[str, Any]


class DuplicateId(Exception):
    """The primary key exists already."""


class Database:
    def __init__(self, options: SugarOptions) -> None:
        self.modules = modules(options)
        self.lock = threading.RLock()
        self._base = options.base_currency
        self._open()

    def reset(self) -> None:
        """Empties all tables, except for the base currency."""
        with self.lock:
            self._sql.close()
            self._open()

    def _open(self) -> None:
        self._sql = sqlite3.connect(
            ":memory:", check_same_thread=False, isolation_level=None, cached_statements=256
        )
        self._sql.row_factory = sqlite3.Row
        self._sql.create_collation("mysql", compare)
        for statement in _tables(self.modules):
            self._sql.execute(statement)
        iso, name, symbol = self._base
        self.insert(
            self.modules["Currencies"],
            {
                "id": "-99",
                "name": name,
                "iso4217": iso,
                "symbol": symbol,
                "conversion_rate": 1,
                "base_rate": 1,
                "status": "Active",
                "deleted": 0,
            },
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. An inner transaction is part of the outer one."""
        with self.lock:
            if self._sql.in_transaction:
                yield
                return
            self._sql.execute("BEGIN")
            try:
                yield
            except BaseException:
                self._sql.execute("ROLLBACK")
                raise
            self._sql.execute("COMMIT")

    # ------------------------------------------------------------ reading

    def select(
        self,
        module: Module,
        names: Sequence[str],
        where: str = "1",
        params: Sequence[Any] = (),
        *,
        order: str = "",
        limit: int = -1,
        offset: int = 0,
        deleted: bool = False,
    ) -> list[Row]:
        """Rows of the named fields. Raises sqlite3.Error for a `where` that is not SQL.

        Without `order` the rows come by id.
        """
        columns = (
            ", ".join(f'{module.fields[name].sql} AS "{name}"' for name in names)
            or f"{module.table}.id AS id"
        )
        text = (
            f"SELECT {columns} {_source(module, where, deleted)}"
            f" ORDER BY {order or module.table + '.id'} LIMIT {int(limit)} OFFSET {max(0, int(offset))}"
        )
        with self.lock:
            return [dict(row) for row in self._sql.execute(text, tuple(params))]

    def count(
        self, module: Module, where: str = "1", params: Sequence[Any] = (), *, deleted: bool = False
    ) -> int:
        with self.lock:
            found = self._sql.execute(
                f"SELECT COUNT(*) {_source(module, where, deleted)}", tuple(params)
            ).fetchone()
        return int(found[0])

    def row(self, module: Module, record_id: str, *, deleted: bool = False) -> Row | None:
        """The whole record, or None; a deleted one only when asked for. Rows hidden from lists are found
        too."""
        text = f"SELECT {_all(module)} FROM {module.table}{module.joins} WHERE {module.table}.id = ?"
        text += "" if deleted else f" AND COALESCE({module.table}.deleted, 0) = 0"
        with self.lock:
            found = self._sql.execute(text, (record_id,)).fetchone()
        return dict(found) if found else None

    def linked(self, module: Module, record_id: str, link: Link) -> list[str]:
        """The ids of the live records behind a link, in order of id."""
        other = self.modules[link.module]
        if link.table:
            text = (
                f"SELECT o.id FROM {link.table} l JOIN {other.table} o ON o.id = l.{link.there}"
                f" WHERE l.{link.here} = ? AND COALESCE(o.deleted, 0) = 0 ORDER BY o.id"
            )
        elif link.their_column:
            text = (
                f"SELECT id FROM {other.table} WHERE {link.their_column} = ? AND COALESCE(deleted, 0) = "
                "0 ORDER BY id"
            )
        else:
            text = (
                f"SELECT o.id FROM {module.table} m JOIN {other.table} o ON o.id = m.{link.own_column}"
                " WHERE m.id = ? AND COALESCE(o.deleted, 0) = 0"
            )
        with self.lock:
            return [row[0] for row in self._sql.execute(text, (record_id,))]

    def scalar(self, text: str, params: Sequence[Any] = ()) -> Any:
        with self.lock:
            found = self._sql.execute(text, tuple(params)).fetchone()
        return found[0] if found else None

    # ------------------------------------------------------------ writing

    def insert(self, module: Module, values: Mapping[str, Any]) -> None:
        """A new row, and one in the custom table when the module has custom fields. Raises DuplicateId."""
        main, custom = _split(module, values)
        names = ", ".join(f'"{name}"' for name in main)
        try:
            with self.lock:
                self._sql.execute(
                    f"INSERT INTO {module.table} ({names}) VALUES ({_marks(main)})", tuple(main.values())
                )
        except sqlite3.IntegrityError:
            raise DuplicateId(str(values.get("id"))) from None
        self._custom(module, str(values["id"]), custom)

    def update(self, module: Module, record_id: str, values: Mapping[str, Any]) -> bool:
        """False if there is no such row. The custom row is written anyway, as on the real server."""
        main, custom = _split(module, values)
        sets = ", ".join(f'"{name}" = ?' for name in main) or "id = id"
        with self.lock:
            done = self._sql.execute(
                f"UPDATE {module.table} SET {sets} WHERE id = ?", (*main.values(), record_id)
            )
        self._custom(module, record_id, custom)
        return done.rowcount > 0

    def _custom(self, module: Module, record_id: str, values: Mapping[str, Any]) -> None:
        if not module.has_custom:
            return
        names = "".join(f', "{name}"' for name in values)
        sets = ", ".join(f'"{name}" = excluded."{name}"' for name in values)
        text = (
            f"INSERT INTO {module.table}_cstm (id_c{names}) VALUES (?{', ?' * len(values)}) ON CONFLICT "
            "(id_c) DO "
        )
        with self.lock:
            self._sql.execute(
                text + (f"UPDATE SET {sets}" if sets else "NOTHING"), (record_id, *values.values())
            )

    def relate(self, link: Link, own_id: str, their_id: str) -> None:
        """Links two records; if a record can have only one such link, the earlier one is replaced."""
        with self.lock:
            if link.single:
                self._sql.execute(f"DELETE FROM {link.table} WHERE {link.here} = ?", (own_id,))
            self._sql.execute(
                f"INSERT OR REPLACE INTO {link.table} ({link.here}, {link.there}) VALUES (?, ?)",
                (own_id, their_id),
            )

    def unrelate(self, link: Link, own_id: str, their_id: str | None = None) -> int:
        text, params = f"DELETE FROM {link.table} WHERE {link.here} = ?", [own_id]
        if their_id is not None:
            text, params = f"{text} AND {link.there} = ?", [own_id, their_id]
        with self.lock:
            return self._sql.execute(text, params).rowcount

    def set_email(self, bean_id: str, address: str) -> None:
        with self.lock:
            self._sql.execute("INSERT OR REPLACE INTO primary_emails VALUES (?, ?)", (bean_id, address))


def _source(module: Module, where: str, deleted: bool) -> str:
    live = "1" if deleted else f"COALESCE({module.table}.deleted, 0) = 0"
    return f"FROM {module.table}{module.joins} WHERE ({where}) AND {live} AND {module.listed}"


def _all(module: Module) -> str:
    return ", ".join(f'{item.sql} AS "{item.name}"' for item in module.fields.values())


def _split(module: Module, values: Mapping[str, Any]) -> tuple[Row, Row]:
    main: Row = {}
    custom: Row = {}
    for name, value in values.items():
        known = module.fields[name]
        if known.column:
            (custom if known.custom else main)[known.column] = value
    return main, custom


def _marks(values: Mapping[str, Any]) -> str:
    return ", ".join("?" * len(values))


def _tables(found: Mapping[str, Module]) -> Iterator[str]:
    for module in found.values():
        stored = [item for item in module.fields.values() if item.column and not item.custom]
        columns = ", ".join("id TEXT PRIMARY KEY" if item.name == "id" else _column(item) for item in stored)
        yield f"CREATE TABLE {module.table} ({columns}) WITHOUT ROWID"
        if module.has_custom:
            custom = "".join(", " + _column(item) for item in module.fields.values() if item.custom)
            yield f"CREATE TABLE {module.table}_cstm (id_c TEXT PRIMARY KEY{custom}) WITHOUT ROWID"
        if "date_modified" in module.fields:
            yield f"CREATE INDEX {module.table}_modified ON {module.table} (date_modified, id)"
    for table, (own, other) in LINK_TABLES.items():
        yield f"CREATE TABLE {table} ({own} TEXT, {other} TEXT, PRIMARY KEY ({own}, {other})) WITHOUT ROWID"
        yield f"CREATE INDEX {table}_back ON {table} ({other})"
    if "RevenueLineItems" in found:
        yield "CREATE INDEX revenue_line_items_parent ON revenue_line_items (opportunity_id)"
    yield "CREATE TABLE primary_emails (bean_id TEXT PRIMARY KEY, address TEXT COLLATE mysql) WITHOUT ROWID"


def _column(item: Field) -> str:
    kind = NUMERIC.get(item.type)
    if kind:
        return f'"{item.name}" {kind}'
    plain = item.type in ("id", "datetime", "date")
    return f'"{item.name}" TEXT' + ("" if plain else " COLLATE mysql")
