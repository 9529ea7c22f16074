"""Every button: which path does what, and the role that may press it. All of them pass the router's one place
for actions, which checks the form's token and the role before."""

from collections.abc import Mapping

from shared.console.actions import (
    alike,
    connecting,
    dead_letters,
    fields,
    looking,
    previewing,
    saying,
    settings,
    stopping,
)
from shared.console.visit import Action

ACTIONS: Mapping[str, Action] = {
    "retry": Action(looking.retry),
    "retry-group": Action(looking.retry_group),
    "sync": Action(looking.sync),
    "decide": Action(alike.decide),
    "decide-many": Action(alike.decide_many),
    "preview": Action(previewing.make),
    "accept": Action(saying.accept_side),
    "skip": Action(saying.skip),
    "take-up": Action(saying.take_up),
    "release": Action(stopping.release),
    "deletions": Action(stopping.deletions),
    "read-fields": Action(fields.read_fields),
    "settings-save": Action(settings.save),
    "roll-back": Action(settings.roll_back),
    "dead-letters": Action(dead_letters.act),
    "connection-test": Action(connecting.test),
    "connection-save": Action(connecting.save),
    "connection-begin": Action(connecting.begin),
    "connection-choose": Action(connecting.choose),
    "connection-disconnect": Action(connecting.disconnect),
}
