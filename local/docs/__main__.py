"""`python -m local.docs`: writes the field tables of the flows' pages anew (`make docs`)."""

from pathlib import Path

import shared.bootstrap  # noqa: F401 - sets the systems' titles
from local.docs.field_tables import pages, renewed

DOCS = Path(__file__).parents[2] / "docs"

if __name__ == "__main__":
    for flow, name in pages().items():
        page = DOCS / name
        page.write_text(renewed(page.read_text("utf-8"), flow), "utf-8")
