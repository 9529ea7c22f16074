"""The addresses of the sign-in: the authorise page, /token and /revoke."""

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from local.vendors.sage_accounting.oauth import SCOPES, GrantRefused, SignIn

_STYLE = (
    "body{font:16px system-ui;margin:4rem auto;max-width:32rem;color:#222}"
    "button{font:inherit;padding:.5rem 1.5rem;margin:.3rem}"
)


def oauth_routes(sign_in: SignIn) -> list[Route]:
    pages = _Pages(sign_in)
    return [
        Route("/oauth2/auth/central", pages.authorise, methods=["GET"]),
        Route("/token", pages.token, methods=["POST"]),
        Route("/revoke", pages.revoke, methods=["POST"]),
    ]


class _Pages:
    def __init__(self, sign_in: SignIn) -> None:
        self.sign_in = sign_in
        self.options = sign_in.options

    async def authorise(self, request: Request) -> Response:
        """Shows the page, or takes the button that was pressed on it (`decision`, `chosen`)."""
        asked = dict(request.query_params)
        wrong = self._unsafe(asked)
        if wrong:
            return HTMLResponse(_page(f"<h1>Invalid request</h1><p>{escape(wrong)}</p>"), status_code=400)
        refusal = _refusal(asked)
        if refusal:
            return _back(asked, {"error": refusal})
        countries = self._countries(asked)
        if not countries:
            return _back(
                asked, {"error": "Invalid request", "reason": "There is no business in this country."}
            )
        if asked.get("decision") == "deny":
            return _back(asked, {"error": "access_denied"})
        if asked.get("decision") == "allow" or asked.get("auto") == "yes" or self.options.auto_allow:
            chosen = asked.get("chosen", "").upper()
            return self._allowed(asked, chosen if chosen in countries else countries[0])
        return HTMLResponse(_consent(asked, countries, [one.name for one in self.options.businesses]))

    def _unsafe(self, asked: Mapping[str, str]) -> str:
        """Why the request must not be answered with a redirect, which could lead to a stranger's site."""
        target = asked.get("redirect_uri", "")
        if asked.get("client_id") != self.options.client_id:
            return "The application is not known: check the client id."
        if not target.startswith(("http://", "https://")) or (
            self.options.redirect_uris and target not in self.options.redirect_uris
        ):
            return "The redirect URI is not registered for this application."
        return ""

    def _countries(self, asked: Mapping[str, str]) -> list[str]:
        known = list(dict.fromkeys(one.country.upper() for one in self.options.businesses))
        wanted = asked.get("country", "").upper()
        return [one for one in known if not wanted or one == wanted]

    def _allowed(self, asked: Mapping[str, str], country: str) -> Response:
        return _back(asked, {"code": self.sign_in.consent(asked, country), "country": country})

    async def token(self, request: Request) -> Response:
        return await self._form(request, self.sign_in.token)

    async def revoke(self, request: Request) -> Response:
        def revoked(form: Mapping[str, str]) -> dict[str, Any]:
            self.sign_in.revoke(form)
            return {"success": "ok"}

        return await self._form(request, revoked)

    async def _form(self, request: Request, run: Any) -> Response:
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip()
        try:
            if kind != "application/x-www-form-urlencoded":
                raise GrantRefused(
                    "invalid_request", "Send the parameters as application/x-www-form-urlencoded."
                )
            text = (await request.body()).decode("utf-8", "replace")
            return JSONResponse(
                run(dict(parse_qsl(text, keep_blank_values=True))), headers={"Cache-Control": "no-store"}
            )
        except GrantRefused as fault:
            return JSONResponse({"error": fault.reason, "error_description": str(fault)}, status_code=400)


def _refusal(asked: Mapping[str, str]) -> str:
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    if asked.get("scope") not in SCOPES:
        return "invalid_scope"
    if not asked.get("country") and asked.get("filter") != "apiv3.1":
        return "invalid_request"
    if asked.get("code_challenge") and asked.get("code_challenge_method", "plain") not in ("S256", "plain"):
        return "invalid_request"
    return ""


def _back(asked: Mapping[str, str], values: dict[str, str]) -> Response:
    if "state" in asked:
        values = {**values, "state": asked["state"]}
    target = asked["redirect_uri"]
    return RedirectResponse(f"{target}{'&' if '?' in target else '?'}{urlencode(values)}", status_code=302)


def _consent(asked: Mapping[str, str], countries: list[str], names: list[str]) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.items()
        if name not in ("decision", "chosen")
    )
    forms = "".join(
        f'<form method="get" action="/oauth2/auth/central">{hidden}<input type="hidden" name="chosen" '
        f'value="{escape(one)}"><button name="decision" value="allow">Allow ({escape(one)})</button></form>'
        for one in countries
    )
    denial = (
        f'<form method="get" action="/oauth2/auth/central">{hidden}<button name="decision" '
        'value="deny">Deny</button>'
        "</form>"
    )
    listed = "".join(f"<li>{escape(name)}</li>" for name in names)
    return _page(
        f"<h1>Sage (emulated)</h1><p>The application {escape(asked['client_id'])} asks for "
        f"{escape(asked['scope'])} to your businesses:</p><ul>{listed}</ul>{forms}{denial}"
    )


def _page(body: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Sage (emulated)</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>"
    )
