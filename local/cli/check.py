"""`tieout check`: compares settings, flow and rule files with the field lists of the live systems."""

from local.cli._app import IntegrationOption, JsonOption, StackOption, command, doing, open_target
from local.cli._findings import report
from local.cli._services import services
from shared.domain.titles import title
from shared.operations.connect import check_system
from shared.ports import Finding


@command
def check(
    stack: StackOption = None, integration: IntegrationOption = None, as_json: JsonOption = False
) -> None:
    """Sign in to both systems and check that everything the rules name exists there."""
    with doing("Checking") as say, services(open_target(stack), integration) as opened:
        findings = [
            Finding("ok", "rules", f"The flow {opened.flow.name} compiles (version {opened.flow.version}).")
        ]
        findings += [Finding("ok", "not carried", why) for why in opened.flow.left_out.values()]
        for system in opened.systems:
            say(f"Checking {title(system)}")
            findings += check_system(opened, system)
    report(findings, as_json)
