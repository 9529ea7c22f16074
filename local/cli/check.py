"""`tieout check`: compares settings, flow and rule files with the field lists of the live systems."""

from local.cli._app import command, doing
from local.cli._findings import faults_found, report
from local.cli._same_options import IntegrationOption, JsonOption, StackOption, TriedOption
from local.cli._services import services
from local.cli._trying import trying
from shared.domain.titles import title
from shared.operations.connect import check_system
from shared.operations.proved_prices import queue_unproved
from shared.ports import Finding


@command
def check(
    stack: StackOption = None,
    integration: IntegrationOption = None,
    settings: TriedOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sign in to both systems and check that everything the rules name exists there.

    With --settings it checks what that file and its rules folder say, and stores nothing.
    """
    with (
        faults_found(as_json),
        doing("Checking") as say,
        trying(stack, settings, integration) as tried,
        services(tried.stack, tried.name) as opened,
    ):
        findings = tried.told(opened)
        findings += [Finding("ok", "not carried", why) for why in opened.flow.left_out.values()]
        for system in opened.systems:
            say(f"Checking {title(system)}")
            findings += check_system(opened, system)
            if settings is None:  # what is only tried lets nothing go on
                findings += queue_unproved(opened, system)
    report(findings, as_json)
