"""Who may see the console: the user pool, its client, and the parameter that the console reads."""

import json
import re
from typing import Any

import pytest

from local.ci.template_file import Template, resources
from shared.console.oidc import CALLBACK
from shared.console.sign_in import LEFT
from shared.ports.sessions import Provider
from shared.stores.aws_provider import parameter_name, parsed

ADDRESS = "https://abc.lambda-url.eu-west-2.on.aws/"
PLAIN = {
    "AWS::Region": "eu-west-2", "AWS::StackName": "tieout", "AWS::AccountId": "123456789012",
    "UserPool.ProviderName": "cognito-idp.eu-west-2.amazonaws.com/eu-west-2_Pool",
    "UserPoolClient": "client-1", "UserPoolDomain": "tieout-123456789012",
    "ConsoleFunctionUrl.FunctionUrl": ADDRESS, "RolesClaim": "cognito:groups", "AdminGroup": "admin",
    "ViewerGroup": "viewer", "SignInIssuer": "https://id.example", "SignInClientId": "c-2",
    "ConsoleAddress": "https://console.example/", "SignInSecret": "tieout-sign-in", "SignInDomain": "books",
}  # fmt: skip


def valued(value: Any, conditions: dict[str, bool], names: dict[str, str] = PLAIN) -> str:
    """What CloudFormation makes of it."""
    if isinstance(value, str):
        return value
    ((how, what),) = value.items()
    if how == "Ref":
        return names[what]
    if how == "Fn::GetAtt":
        return names[".".join(what)]
    if how == "Fn::If":
        return valued(what[1] if conditions.get(what[0], False) else what[2], conditions, names)
    assert how == "Fn::Sub"
    text, given = (what, {}) if isinstance(what, str) else what
    known = {**names, **{name: valued(one, conditions, names) for name, one in given.items()}}
    return re.sub(r"\$\{([^}]+)\}", lambda found: known[found[1]], text)


def provider(template: Template, **conditions: bool) -> dict[str, str]:
    text = valued(template["Resources"]["SignInParameter"]["Properties"]["Value"], conditions)
    return parsed(text, "the parameter")


def test_the_console_is_told_of_the_stacks_own_pool(template: Template) -> None:
    found = provider(template, OwnPool=True)
    assert found == {
        "issuer": "https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_Pool",
        "client_id": "client-1",
        "address": ADDRESS,
        "authorize": "https://tieout-123456789012.auth.eu-west-2.amazoncognito.com/oauth2/authorize",
        "token": "https://tieout-123456789012.auth.eu-west-2.amazoncognito.com/oauth2/token",
        "sign_out": "https://tieout-123456789012.auth.eu-west-2.amazoncognito.com/logout?client_id=client-1"
        f"&logout_uri={ADDRESS}-/signed-out",
        "roles_claim": "cognito:groups",
        "admin": "admin",
        "viewer": "viewer",
    }
    assert Provider(**found).authorize


def test_the_console_is_told_of_another_provider(template: Template) -> None:
    found = provider(template, HasSignInSecret=True, HasConsoleAddress=True)
    assert (found["issuer"], found["client_id"]) == ("https://id.example", "c-2")
    assert (found["address"], found["secret_name"]) == ("https://console.example/", "tieout-sign-in")
    assert not {"authorize", "token", "sign_out"} & found.keys(), "they are looked up at the issuer"


def test_the_parameter_has_the_name_that_is_read(template: Template) -> None:
    name = template["Resources"]["SignInParameter"]["Properties"]["Name"]
    assert valued(name, {}) == parameter_name("tieout/")


@pytest.mark.parametrize(("own", "address"), [(False, ADDRESS), (True, "https://console.example/")])
def test_cognito_leads_back_to_the_console_alone(template: Template, own: bool, address: str) -> None:
    client = template["Resources"]["UserPoolClient"]["Properties"]
    back, left = (
        [valued(one, {"HasConsoleAddress": own}) for one in client[key]]
        for key in ("CallbackURLs", "LogoutURLs")
    )
    assert back == [address.rstrip("/") + CALLBACK]
    assert left == [address.rstrip("/") + LEFT]
    assert client["AllowedOAuthFlows"] == ["code"] and client["GenerateSecret"] is False


def test_nobody_lets_himself_in(template: Template) -> None:
    pool = template["Resources"]["UserPool"]["Properties"]
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert (
        pool["MfaConfiguration"] == {"Ref": "SignInMfa"}
        and template["Parameters"]["SignInMfa"]["Default"] == "ON"
    )


def test_where_no_code_is_asked_for_no_kind_is_named(template: Template) -> None:
    """Cognito refuses both at once."""
    kinds = template["Resources"]["UserPool"]["Properties"]["EnabledMfas"]
    assert kinds == {"Fn::If": ["AsksForCode", ["SOFTWARE_TOKEN_MFA"], {"Ref": "AWS::NoValue"}]}


def test_the_sign_in_page_is_named_for_stack_and_account(template: Template) -> None:
    domain = template["Resources"]["UserPoolDomain"]["Properties"]["Domain"]
    assert valued(domain, {}) == "tieout-123456789012"
    assert valued(domain, {"HasSignInDomain": True}) == "books"


def test_another_provider_needs_nothing_of_cognito(template: Template) -> None:
    for name, one in template["Resources"].items():
        if one["Type"].startswith("AWS::Cognito::"):
            assert one["Condition"] in ("OwnPool", "HasConsoleAdmin"), name


def test_no_parameter_can_break_the_json(template: Template) -> None:
    """Whatever is put into it holds no quote."""
    for name in (
        "SignInIssuer",
        "SignInClientId",
        "ConsoleAddress",
        "RolesClaim",
        "AdminGroup",
        "ViewerGroup",
    ):
        pattern = re.compile(template["Parameters"][name]["AllowedPattern"])
        assert not pattern.search('https://x/"'), name
        assert not pattern.search('a", "secret_name": "b'), name
    assert json.loads(
        valued(template["Resources"]["SignInParameter"]["Properties"]["Value"], {"OwnPool": True})
    )


def test_the_clients_secret_is_in_no_parameter(template: Template) -> None:
    assert template["Parameters"]["SignInClientSecret"]["NoEcho"] is True
    users = [name for name, one in template["Resources"].items() if "SignInClientSecret" in str(one)]
    assert users == ["SignInSecret"]
    assert set(resources(template, "AWS::SSM::Parameter")) == {"SignInParameter"}
