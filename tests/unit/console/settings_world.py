"""A console whose integration goes by the settings that are stored in it, and what a person enters there."""

import html
import re
from collections.abc import Mapping
from typing import Any

from shared.bootstrap import Services
from shared.console.reply import Reply
from shared.mapping.compile import compile_flow
from shared.settings import Integration
from tests.browser.console_world import Console
from tests.properties.rig import NAME
from tests.stories.customers import Customers
from tests.stories.orders import Orders

_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Settled(Console):
    """`rig.flow` follows what is stored."""

    def __init__(self, here: Customers | Orders, *grants: str) -> None:
        super().__init__(here.rig, None, *grants)
        self.here = here
        made: Any = self.deployment
        made.services = lambda _, refused="": self._services(refused)

    def _services(self, refused: str) -> Services:
        """As `open_services` does it."""
        stored = self.stored
        rules, directions = ({}, {}) if refused else (stored.rules, stored.directions)
        self.rig.flow = compile_flow(stored.flow, rules, directions)
        made = self.rig.services()
        made.refused = refused
        return made

    @property
    def stored(self) -> Integration:
        return self.rig.world.integrations.load(NAME)

    def press(self, shown: Reply, action: str) -> Reply:
        """Posts the form of the page that leads there, as it stands."""
        form = forms(shown.body, action)
        return self.ask("POST", f"/{NAME}/{action}", form=form)

    def saved(self, **entered: str) -> Reply:
        """What was entered under Settings, looked at and stored."""
        shown = self.post("settings", **entered)
        assert "Save these settings" in shown.body, shown.body
        return self.follow(self.press(shown, "settings-save"))


def forms(body: str, action: str) -> Mapping[str, str]:
    """The hidden fields of the form that goes to this action."""
    part = body.split(f'action="/{NAME}/{action}"', 1)[1].split("</form>")[0]
    return {html.unescape(name): html.unescape(value) for name, value in _HIDDEN.findall(part)}
