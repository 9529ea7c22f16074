"""Whether each address of the ledger's table of users is that of one active user of the CRM."""

from shared.bootstrap import Services
from shared.domain.titles import title
from shared.errors import SyncError
from shared.ports import Finding
from shared.sync.engine.reference_tables import tables_needed


def user_findings(services: Services, system: str) -> list[Finding]:
    """Told with the CRM. Raises the SyncErrors of its connector."""
    flow, needed = services.flow, tables_needed(services.flow)
    if system != flow.crm or any("users" not in needed.get(one, ()) for one in (flow.crm, flow.sage)):
        return []
    try:
        table = services.systems[flow.sage].table("users")
    except SyncError:  # the ledger may not be connected yet; its own check says what is wrong with it
        return []
    wanted = {row["email"].strip().casefold() for row in table}
    known = services.systems[flow.crm].table("users")
    times = [row["email"].strip().casefold() for row in known]
    found = []
    for email in sorted(one for one in wanted if one):
        if times.count(email) != 1:
            how = "no active user" if email not in times else f"{times.count(email)} active users"
            message = (
                f"The table users of the settings names {email}, and {how} of {title(system)} have that "
                "address: nobody is assigned by it."
            )
            found.append(Finding("warning", "users", message))
    return found
