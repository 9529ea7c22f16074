"""Every version of the settings that is kept, and what one of them changed."""

from shared.console.reply import Reply
from shared.console.visit import NotFound, Visit
from shared.operations.settings_text import digest, settings_text
from shared.operations.settings_versions import differences, in_force
from shared.ports.versions import KEPT, Version


def show(visit: Visit) -> Reply:
    versions, now = _versions(visit)
    return visit.show("versions.html", "Versions", versions=versions, current=now, most=KEPT)


def one(visit: Visit) -> Reply:
    """The newest, or that in `id`; against the version before it, or that in `against`."""
    versions, now = _versions(visit)
    asked = visit.query.get("id") or (versions[0].id if versions else "")
    place = next((at for at, kept in enumerate(versions) if kept.id == asked), None)
    if place is None:
        raise NotFound
    version, older = versions[place], versions[place + 1 : place + 2]
    wanted = visit.query.get("against", "")
    against = next((kept for kept in versions if kept.id == wanted), older[0] if older else None)
    if wanted and (against is None or against.id != wanted):
        raise NotFound
    return visit.show(
        "version.html",
        f"Version {version.digest}",
        version=version,
        against=against,
        versions=versions,
        current=now,
        base=digest(settings_text(visit.services.integration)),
        diff=[*differences(against.text, version.text)] if against else [],
    )


def _versions(visit: Visit) -> tuple[list[Version], Version | None]:
    integration = visit.services.integration
    versions = visit.services.integrations.versions(integration.name)
    return versions, in_force(versions, integration)
