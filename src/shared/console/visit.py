"""One signed-in request: who asks, for what, and how a page is made of the answer."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote, urlencode

from shared.bootstrap import Services
from shared.bootstrap_deployment import Deployment
from shared.console.render import render
from shared.console.reply import Reply
from shared.console.request import Request
from shared.console.said import said
from shared.domain.record import record

Role = Literal["viewer", "admin"]
NAVIGATION = (
    ("", "To do"),
    ("log", "Log"),
    ("sync", "Sync"),
    ("preview", "Preview"),
    ("dead-letters", "Dead letters"),
    ("connections", "Connections"),
    ("settings", "Settings"),
    ("health", "Health"),
)


MENDING = frozenset(("rules", "settings-save", "roll-back", "versions", "version"))
"""Pages and buttons that work although this release refuses the stored rules: it is mended by them."""


class NotFound(Exception):
    """There is no such page, record or list: the answer is 404."""


@record
class Visitor:
    """`token` ties a form to the session that it was shown to; `person` is the sign-in provider's own id."""

    token: str
    roles: frozenset[Role]
    name: str = ""
    person: str = ""

    def may(self, role: Role) -> bool:
        return role in self.roles


@record
class Visit:
    services: Services
    deployment: Deployment
    visitor: Visitor
    request: Request
    page: str = ""

    @property
    def now(self) -> datetime:
        return self.services.clock.now()

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query

    def url(self, page: str = "", **query: str) -> str:
        """Of a page of this integration, without what is empty."""
        asked = {name: value for name, value in query.items() if value}
        return f"/{quote(self.services.integration.name)}/{page}" + (f"?{urlencode(asked)}" if asked else "")

    def show(self, template: str, title: str, **values: Any) -> Reply:
        services = self.services
        frame = {
            "integration": services.integration.name,
            "flow": services.flow.name,
            "page": self.page,
            "title": title,
            "token": self.visitor.token,
            "admin": self.visitor.may("admin") and (not services.refused or self.page in MENDING),
            "standing": services.refused.splitlines(),
            "visitor": self.visitor,
            "url": self.url,
            "navigation": NAVIGATION,
            "message": said(self.query),
            "now": self.now,
        }
        return Reply(200, render(template, **frame, **values))


@record
class Page:
    """How a path is answered. `role`: who may see it."""

    show: Callable[[Visit], Reply]
    role: Role = "viewer"


@record
class Done:
    """What became of an action. `code` is one of `said.CODES`, `count` how many; the browser then goes to
    `page` with `query`."""

    code: str
    page: str = ""
    query: Mapping[str, str] | None = None
    count: int | None = None


@record
class Action:
    """What a button does. `role`: who may press it."""

    do: Callable[[Visit], Done]
    role: Role = "admin"
