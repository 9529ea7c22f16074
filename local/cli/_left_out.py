"""`tieout decide RECORD skip` and `take-up`: leaves a record out for good, and takes it up again."""

import getpass
from collections.abc import Mapping
from typing import Literal

from local.cli._app import Usage, doing, out, show_json
from local.cli._services import services
from local.stack.target import Target
from shared.domain.titles import title
from shared.domain.wording import words
from shared.operations.answers import CannotAnswer, leave_out
from shared.operations.known_links import Name
from shared.operations.why_find import meant

SAYS: Mapping[str, Literal["skip", "take up"]] = {"skip": "skip", "take-up": "take up"}


def leave_out_one(
    target: Target, integration: str | None, record: str, verdict: str, dry_run: bool, as_json: bool
) -> None:
    """Queues it for whoever handles the record next. Raises Usage where it cannot be said."""
    with doing("Looking"), services(target, integration) as opened:
        name = _one(record, meant(opened, record))
        run = ""
        if not dry_run:
            try:
                run = leave_out(opened, name, somebody(), SAYS[verdict]).run_id
            except CannotAnswer as no:
                raise Usage(f"Nothing was decided: {no}.") from None
    if as_json:
        show_json({"run": run, "system": name[0], "entity": name[1], "record": name[2], "says": verdict})
        return
    what = f"{title(name[0])} {words(name[1])} {name[2]}"
    told = {"skip": "is left out for good", "take-up": "is taken up again"}[verdict]
    if dry_run:
        out.print(f"{what} would be said to be so: it {told}. Nothing was stored.", highlight=False)
    else:
        out.print(f"{what} {told}; `tieout log {name[2]}` shows it.", highlight=False)


def somebody() -> str:
    """Whose word it is, for the log: the name under which the person is signed in to this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "the command line"


def _one(record: str, names: list[Name]) -> Name:
    if len(names) == 1:
        return names[0]
    if not names:
        raise Usage(f"There is no record with the id, name or number “{record}”.")
    listed = ", ".join("/".join(one) for one in names[:10])
    raise Usage(f"“{record}” may be {len(names)} records: write one of {listed}.")
