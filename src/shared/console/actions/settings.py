"""Settings stored, and put back to an earlier version. What a form brings is checked again, whatever was
shown before."""

from shared.console.draft import unpacked
from shared.console.visit import Done, Visit
from shared.errors import RuleInvalid
from shared.operations.settings_check import faults_of
from shared.operations.settings_text import digest, read_parts, settings_text
from shared.operations.settings_versions import (
    CONSOLE,
    Maker,
    rolled_back,
    stored_with_version,
    with_parts,
)


def save(visit: Visit) -> Done:
    """`draft`: the settings as they were shown; `base`: digest of those that they were made from."""
    said, services = visit.request.said, visit.services
    try:
        draft = unpacked(said("draft"))
    except ValueError:
        return Done("settings-cut", "settings")
    stored, name = services.integration, services.integration.name
    if digest(settings_text(stored)) != said("base"):
        return Done("settings-overtaken", "settings")
    try:
        parts = read_parts(draft, name)
        if faults_of(parts):
            return Done("settings-refused", "settings")
        after = with_parts(stored, parts)
        if settings_text(after) == settings_text(stored):
            return Done("settings-same", "settings")
        maker = Maker(visit.visitor.name, CONSOLE)
        kept = stored_with_version(services.integrations, stored, after, maker, visit.now)
    except (RuleInvalid, ValueError):
        return Done("settings-refused", "settings")
    return Done("settings-saved", "versions") if kept else Done("settings-overtaken", "settings")


def roll_back(visit: Visit) -> Done:
    """`version`: one of this integration's own; `base`: digest of the settings that the person saw in
    force."""
    said, services = visit.request.said, visit.services
    try:
        kept = rolled_back(
            services.integrations,
            services.integration.name,
            said("version"),
            said("base"),
            visit.visitor.name,
            visit.now,
        )
    except KeyError:
        return Done("no-version", "versions")
    except (RuleInvalid, ValueError):
        return Done("version-refused", "versions")
    return Done("rolled-back" if kept else "settings-overtaken", "versions")
