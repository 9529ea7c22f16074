"""`tieout check`: settings, flow and rule files against the field lists of the live systems."""

from local.cli._app import IntegrationOption, JsonOption, StackOption, command, doing, open_target
from local.cli._findings import report
from local.cli._services import services
from shared.operations.connect import check_system
from shared.ports import Finding


@command
def check(
    stack: StackOption = None, integration: IntegrationOption = None, as_json: JsonOption = False
) -> None:
    """Sign in to both systems and compare what the rules name with what is there."""
    with doing("Checking") as say, services(open_target(stack), integration) as opened:
        findings = [
            Finding("ok", "rules", f"flow {opened.flow.name} compiles, version {opened.flow.version}")
        ]
        for system in opened.systems:
            say(f"Checking {system}")
            findings += check_system(opened, system)
    report(findings, as_json)
