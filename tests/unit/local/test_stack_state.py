"""What the emulator's process keeps, saves and reads again. One process for all: it takes two seconds."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from local.stack.durable import at_once
from local.stack.launch import interpreter
from shared.ports import Token
from shared.stores.aws_tokens import AwsTokenStore

SCRIPT = Path(__file__).with_name("in_the_emulator.py")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    work = tmp_path_factory.mktemp("emulator")
    done = subprocess.run(
        [interpreter(), SCRIPT, work], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_rows_are_saved_without_a_copy_as_the_emulator_would_save_them(found: dict[str, Any]) -> None:
    assert found["rows"] == dict.fromkeys(("the_same", "no_copy", "still_there", "shared", "equal"), True)


def test_old_logs_of_functions_and_points_of_metrics_are_forgotten(found: dict[str, Any]) -> None:
    assert found["forgotten"] == {"first_log": "invocation 50", "logs": 200, "first": 7, "points": 1_000}


def test_a_transaction_is_known_again_and_another_one_is_not(found: dict[str, Any]) -> None:
    assert found["transactions"] == {
        "known_again": True,
        "another": False,
        "answers": [{}, {"a": 1}, {"t": [4]}],
        "ten_minutes": True,
    }


def test_a_kill_in_mid_save_leaves_the_state_before_it(found: dict[str, Any]) -> None:
    """It is no damage, for nobody was told that it was saved."""
    assert found["saves"]["killed_in_mid_save"] == {"queue": 1, "fell_back": False}


def test_a_function_that_writes_its_log_during_a_save_does_not_break_it_off(found: dict[str, Any]) -> None:
    assert found["saves"]["disturbed_while_it_saved"] == {"queue": 3, "fell_back": False}


def test_a_cut_state_is_left_for_the_one_before_and_with_none_left_it_says_what_to_do(
    found: dict[str, Any],
) -> None:
    assert found["saves"]["newest_cut"] == {"queue": 1, "fell_back": True}
    assert "can be read: the files are damaged. Restore the folder" in found["saves"]["all_cut"]


def test_f10_the_state_of_the_version_before_is_read(found: dict[str, Any]) -> None:
    assert found["old"] == {"queue": 7, "fell_back": False}


def test_handlers_without_work_are_ended_and_a_busy_one_is_not(found: dict[str, Any]) -> None:
    kept = {"sync": ["busy"], "poll": ["fresh"]}
    assert found["idle"] == {"kept": kept, "ended": ["alone", "idle"]}


def test_f26_messages_and_schedules_wait_no_longer_when_the_clock_is_put_forward(
    found: dict[str, Any],
) -> None:
    assert found["clock"] == {"message": 3_700.0, "schedule": 3_650.0}


def test_ten_polls_at_once_do_not_start_ten_processes(found: dict[str, Any]) -> None:
    assert found["at_once"] == [2, 1, 2]


def test_a_batch_is_as_large_as_on_aws(found: dict[str, Any]) -> None:
    """Of 250 small messages a hundred, of large ones what an invocation takes."""
    assert found["batches"] == {"small": 100, "large": 20, "few": 4, "one": 1}


def test_a_folder_of_code_that_is_still_in_use_keeps_nothing_from_starting(found: dict[str, Any]) -> None:
    assert found["emptied"] is True


def test_the_code_is_kept_once(found: dict[str, Any]) -> None:
    assert found["code"] == {"before": 4, "after": 1}


def test_a_token_is_on_the_disk_before_it_is_acknowledged(found: dict[str, Any]) -> None:
    """A kill must not bring back the one before, which the vendor no longer takes."""
    assert found["acknowledged"] == ["stored", "saved", "acknowledged", "stored", "acknowledged"]


@pytest.mark.parametrize(
    ("target", "body", "wanted"),
    [
        ("PutItem", {"Item": {"pk": {"S": "main#T#vtiger"}, "sk": {"S": "token"}}}, True),
        ("PutItem", {"Item": {"pk": {"S": "main#T#vtiger"}, "sk": {"S": "lock"}}}, False),
        ("PutItem", {"Item": {"pk": {"S": "main#L#1#T#2"}, "sk": {"S": "token"}}}, False),
        ("GetItem", {"Item": {"pk": {"S": "main#T#vtiger"}, "sk": {"S": "token"}}}, False),
        ("PutItem", {"Item": "#T#"}, False),
        ("PutItem", ["#T#"], False),
    ],
)
def test_only_tokens_wait_for_the_disk(target: str, body: object, wanted: bool) -> None:
    assert at_once(f"DynamoDB_20120810.{target}", json.dumps(body).encode()) is wanted


def test_the_row_that_the_store_writes_is_known_for_a_token() -> None:
    """Its shape is the store's; here the local stack depends on it."""
    rows: list[dict[str, Any]] = []
    table = SimpleNamespace(put=lambda row, _: rows.append(row))
    kms = SimpleNamespace(encrypt=lambda **_: {"CiphertextBlob": b"sealed"})
    store = AwsTokenStore(cast(Any, table), lambda: kms, "key", "main")
    store.save("sage_accounting", Token({"refresh": "r"}, datetime(2026, 11, 30, tzinfo=UTC), 2), 1)
    item = {name: {"S": rows[0][name]} for name in ("pk", "sk")}
    assert at_once("DynamoDB_20120810.PutItem", json.dumps({"Item": item}).encode())
    assert not at_once("DynamoDB_20120810.PutItem", b"#T# cut off")
