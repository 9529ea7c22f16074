from pathlib import Path

import pytest

from local.ci.template_file import Template, read_template

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def template() -> Template:
    return read_template(ROOT / "template.yaml")
