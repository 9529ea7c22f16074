"""The template as CloudFormation gets it: SAM's own transform, run in the environment of the local stack.

Only there can be seen what SAM adds: names, roles and schedules that `template.yaml` does not write out.
"""

import json
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-stack" / "bin" / "python"
_TRANSFORM = """
import json, sys
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse
class NoPolicies:
    def load(self):
        return {}
template = yaml_parse(open(sys.argv[1]).read())
template["Globals"]["Function"]["CodeUri"] = "s3://bucket/code.zip"
json.dump(transform(template, {}, NoPolicies()), sys.stdout, default=str)
"""
ACCOUNT = {
    "AWS::Region": "eu-west-2",
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
}


@cache
def transformed(template: Path = ROOT / "template.yaml") -> dict[str, Any]:
    """Raises CalledProcessError for a template that SAM refuses."""
    answer = subprocess.run(
        [str(PYTHON), "-c", _TRANSFORM, str(template)],
        env={"AWS_DEFAULT_REGION": ACCOUNT["AWS::Region"], "PATH": ""},
        capture_output=True,
        check=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def resolved(value: Any, stack: str, template: Mapping[str, Any]) -> Any:
    """`value` as it stands in a stack of this name with the parameters' defaults. A reference to a resource
    becomes STACK-LOGICALNAME, as CloudFormation would begin it."""
    known = {**ACCOUNT, "AWS::StackName": stack}
    known |= {name: one.get("Default", "") for name, one in template.get("Parameters", {}).items()}

    def one(part: Any) -> Any:
        if isinstance(part, list):
            return [one(each) for each in part]
        if not isinstance(part, dict):
            return part
        if set(part) == {"Ref"}:
            return known.get(part["Ref"], f"{stack}-{part['Ref']}")
        if set(part) == {"Fn::GetAtt"}:
            return f"{stack}-{'.'.join(part['Fn::GetAtt'])}"
        if set(part) == {"Fn::Sub"}:
            return _filled(part["Fn::Sub"], one)
        return {name: one(each) for name, each in part.items()}

    def _filled(given: Any, one: Any) -> str:
        text, names = (given, {}) if isinstance(given, str) else given
        while "${" in text:
            before, _, rest = text.partition("${")
            name, _, after = rest.partition("}")
            found = names.get(name, {"Fn::GetAtt": name.split(".", 1)} if "." in name else {"Ref": name})
            text = f"{before}{one(found)}{after}"
        return str(text)

    return one(value)
