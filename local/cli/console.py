"""`tieout console`: a new sign-in key for the console, and where the console is."""

from local.cli._app import IntegrationOption, JsonOption, StackOption, command, open_target, out, pick, show_json
from local.cli._services import services
from shared.connecting import with_new_token
from shared.console.session import KEYS


@command
def console(stack: StackOption = None, integration: IntegrationOption = None, as_json: JsonOption = False) -> None:
    """Make a sign-in key. The one before it stays valid, older ones end."""
    target = open_target(stack)
    with services(target, pick(target, integration)) as opened:
        changed, key = with_new_token(opened.integration, KEYS, opened)
        opened.integrations.save(changed)
    address = f"{target.console_url.rstrip('/')}/{changed.name}/"
    if as_json:
        show_json({"address": address, "key": key})
    else:
        out.print(f"Console: {address}\nSign-in key: {key}", highlight=False, markup=False, soft_wrap=True)
