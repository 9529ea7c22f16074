#!/usr/bin/env bash
# Builds the functions for this machine and starts each under the Lambda runtime interface client.
#
#     local/ci/artifact.sh PYTHON SAM
#
# PYTHON is a python3.13, SAM the sam command of an environment that also has PyYAML (SAM itself needs it).
# Linux only: the packages are built for Lambda's Linux and start nowhere else.
set -euo pipefail
python=${1:?say which python3.13, as in: local/ci/artifact.sh python3.13 .venv-sam/bin/sam}
sam=$(realpath "${2:?say which sam command, as in: local/ci/artifact.sh python3.13 .venv-sam/bin/sam}")
cd "$(dirname "$0")/../.."
export SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=${AWS_DEFAULT_REGION:-eu-west-2} PYTHONDONTWRITEBYTECODE=1

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) machine=x86_64 ;;
    Linux-aarch64) machine=arm64 ;;
    *) echo "The built functions can only be started on Linux, on x86_64 or aarch64; this is $(uname -sm)." >&2; exit 1 ;;
esac

runtime=.venv-runtime
if ! cmp -s local/ci/requirements.txt "$runtime/installed.txt"; then
    rm -rf "$runtime"
    "$python" -m venv "$runtime"
    "$runtime/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r local/ci/requirements.txt
    cp local/ci/requirements.txt "$runtime/installed.txt"
fi

# sam build looks for the runtime's interpreter by name on PATH.
PATH="$(dirname "$("$python" -c 'import os, sys; print(os.path.realpath(sys.executable))')"):$PATH" \
    "$sam" build --no-cached --build-dir .aws-sam/host --parameter-overrides "Architecture=$machine"
"$(dirname "$sam")/python" -m local.ci.check_artifact --build .aws-sam/host --python "$runtime/bin/python"
