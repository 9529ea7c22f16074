"""What an ID token must say. Each case is a token that is right but for one thing."""

from datetime import timedelta
from typing import Any

import pytest

from shared.console.oidc_token import SignInRefused, checked
from shared.domain.record import replace
from tests.contract.stores_world import START
from tests.sign_in_provider import PROVIDER, FakeProvider, encoded

OTHER = replace(PROVIDER, issuer="https://id.example")
AT = int(START.timestamp())

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"iss": "https://cognito-idp.eu-west-2.amazonaws.com/eu-west-2_Other"}, "another provider"),
    ({"iss": "https://tieout-1.auth.example"}, "another provider"),
    ({"iss": PROVIDER.issuer + "/"}, "another provider"),
    ({"iss": None}, "another provider"),
    ({"aud": "client-2"}, "another application"),
    ({"aud": ["client-1", "client-2"]}, "another application"),
    ({"aud": None}, "another application"),
    ({"aud": {"client-1": 1}}, "another application"),
    ({"azp": "client-2"}, "another application"),
    ({"exp": AT - 61}, "expired"),
    ({"exp": None}, "expired"),
    ({"exp": "9999999999"}, "expired"),
    ({"exp": True}, "expired"),
    ({"exp": float("inf")}, "expired"),
    ({"iat": AT + 61}, "future"),
    ({"iat": None}, "future"),
    ({"iat": AT - 601}, "too old"),
    ({"nbf": AT + 61}, "not valid yet"),
    ({"nonce": "of another sign-in"}, "another sign-in"),
    ({"nonce": None}, "another sign-in"),
    ({"nonce": ["n"]}, "another sign-in"),
    ({"token_use": "access"}, "not a token for signing in"),
    ({"token_use": None}, "not a token for signing in"),
    ({"sub": None}, "who you are"),
    ({"sub": ""}, "who you are"),
    ({"sub": 7}, "who you are"),
]


def token(claims: dict[str, Any] | None = None, header: dict[str, Any] | None = None) -> str:
    made = FakeProvider()
    made.changed = claims or {}
    return encoded(made.claims(), header)


def test_a_right_token_is_believed() -> None:
    assert checked(token(), PROVIDER, "n", START)["sub"] == "p-1"
    assert checked(token({"aud": ["client-1"], "azp": "client-1"}), PROVIDER, "n", START)
    assert checked(token({"exp": AT - 59, "iat": AT + 59}), PROVIDER, "n", START), (
        "clocks may differ a little"
    )


@pytest.mark.parametrize(("claims", "why"), WRONG)
def test_one_wrong_claim_is_refused_with_a_sentence(claims: dict[str, Any], why: str) -> None:
    with pytest.raises(SignInRefused, match=why) as refused:
        checked(token(claims), PROVIDER, "n", START)
    assert not any(
        str(value) in str(refused.value) for value in claims.values() if isinstance(value, str) and value
    )


@pytest.mark.parametrize(
    "alg", ["none", "None", "NONE", "nOnE", "", None, "HS256", "HS512", "RS1", ["RS256"], 5]
)
def test_an_unsigned_token_or_one_that_a_client_could_sign_is_refused(alg: Any) -> None:
    """`HS256` with the public key for a secret is the classic confusion."""
    with pytest.raises(SignInRefused, match="only the provider can sign"):
        checked(token(header={"alg": alg}), PROVIDER, "n", START)


def test_a_header_that_must_be_understood_is_refused() -> None:
    with pytest.raises(SignInRefused, match="only the provider can sign"):
        checked(token(header={"alg": "RS256", "crit": ["exp"]}), PROVIDER, "n", START)


BROKEN = [
    None,
    7,
    "",
    "a.b",
    "a.b.c.d",
    "....",
    "!.!.c2ln",
    "e30.e30.",
    "e30=.e30=.c2ln",
    "W10.W10.c2ln",
    "x" * 70_000,
]


@pytest.mark.parametrize("text", [*BROKEN, token().rpartition(".")[0] + ".", "[" * 30_000 + ".e30.c2ln"])
def test_what_is_no_token_is_refused(text: Any) -> None:
    with pytest.raises(SignInRefused, match="cannot be accepted"):
        checked(text, PROVIDER, "n", START)


def test_a_nonce_of_nobody_matches_nothing() -> None:
    with pytest.raises(SignInRefused):
        checked(token({"nonce": ""}), PROVIDER, "", START)


def test_only_cognito_must_say_what_its_token_is_for() -> None:
    claims = {"iss": OTHER.issuer, "token_use": None}
    assert checked(token(claims), OTHER, "n", START)
    with pytest.raises(SignInRefused):
        checked(token({**claims, "token_use": "access"}), OTHER, "n", START)


def test_a_token_is_believed_for_minutes_only() -> None:
    assert checked(token({"iat": AT - 599}), PROVIDER, "n", START)
    with pytest.raises(SignInRefused, match="expired"):
        checked(token(), PROVIDER, "n", START + timedelta(hours=2))
