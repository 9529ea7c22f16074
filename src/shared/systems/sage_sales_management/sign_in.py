"""How a session key is got: the key pair goes in, an opaque key comes back.

How long it lives is not documented; published clients assume an hour or more. It is renewed before that,
and whenever
a call is refused with it. It cannot be prolonged.
"""

from collections.abc import Mapping
from datetime import timedelta

from shared.errors import BadCredentials, Halt, Unavailable
from shared.systems._http import HttpClient, Reply
from shared.systems._sign_in import NewToken, SignIn
from shared.systems._tokens import SharedToken, TokenBinding
from shared.systems.sage_sales_management.faults import UNREACHABLE, code_of

ROOT = "/api/v4/"
_LIFE = timedelta(minutes=55)


def session_of(http: HttpClient, secret: Mapping[str, str], binding: TokenBinding) -> SharedToken:
    """The session of one key pair at the address of `http`."""
    public, private = secret.get("public_key", ""), secret.get("private_key", "")
    return SharedToken(binding, KeySignIn(http, public, private), (http.base_url, public, private))


class KeySignIn(SignIn):
    title, name = "Sage Sales Management", "session"

    def __init__(self, http: HttpClient, public: str, private: str) -> None:
        self._http, self._public, self._private = http, public, private

    def sign_in(self) -> NewToken:
        if not self._public or not self._private:
            raise BadCredentials(
                "no public_key and private_key are stored for Sage Sales Management: run 'tieout connect "
                "sage_sales_management'"
            )
        reply = self._http.send(
            "POST",
            f"{ROOT}login",
            json_body={"username": self._public, "password": self._private},
            record_reply=False,
            hide=(self._private,),
        )
        return NewToken({"session": self._token(reply)}, _LIFE)

    def _token(self, reply: Reply) -> str:
        if reply.status >= 500 or code_of(reply) == UNREACHABLE:
            raise Unavailable(
                f"Sage Sales Management could not sign the integration in (HTTP {reply.status})"
            )
        if 300 <= reply.status < 400 or reply.status == 404:
            raise Halt(
                f"nothing signs in at the address of Sage Sales Management (HTTP {reply.status}): check url"
            )
        if reply.status != 200:
            raise BadCredentials(
                f"Sage Sales Management refused the key pair '{self._public}' (HTTP {reply.status}). Check "
                "both keys under Settings > Integrations > API key management, then run 'tieout connect "
                "sage_sales_management'"
            )
        try:
            token = reply.json().get("token")
        except (ValueError, AttributeError):
            token = None
        if not isinstance(token, str) or not token:
            raise Unavailable(
                "Sage Sales Management answered the sign-in without a session key: check that url is the "
                "address of its API"
            )
        return token
