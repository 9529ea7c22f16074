"""Roles from whatever a provider calls groups."""

from typing import Any

import pytest

from shared.console.roles import grants, person_name, role, visible
from shared.domain.record import replace
from shared.ports.sessions import Session
from tests.contract.stores_world import START
from tests.sign_in_provider import PROVIDER


def session(*given: str) -> Session:
    return Session("p", "ann", given, START, START, START)


GROUPS: list[tuple[Any, tuple[str, ...]]] = [
    (["admin"], ("admin",)),
    (["staff", "viewer", "Admin"], ("viewer",)),
    (["viewer:shop", "admin:shop-2"], ("viewer:shop", "admin:shop-2")),
    ("viewer admin", ("viewer", "admin")),
    ("viewer,staff", ("viewer",)),
    ([], ()),
    (None, ()),
    ({"admin": 1}, ()),
    ([["admin"], 1, None], ()),
    (["administrator", "admins", "xadmin"], ()),
]


@pytest.mark.parametrize(("groups", "expected"), GROUPS)
def test_groups_become_grants(groups: Any, expected: tuple[str, ...]) -> None:
    assert grants({"cognito:groups": groups}, PROVIDER) == expected


def test_another_provider_has_its_own_claim_and_names() -> None:
    entra = replace(PROVIDER, roles_claim="groups", admin="6f1d-a", viewer="6f1d-v")
    assert grants({"groups": ["6f1d-a"], "cognito:groups": ["viewer"]}, entra) == ("admin",)
    keycloak = replace(PROVIDER, roles_claim="realm_access.roles")
    assert grants({"realm_access": {"roles": ["viewer"]}}, keycloak) == ("viewer",)
    assert grants({"realm_access": ["viewer"]}, keycloak) == ()
    auth0 = replace(PROVIDER, roles_claim="https://tieout.example/roles")
    assert grants({"https://tieout.example/roles": ["admin"]}, auth0) == ("admin",)


def test_a_name_that_is_blank_gives_nobody_a_role() -> None:
    assert grants({"cognito:groups": ["", ":shop"]}, replace(PROVIDER, admin="", viewer="")) == ()


def test_a_role_for_one_integration_ends_there() -> None:
    one = session("admin:shop", "viewer")
    assert (role(one, "shop"), role(one, "shop-2"), role(session(), "shop")) == ("admin", "viewer", "")
    assert role(session("viewer:shop"), "sho") == ""
    assert visible(session("viewer:a", "admin:c"), ["a", "b", "c"]) == ["a", "c"]


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"email": "ann@example.com", "sub": "1"}, "ann@example.com"),
        ({"email": "boss@example.com", "email_verified": False, "name": "Ann"}, "Ann"),
        ({"email": "a\nb", "sub": "1"}, "1"),
        ({"name": "x" * 500}, "x" * 200),
        ({}, "somebody"),
    ],
)
def test_a_person_has_a_name_in_the_trail(claims: dict[str, Any], name: str) -> None:
    assert person_name(claims) == name
