"""Starts every function that `sam build` built under the Lambda runtime interface client, and gives it one
event.

    python -m local.ci.check_artifact --python PYTHON [--build .aws-sam/build]

PYTHON is an interpreter of the template's runtime version that has `awslambdaric` and `boto3` (the runtime
brings both). A module that does not load, a handler that raises and an answer that does not come each fail
the check, with exit code 1. AWS is an empty account on loopback. `artifact.sh` beside this file builds for
this machine first and brings PYTHON.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.ci.empty_account import EmptyAccount
from local.ci.runtime_api import Reply, RuntimeApi
from local.ci.template_file import Template, read_template, resources

EVENTS = Path(__file__).parents[2] / "events"
SAMPLES = {
    "receive_webhook": "receive_webhook.unknown_address.json",
    "poll_changes": "poll_changes.schedule.json",
    "reconcile": "reconcile.schedule.json",
    "console": "console.home.json",
    "notify": "notify.schedule.json",
    "sync_entity": "sync_entity.redriven_message.json",
}
ANSWER_SECONDS = 60.0


@dataclass(frozen=True)
class Built:
    """One function of the built template. `name` is the package under `functions/`."""

    logical: str
    folder: Path
    handler: str
    variables: Template

    @property
    def name(self) -> str:
        return self.handler.split(".")[1]


@dataclass(frozen=True)
class Result:
    built: Built
    reply: Reply | None
    seconds: float
    kilobytes: int
    log: str

    @property
    def fault(self) -> str:
        """Blank when the function started and answered as AWS expects."""
        if self.reply is None:
            return f"no answer within {ANSWER_SECONDS:.0f} seconds"
        if self.reply.kind != "response":
            return f"{self.reply.kind}: {json.dumps(self.reply.body)[:600]}"
        return wrong_shape(self.built.name, self.reply.body)


def wrong_shape(name: str, body: Any) -> str:
    """What is wrong with an answer, blank when nothing is."""
    if not isinstance(body, dict):
        return f"answered {body!r}, not an object"
    if name in ("receive_webhook", "console") and not 200 <= body.get("statusCode", 0) < 500:
        return f"answered {body!r}, expected a statusCode from 200 to 499"
    if name == "sync_entity" and not isinstance(body.get("batchItemFailures"), list):
        return f"answered {body!r}, expected a list of batchItemFailures"
    return ""


def built_functions(build: Path) -> list[Built]:
    """From the template that `sam build` writes. Raises FileNotFoundError when nothing was built."""
    template = read_template(build / "template.yaml")
    shared = template["Globals"]["Function"]
    found = []
    for logical, resource in resources(template, "AWS::Serverless::Function").items():
        own = resource["Properties"]
        variables = {**shared["Environment"]["Variables"], **own.get("Environment", {}).get("Variables", {})}
        handler = own.get("Handler", shared["Handler"])
        found.append(Built(logical, (build / own["CodeUri"]).resolve(), handler, variables))
    return found


def check(built: Built, python: str, account: EmptyAccount) -> Result:
    event = json.loads((EVENTS / SAMPLES[built.name]).read_text())
    api = RuntimeApi(event, built.logical, ANSWER_SECONDS)
    started = time.monotonic()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [python, "-m", "awslambdaric", built.handler],
            cwd=built.folder,
            stdout=log,
            stderr=log,
            env=environment(built, api.address, account),
        )
        try:
            reply = api.reply(ANSWER_SECONDS)
        finally:
            process.kill()
            process.wait()
            api.close()
        log.seek(0)
        text = log.read().decode("utf-8", "replace")
    return Result(built, reply, time.monotonic() - started, zipped_kilobytes(built.folder), text)


def environment(built: Built, address: str, account: EmptyAccount) -> dict[str, str]:
    """Only what Lambda itself would set, and the function's variables with the emulation's values."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(built.folder),
        "LAMBDA_TASK_ROOT": str(built.folder),
        "_HANDLER": built.handler,
        "AWS_LAMBDA_RUNTIME_API": address,
        "AWS_LAMBDA_FUNCTION_NAME": built.logical,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        **account.credentials,
        **{name: account.value(name, value) for name, value in built.variables.items()},
    }


def zipped_kilobytes(folder: Path) -> int:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(folder).as_posix())
    return round(buffer.tell() / 1000)


def report(result: Result) -> None:
    mark = "failed" if result.fault else "ok"
    print(
        f"{mark:7}{result.built.logical:20}{result.kilobytes:>6} KB zipped  {result.seconds:5.1f} s  "
        f"{result.fault}"
    )
    if result.fault:
        print("\n".join(f"       | {line}" for line in result.log.splitlines()[-15:]))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description="Start every built function under the Lambda runtime interface client."
    )
    parser.add_argument("--python", default=sys.executable, help="interpreter with awslambdaric and boto3")
    parser.add_argument(
        "--build", type=Path, default=Path(".aws-sam/build"), help="folder that sam build wrote"
    )
    given = parser.parse_args(arguments)
    functions = built_functions(given.build)
    with EmptyAccount() as account:
        results = [check(built, os.path.abspath(given.python), account) for built in functions]
    for result in results:
        report(result)
    failed = sum(1 for result in results if result.fault)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
