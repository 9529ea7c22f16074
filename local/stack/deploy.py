"""Deploys the real `template.yaml` on the emulator, so that what runs locally is what is deployed.

The emulator applies the SAM transform itself. Only two things differ from AWS: where the code comes from, and
the parameters that permit http and loopback addresses.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local.stack.launch import StackFault

CODE_BUCKET = "tieout-local-code"
DEPLOY_SECONDS = 120.0
_CODE_URI = re.compile(r"^(\s*CodeUri:\s*).*$", re.M)
_PARAMETER = re.compile(r"^  ([A-Za-z0-9]+):", re.M)
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def deploy(
    client: Callable[[str], Any], name: str, template: Path, code: Path, parameters: Mapping[str, str]
) -> bool:
    """Creates or updates the stack and waits. False if it already existed unchanged. `client` makes a client
    for a service.

    Raises StackFault with the first resource that failed and why.
    """
    cloudformation = client("cloudformation")
    body = _CODE_URI.sub(rf"\g<1>s3://{CODE_BUCKET}/{code.name}", template.read_text())
    wanted = {key: value for key, value in parameters.items() if key in declared(body)}
    mark = hashlib.sha256(json.dumps([body, wanted], sort_keys=True).encode()).hexdigest()[:32]
    present = describe(cloudformation, name)
    if present and present["StackStatus"] in _DONE and _mark(present) == mark:
        return False
    address = _upload(client("s3"), code, body)
    call = cloudformation.update_stack if present else cloudformation.create_stack
    try:
        call(
            StackName=name,
            TemplateURL=address,
            Capabilities=_CAPABILITIES,
            Tags=[{"Key": "tieout-local", "Value": mark}],
            Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in wanted.items()],
        )
    except ClientError as fault:
        if "No updates are to be performed" not in str(fault):
            raise StackFault(f"The template could not be deployed locally: {str(fault)[-500:]}.") from None
    _wait(cloudformation, name)
    return True


def send_code(client: Callable[[str], Any], functions: Iterable[str], code: Path) -> None:
    """Gives these functions their code again. An unchanged template would not."""
    names = list(functions)
    if names:
        _upload_code(client("s3"), code)
    for name in names:
        client("lambda").update_function_code(FunctionName=name, S3Bucket=CODE_BUCKET, S3Key=code.name)


def declared(template: str) -> set[str]:
    """The names under `Parameters:` of a template's text."""
    block = re.search(r"^Parameters:\n((?:(?:[ #].*)?\n)+)", template, re.M)
    return set(_PARAMETER.findall(block[1])) if block else set()


def describe(cloudformation: Any, name: str) -> dict[str, Any] | None:
    """The stack, or None if there is none with this name."""
    try:
        found: dict[str, Any] = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as fault:
        if "does not exist" in str(fault):
            return None
        raise
    return None if found["StackStatus"] == "DELETE_COMPLETE" else found


def _mark(stack: Mapping[str, Any]) -> str:
    return next((tag["Value"] for tag in stack.get("Tags", ()) if tag["Key"] == "tieout-local"), "")


def _upload(s3: Any, code: Path, template: str) -> str:
    """Returns the template's address: as on AWS, a template of this size is too large to send directly."""
    _upload_code(s3, code)
    s3.put_object(Bucket=CODE_BUCKET, Key="template.yaml", Body=template.encode())
    return f"{s3.meta.endpoint_url}/{CODE_BUCKET}/template.yaml"


def _upload_code(s3: Any, code: Path) -> None:
    with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=CODE_BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
    s3.upload_file(str(code), CODE_BUCKET, code.name)


def _wait(cloudformation: Any, name: str) -> None:
    deadline = time.monotonic() + DEPLOY_SECONDS
    while True:
        stack = describe(cloudformation, name)
        status = stack["StackStatus"] if stack else "gone"
        if status in _DONE:
            return
        if "IN_PROGRESS" not in status or time.monotonic() > deadline:
            raise StackFault(
                f"The template could not be deployed locally ({status}): "
                f"{_first_failure(cloudformation, name)}"
            )
        time.sleep(0.1)


def _first_failure(cloudformation: Any, name: str) -> str:
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    failed = [event for event in reversed(events) if event["ResourceStatus"].endswith("FAILED")]
    if not failed:
        return "no reason given."
    return f"{failed[0]['LogicalResourceId']}: {failed[0].get('ResourceStatusReason', 'no reason given')}"
