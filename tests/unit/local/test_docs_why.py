"""Every cause that `tieout why` names stands on its page, with the same cure."""

import re
from pathlib import Path

from shared.domain.causes import CURES

PAGE = (Path(__file__).parents[3] / "docs" / "why.md").read_text("utf-8")
ROW = re.compile(r"^\| `([^`]+)` \| (.*) \|$", re.M)


def test_the_page_has_each_cause_with_its_cure_and_no_other() -> None:
    assert dict(ROW.findall(PAGE)) == {str(name): cure for name, cure in CURES.items()}
