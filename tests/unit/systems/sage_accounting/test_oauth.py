"""The words of Sage's sign-in: addresses, callbacks and answers."""

import hashlib
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from shared.errors import BadCredentials, Unavailable
from shared.systems.sage_accounting import oauth
from shared.systems.sage_accounting.oauth import Grant


def test_the_challenge_is_the_verifiers_digest_without_padding() -> None:
    found = oauth.verifier()
    assert 43 <= len(found) <= 128 and oauth.verifier() != found
    expected = urlsafe_b64encode(hashlib.sha256(found.encode()).digest()).decode().rstrip("=")
    assert oauth.challenge(found) == expected and "=" not in expected


def test_the_address_names_everything_and_the_country_only_when_given() -> None:
    for country in ("", "GB"):
        url = oauth.authorize_url(
            oauth.AUTHORIZE_URL,
            client_id="id/1",
            redirect_uri="http://localhost:8975/callback",
            state="s",
            code_challenge=oauth.challenge("v" * 43),
            country=country,
        )
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert url.startswith("https://www.sageone.com/oauth2/auth/central?")
        assert query.pop("code_challenge") == oauth.challenge("v" * 43)
        assert query.pop("country", None) == (country.lower() or None)
        assert query == {
            "filter": "apiv3.1",
            "response_type": "code",
            "client_id": "id/1",
            "state": "s",
            "redirect_uri": "http://localhost:8975/callback",
            "scope": "full_access",
            "code_challenge_method": "S256",
        }


def test_a_code_is_decoded_once_and_sent_as_it_is() -> None:
    code = oauth.code_of(f"code={quote('GB/12+a%2F', safe='')}&country=GB&state=abc", "abc")
    assert code == "GB/12+a%2F"
    form = oauth.exchange_form(
        {"client_id": "i", "client_secret": "s"}, code, "http://localhost/callback", "v"
    )
    assert (
        form["code"] == code and form["grant_type"] == "authorization_code" and form["code_verifier"] == "v"
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("code=GB%2F1&state=other", "state differs"),
        ("code=GB%2F1", "state differs"),
        ("error=access_denied&state=abc", "access_denied"),
        ("error=Invalid+request&reason=No+business&state=abc", "Invalid request: No business"),
        ("state=abc", "without a code"),
    ],
)
def test_another_callback_is_refused_with_what_sage_said(query: str, said: str) -> None:
    with pytest.raises(BadCredentials, match=said):
        oauth.code_of(query, "abc")


def test_lifetimes_are_read_from_the_answer() -> None:
    body: dict[str, Any] = {
        "access_token": "a",
        "refresh_token": "r",
        "expires_in": 120,
        "refresh_token_expires_in": "999",
    }
    assert oauth.read_grant(body) == Grant("a", "r", 120, 999)
    assert oauth.read_grant({"access_token": "a", "refresh_token": "r"}) == Grant("a", "r", 300, 2_678_400)
    broken: Any
    for broken in (None, [], {}, {"access_token": "a"}, {**body, "expires_in": "soon"}):
        with pytest.raises(Unavailable):
            oauth.read_grant(broken)
