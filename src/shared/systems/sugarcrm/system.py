"""Chooses the SugarCRM API by the connection's settings."""

from collections.abc import Mapping

from shared.errors import Halt
from shared.ports import Clock, System
from shared.systems._http import HttpClient
from shared.systems._tokens import TokenBinding
from shared.systems.sugarcrm.legacy import SugarV4
from shared.systems.sugarcrm.rest import SugarV11


def make_sugarcrm(
    http: HttpClient,
    options: Mapping[str, str],
    secret: Mapping[str, str],
    clock: Clock,
    binding: TokenBinding,
) -> System:
    """`http` is bound to options["url"], the base address of the site. v4_1 keeps no token: its session is
    bound to the caller's address.

    Raises Halt for an unknown `api`.
    """
    api = options.get("api", "v11")
    if api == "v11":
        return SugarV11(http, options, secret, clock, binding)
    if api == "v4_1":
        return SugarV4(http, options, secret, clock)
    raise Halt(
        f"the setting api of the SugarCRM connection is '{api}': write v11 (Sugar 7 and later) or v4_1 "
        "(Sugar 6, SuiteCRM)"
    )
