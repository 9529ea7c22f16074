"""`make screenshots`: every page of the console at desktop and phone width, light and dark; with `--docs`,
the pictures that the documentation shows."""

import sys
import tempfile
from pathlib import Path

from tests.browser.sample import customers, orders
from tests.browser.served import served
from tests.browser.visits import CUSTOMERS, ORDERS, sign_in, visit
from tests.integration.browser import browser, installed

WIDTHS = {"desktop": (1280, 800), "phone": (390, 844)}


def main(folder: Path) -> int:
    if installed() is None:
        print("There is no Chromium here: make browser")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile, browser(Path(profile)) as page:
        for console, pages in ((orders(), ORDERS), (customers(), CUSTOMERS)):
            with served(console) as address:
                page.looks_like(*WIDTHS["desktop"])
                page.open(f"{address}/demo/")
                if pages is ORDERS:
                    (folder / "sign-in-desktop-light.png").write_bytes(page.picture())
                sign_in(page, address)
                for name, path in pages.items():
                    for device, (width, height) in WIDTHS.items():
                        for scheme in ("light", "dark"):
                            page.looks_like(width, height, scheme == "dark")
                            visit(page, address, path)
                            picture = folder / f"{name}-{device}-{scheme}.png"
                            picture.write_bytes(page.picture())
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return 0


def for_docs(folder: Path) -> int:
    """Small: one window, a few hundred colours would do."""
    both = (
        (orders(quiet=True), {"console-home": ORDERS["home"], "console-record": ORDERS["record-created"]}),
        (
            customers(),
            {
                "console-conflict": CUSTOMERS["two-way-conflict"],
                "console-preview": CUSTOMERS["two-way-preview"],
            },
        ),
    )
    with tempfile.TemporaryDirectory() as profile, browser(Path(profile)) as page:
        for console, pages in both:
            with served(console) as address:
                page.looks_like(1100, 860)
                sign_in(page, address)
                for name, path in pages.items():
                    visit(page, address, path)
                    (folder / f"{name}.png").write_bytes(page.picture(whole=False))
    return 0


if __name__ == "__main__":
    given = sys.argv[1:] or [".screenshots"]
    raise SystemExit(for_docs(Path("docs")) if given == ["--docs"] else main(Path(given[0])))
