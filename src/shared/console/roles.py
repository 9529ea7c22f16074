"""Who may do what in the console. Pure.

Two roles: a *viewer* sees log and records, an *admin* also acts and changes settings. Both come from groups
that the provider names in the ID token, for all integrations (`admin`) or for one (`admin:NAME`).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from shared.ports.sessions import Provider, Session

Role = Literal["", "viewer", "admin"]
_MOST = 200
"""So many grants of one person are kept."""


def grants(claims: Mapping[str, Any], provider: Provider) -> tuple[str, ...]:
    """Those of a person's groups that mean something here, in our words: `admin`, `viewer:NAME`, …"""
    found: dict[str, None] = {}
    for group in _groups(_claim(claims, provider.roles_claim)):
        for role, named in (("admin", provider.admin), ("viewer", provider.viewer)):
            if named and group == named:
                found[role] = None
            elif named and group.startswith(f"{named}:"):
                found[f"{role}:{group[len(named) + 1 :]}"] = None
    return tuple(found)[:_MOST]


def role(session: Session, integration: str) -> Role:
    for one in ("admin", "viewer"):
        if one in session.grants or f"{one}:{integration}" in session.grants:
            return "admin" if one == "admin" else "viewer"
    return ""


def visible(session: Session, integrations: Iterable[str]) -> list[str]:
    """Those integrations in which the person has a role."""
    return [name for name in integrations if role(session, name)]


def person_name(claims: Mapping[str, Any]) -> str:
    """How the audit trail calls a person. An address that the provider did not verify is no name."""
    names = ("preferred_username", "name", "cognito:username", "sub")
    for one in (*(("email",) if claims.get("email_verified", True) in (True, "true") else ()), *names):
        text = claims.get(one)
        if isinstance(text, str) and text.strip() and text.isprintable():
            return text.strip()[:200]
    return "somebody"


def _claim(claims: Mapping[str, Any], name: str) -> Any:
    """By its whole name, in which a dot may stand; else as a path: `realm_access.roles` of Keycloak."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _groups(value: Any) -> list[str]:
    """A list of texts, or one text with commas or spaces between them."""
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
