"""What a release does not take of the rules that an integration has stored: nothing is synchronised then."""

from pathlib import Path

import shared.mapping
from shared.errors import RuleInvalid
from shared.settings import Integration

_FLOWS = Path(shared.mapping.__file__).parents[1] / "flows"


def refused(integration: Integration) -> str:
    """A line for each fault, "" where there is none. A release takes the rules that it ships; they are not
    compiled for this, which would take longer than all else that `status` does."""
    own = integration.rules or integration.directions
    if not own and (_FLOWS / f"{integration.flow}.toml").exists():
        return ""
    from shared.mapping.compile import compile_flow

    try:
        compile_flow(integration.flow, integration.rules, integration.directions)
    except RuleInvalid as fault:
        return str(fault)
    return ""
