"""Settings stored with their versions: who changed what, and the way back."""

import difflib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.record import record
from shared.errors import RuleInvalid
from shared.mapping.compile import compile_flow
from shared.operations.connect import hook_objects
from shared.operations.settings_text import Parts, digest, read_parts, settings_text
from shared.ports import IntegrationStore
from shared.ports.versions import Version
from shared.settings import Integration

FILE, CONSOLE, CONNECTED, FOUND = "settings file", "console", "a system connected", "found as it was"
"""What made a version. What is found without one, as from an earlier release, is kept before it changes."""
_LATER = timedelta(milliseconds=1)


@record
class Maker:
    """Who changes settings, and by what."""

    by: str
    why: str


def meanwhile(name: str) -> str:
    return (
        f"{name}: somebody has changed its settings since they were read here, so they were not stored: look "
        "at the versions in the console, and begin again"
    )


def stored_with_version(
    integrations: IntegrationStore,
    before: Integration | None,
    after: Integration,
    maker: Maker,
    now: datetime,
) -> bool:
    """False, and nothing is stored, when somebody has changed it since `before` was read."""
    text, kept = settings_text(after), integrations.versions(after.name)
    moment = max([now, *(one.at + _LATER for one in kept[:1])])  # another machine's clock may be ahead
    versions = list[Version]()
    if before is not None:
        was = settings_text(before)
        if in_force(kept[:1], before) is None:
            versions.append(Version(moment, "", digest(was), was, FOUND))
        if was == text:
            return integrations.change(before, after, [])
    versions.append(Version(moment + _LATER, maker.by, digest(text), text, maker.why))
    return integrations.change(before, after, versions)


def in_force(versions: list[Version], stored: Integration) -> Version | None:
    """The newest of them that says what is stored."""
    text = settings_text(stored)
    return next((one for one in versions if one.text == text), None)


def with_parts(stored: Integration, parts: Parts) -> Integration:
    """The integration with other settings; connections and webhook tokens stay. Raises RuleInvalid with all
    that is wrong with them."""
    if parts.flow != stored.flow:
        raise RuleInvalid(
            f"those settings are of the flow {parts.flow}, and this integration has {stored.flow}: another "
            "flow is connected with `tieout connect SYSTEM --settings FILE`"
        )
    flow = compile_flow(parts.flow, parts.rules, parts.directions)
    return replace(with_settings(stored, parts), hook_objects=hook_objects(flow))


def with_settings(stored: Integration, parts: Parts) -> Integration:
    """Unchecked: to be written down as text."""
    return replace(
        stored,
        directions=dict(parts.directions),
        brake=dict(parts.brake),
        intervals=dict(parts.intervals),
        rules=dict(parts.rules),
    )


def rolled_back(
    integrations: IntegrationStore, name: str, version_id: str, expected: str, by: str, now: datetime
) -> bool:
    """Makes the settings of an earlier version the newest one. `expected`: digest of what the person saw in
    force. False when somebody has changed it since. Raises KeyError where there is no such version, and
    RuleInvalid for one that cannot be taken any more."""
    stored = integrations.load(name)
    if digest(settings_text(stored)) != expected:
        return False
    version = next((one for one in integrations.versions(name) if one.id == version_id), None)
    if version is None:
        raise KeyError(version_id)
    after = with_parts(stored, read_parts(version.text, name))
    maker = Maker(by, f"back to {version.digest} of {version.at:%Y-%m-%d %H:%M}")
    return stored_with_version(integrations, stored, after, maker, now)


def differences(before: str, after: str, around: int = 2) -> Iterator[tuple[str, str]]:
    """Lines of a diff: ("-", gone), ("+", new), (" ", as it was), ("…", "") for what is left out."""
    old, new = before.splitlines(), after.splitlines()
    for number, group in enumerate(
        difflib.SequenceMatcher(None, old, new, False).get_grouped_opcodes(around)
    ):
        if number or group[0][1] or group[0][3]:
            yield "…", ""
        for what, start, end, first, last in group:
            if what == "equal":
                yield from ((" ", line) for line in old[start:end])
                continue
            yield from (("-", line) for line in old[start:end])
            yield from (("+", line) for line in new[first:last])
