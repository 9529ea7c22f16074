"""The stacks that the emulator holds, as its CloudFormation describes them: a command that is told so at once
need not ask. Imported only by `server.py`."""

import os
from typing import Any

from ministack.services import cloudformation


def told() -> dict[str, dict[str, Any]]:
    """Name -> status, outputs and parameters of each that is not deleted. What must not be shown is not."""
    here = os.environ.get("MINISTACK_REGION", "")
    found = {key[-1]: one for key, one in list(cloudformation._stacks._data.items()) if key[1] == here}
    return {
        name: {kept: [_shown(part) for part in one.get(kept, ())] for kept in ("Outputs", "Parameters")}
        for name, one in found.items()
        if one.get("StackStatus") != "DELETE_COMPLETE"
    }


def _shown(part: dict[str, Any]) -> dict[str, str]:
    kept = ("OutputKey", "OutputValue", "ParameterKey")
    texts: dict[str, str] = {name: str(part[name]) for name in kept if name in part}
    if "ParameterKey" in part:
        texts["ParameterValue"] = "****" if part.get("NoEcho") else str(part.get("ParameterValue", ""))
    return texts
