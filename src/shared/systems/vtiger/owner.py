"""Who owns the records that Tieout creates: the setting `owner` (an id or a name), otherwise the
integration's own user."""

import re
from collections.abc import Sequence

from shared.errors import Halt
from shared.systems.vtiger import language
from shared.systems.vtiger.api import Api
from shared.systems.vtiger.faults import Denied
from shared.systems.vtiger.reader import Reader
from shared.systems.vtiger.values import native

_ID = re.compile(r"\d+x\d+", re.ASCII)
_PLACES: Sequence[tuple[str, str]] = (("Users", "user_name"), ("Groups", "groupname"))


class Owner:
    def __init__(self, api: Api, reader: Reader, wanted: str) -> None:
        self._api, self._reader, self._wanted = api, reader, wanted.strip()
        self._found = self._wanted if _ID.fullmatch(self._wanted) else ""

    def id(self) -> str:
        """Raises Halt for a name that no user and no group has: Vtiger itself accepts any owner, and loses
        the record."""
        if not self._found:
            self._found = self._named() if self._wanted else self._api.me().id
        return self._found

    def _named(self) -> str:
        for module, column in _PLACES:
            try:
                rows = self._reader.query(
                    language.select(["id", column], module, [language.is_one_of(column, [self._wanted])])
                )
            except Denied:
                continue
            for row in rows:
                if native(row.get(column)).casefold() == self._wanted.casefold():
                    return native(row["id"])
        raise Halt(
            f"the setting owner of the Vtiger connection is '{self._wanted}', and no user or group of that "
            "name can be seen there: correct it, or give the id, such as 19x5"
        )
