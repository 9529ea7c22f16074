"""One file for each page; here is which path shows which."""

from collections.abc import Mapping

from shared.console.pages import (
    connection,
    connections,
    days,
    dead_letters,
    export,
    health,
    home,
    log,
    mapping,
    open_group,
    preview,
    preview_files,
    record,
    rules,
    runs,
    settings,
    sync,
    to_vendor,
    trail,
    versions,
)
from shared.console.visit import Page

PAGES: Mapping[str, Page] = {
    "": Page(home.show),
    "open": Page(open_group.show),
    "log": Page(log.show),
    "log.csv": Page(export.csv_file),
    "log.json": Page(export.json_file),
    "runs": Page(runs.show),
    "record": Page(record.show),
    "sync": Page(sync.show),
    "preview": Page(preview.show),
    "preview.csv": Page(preview_files.csv_file),
    "preview.json": Page(preview_files.json_file),
    "dead-letters": Page(dead_letters.show),
    "connections": Page(connections.show),
    "connection": Page(connection.show, role="admin"),
    "to-vendor": Page(to_vendor.show, role="admin"),
    "health": Page(health.show),
    "days": Page(days.show),
    "settings": Page(settings.show),
    "rules": Page(rules.show),
    "mapping": Page(mapping.show),
    "settings.toml": Page(settings.download),
    "versions": Page(versions.show),
    "version": Page(versions.one),
    "trail": Page(trail.show, role="admin"),
}

POSTED: Mapping[str, Page] = {
    "settings": Page(settings.reviewed, role="admin"),
    "mapping": Page(mapping.posted, role="admin"),
    "rules": Page(rules.reviewed, role="admin"),
}
"""Pages that answer a form and change nothing: what was entered comes back checked."""
