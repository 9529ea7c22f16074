"""`python -m local.docs`: writes anew what pages take from the code (`make docs`): the field tables of the
flows'
pages, and how much of the emulated vendors is known."""

from pathlib import Path

import shared.bootstrap  # noqa: F401 - sets the systems' titles
from local.docs import fidelity
from local.docs.field_tables import pages, renewed

DOCS = Path(__file__).parents[2] / "docs"

if __name__ == "__main__":
    for flow, name in pages().items():
        page = DOCS / name
        page.write_text(renewed(page.read_text("utf-8"), flow), "utf-8")
    page = DOCS / "fidelity.md"
    page.write_text(fidelity.renewed(page.read_text("utf-8")), "utf-8")
