"""`tieout mcp`: answers an assistant's questions over stdio, as a server of the Model Context Protocol."""

import sys

from local.cli._app import command, open_target
from local.cli._same_options import IntegrationOption, StackOption
from local.cli._services import services
from local.version import read_version


@command
def mcp(stack: StackOption = None, integration: IntegrationOption = None) -> None:
    """Answer an assistant's questions, such as why an invoice is not in Sage. Read only.

    An assistant starts this itself and talks to it over standard input and output; docs/api.md says how it is
    told to. It reads with the rights of whoever starts it, and calls a system only for a record of which
    nothing is known.
    """
    from local.cli._mcp_protocol import Server
    from local.cli._mcp_tools import Tools, about
    from shared.console.api.plain import text

    with services(open_target(stack), integration) as opened:
        told, name = about(opened), opened.integration.name
    tools = Tools(lambda: open_target(stack), name).all()
    Server("tieout", read_version(), told, tools).serve(sys.stdin, sys.stdout, text)
