"""A new system is one folder and one line: a toy is added to a copy of `src` and synchronised with Vtiger."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.stack.package import sources

ROOT = Path(__file__).parents[2]
TOY = Path(__file__).parent / "toy_system"
LINE = '    "cards",\n'


def added(tmp: Path) -> Path:
    """The copy of `src` with the toy in it."""
    src = tmp / "src"
    shutil.copytree(ROOT / "src", src, ignore=shutil.ignore_patterns("__pycache__"))
    systems = src / "shared/systems"
    shutil.copytree(TOY / "cards", systems / "cards", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(TOY / "vtiger--cards.toml", src / "shared/flows")
    names = (systems / "__init__.py").read_text()
    (systems / "__init__.py").write_text(names.replace('    "vtiger",\n', f'    "vtiger",\n{LINE}'))
    return src


@pytest.fixture(scope="module")
def src(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return added(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="module")
def told(src: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.toy_system.story"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{src}{os.pathsep}{ROOT}"},
        text=True,
        check=False,
        capture_output=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["from"] == str(src / "shared")
    return found


def test_one_line_is_all_that_changes_outside_the_folder(src: Path) -> None:
    before, after = dict(sources(ROOT / "src")), dict(sources(src))
    new = {
        "shared/flows/vtiger--cards.toml",
        *(f"shared/systems/cards/{path.name}" for path in (TOY / "cards").glob("*.*")),
    }
    assert after.keys() - before.keys() == new  # and so in the deployed zip
    changed = [name for name in before if before[name].read_bytes() != after[name].read_bytes()]
    assert changed == ["shared/systems/__init__.py"]
    assert after[changed[0]].read_text().replace(LINE, "") == before[changed[0]].read_text()


def test_records_go_both_ways(told: dict[str, Any]) -> None:
    assert told["carried over"] == ["0113 496 0000", "0121 496 0001"], told["log"]
    assert told["changed"] == "0121 496 0002", told["log"]
    assert told["failed"] == []


def test_its_webhook_is_offered_and_heard(told: dict[str, Any]) -> None:
    assert "Have Card Index send POST https://hooks.example/main/cards/" in told["hook"]["said"]
    assert (told["hook"]["status"], told["hook"]["handled"]) == (202, 1)
    assert told["after the hook"] == "0121 496 0003", told["log"]


def test_it_has_its_title_its_options_and_is_kept_alive(told: dict[str, Any]) -> None:
    assert told["title"] == "Card Index" and "Card Index" in told["log"]
    assert told["options"] == {"url": "https://cards.example", "drawer": "bottom"}
    assert set(told["looked after"]) == {"bottom"}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            "unknown option",
            "settings.toml, line 11: integration.main.cards.shelf: there is no such field; allowed are "
            "allow_http, daily_calls, drawer, longest_wait_seconds, most_cards, options, per_minute, pin, "
            "record_url, settle_seconds, timeout_seconds, url; "
            "the value given is 'bottom'.",
        ),
        ("unknown option from the environment", "the value given is 'env:SHELF'."),
        ("not a choice", "line 11: integration.main.cards.drawer: 'middle' cannot be used: allowed"),
        ("not a choice", "allowed: top, bottom."),
        ("too large", "line 11: integration.main.cards.most_cards: 501 cannot be used: it has to be at most"),
        ("unknown option like a secret", "line 12: integration.main.cards.pinn: there is no such field"),
        ("secret of a wrong kind", "line 12: integration.main.cards.pin: the value cannot be used"),
        ("secret missing", "line 10: integration.main.cards.pin: this field is missing."),
    ],
)
def test_what_its_manifest_does_not_allow_is_refused_by_a_sentence(
    told: dict[str, Any], fault: str, words: str
) -> None:
    assert words in told[fault]
    assert "4711" not in told[fault] and "a value of the environment" not in told[fault]
