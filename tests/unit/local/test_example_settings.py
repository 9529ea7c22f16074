"""The example of each flow's settings is a settings file of that flow, with its defaults named rightly."""

import re
from pathlib import Path

import pytest

from local.settings_file import parse

FOLDER = Path(__file__).parents[3] / "examples" / "settings"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_an_example_is_valid_as_it_stands_and_with_everything_switched_on(path: Path) -> None:
    text = path.read_text("utf-8")
    names = dict.fromkeys(re.findall(r'"env:(\w+)"', text), "x")
    (entry,) = parse(text, path, names).integrations
    assert entry.integration.flow == path.stem and not entry.live
    whole = re.sub(r"^# (\w+\s+= )", r"\1", text, flags=re.M)
    assert whole != text and parse(whole, path, names).integrations
