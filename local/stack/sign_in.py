"""Makes the embedded Cognito's pool usable on this machine: the console's address is another one here, and
two people exist from the start, who sign in with a link.

On AWS all of this is in the template. Done at each start, after the deployment and before the release.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.stack import launch
from local.stack.home import Home
from local.stack.target import Target
from shared.console.oidc import CALLBACK

ROLES = ("admin", "viewer")
_KEPT = (
    "ClientName", "AllowedOAuthFlows", "AllowedOAuthFlowsUserPoolClient", "AllowedOAuthScopes",
    "SupportedIdentityProviders", "PreventUserExistenceErrors", "IdTokenValidity", "AccessTokenValidity",
    "RefreshTokenValidity", "TokenValidityUnits",
)  # fmt: skip


def prepare_sign_in(target: Target, home: Home) -> None:
    """A stack whose settings name another provider keeps it; only the console's address is this machine's."""
    address, ssm = target.address("ConsoleUrl"), target.client("ssm")
    name = target.outputs["SignIn"]
    before = json.loads(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    settings = {**before, "address": address, "sign_out": ""}
    pool = target.outputs.get("UserPool")
    if pool:
        own = f"http://localhost:{home.port}"
        settings |= {"authorize": f"{own}/oauth2/authorize", "token": f"{own}/oauth2/token"}
        cognito = target.client("cognito-idp")
        _lead_back(cognito, pool, before["client_id"], address)
        for role in ROLES:
            _person(cognito, pool, role)
    if settings != before:
        ssm.put_parameter(Name=name, Value=json.dumps(settings), Type="String", Overwrite=True)


def link(target: Target, integration: str, role: str = "admin") -> str:
    """Signs in whoever opens it first, within ten minutes, as this role. Raises OSError."""
    ticket = launch.control(_home(target), f"ticket/{user(role)}")["ticket"]
    return f"{target.address('ConsoleUrl')}-/sign-in?back=/{integration}/&hint={ticket}"


def _home(target: Target) -> Home:
    """Port and key of the stack, which are all that is needed to ask it."""
    port = urlsplit(target.endpoint or "").port or 0
    return Home(Path(), port, target.session.get_credentials().secret_key)


def user(role: str) -> str:
    return f"{role}@localhost"


def _lead_back(cognito: Any, pool: str, client: str, address: str) -> None:
    """An update replaces the whole client."""
    found = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=client)["UserPoolClient"]
    kept = {key: found[key] for key in _KEPT if key in found}
    back = [address.rstrip("/") + CALLBACK]
    cognito.update_user_pool_client(UserPoolId=pool, ClientId=client, CallbackURLs=back, **kept)


def _person(cognito: Any, pool: str, role: str) -> None:
    name = user(role)
    attributes = [{"Name": "email", "Value": name}, {"Name": "email_verified", "Value": "true"}]
    with suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            UserPoolId=pool, Username=name, UserAttributes=attributes, MessageAction="SUPPRESS"
        )
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=role)
