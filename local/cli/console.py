"""`tieout console`: makes a new sign-in key for the console, and prints its address."""

from local.cli._app import (
    IntegrationOption,
    JsonOption,
    StackOption,
    command,
    open_target,
    out,
    pick,
    show_json,
)
from local.cli._services import services
from local.stack.target import Target
from shared.console.session import KEYS
from shared.operations.connect import with_new_token


@command
def console(
    stack: StackOption = None, integration: IntegrationOption = None, as_json: JsonOption = False
) -> None:
    """Make a new sign-in key for the console. The previous key stays valid; older ones no longer work."""
    target = open_target(stack)
    address, key = console_key(target, pick(target, integration))
    if as_json:
        show_json({"address": address, "key": key})
    else:
        out.print(f"Console: {address}\nSign-in key: {key}", highlight=False, markup=False, soft_wrap=True)


def console_key(target: Target, integration: str) -> tuple[str, str]:
    """The console's address and a new key. The key is shown once and stored nowhere."""
    with services(target, integration) as opened:
        changed, key = with_new_token(opened.integration, KEYS, opened)
        opened.integrations.save(changed)
    return f"{target.address('ConsoleUrl').rstrip('/')}/{changed.name}/", key
