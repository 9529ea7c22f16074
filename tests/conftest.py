"""Every function and command starts with `shared.bootstrap`, which hands over the systems' titles: so do the
tests, whichever of them runs first."""

import gc
from functools import cache
from typing import Any

import httpx
from botocore.loaders import JSONFileLoader
from httpx._transports import default as transports

import shared.bootstrap  # noqa: F401
from tests.properties import profiles


def _parse_each_model_once() -> None:
    """Every new session of botocore reads its service models anew, a quarter of the time of a test on
    moto. The models are only read, so all sessions of a test process may share what was parsed."""
    read, parsed = JSONFileLoader.load_file, {}

    def load_file(self: JSONFileLoader, file_path: str) -> Any:
        if file_path not in parsed:
            parsed[file_path] = read(self, file_path)
        return parsed[file_path]

    JSONFileLoader.load_file = load_file


def _read_the_authorities_once() -> None:
    """Every new client of httpx reads the certificates of all authorities anew, a twelfth of the time of all
    tests; and they call nothing but this machine, by plain HTTP."""
    vars(transports)["create_ssl_context"] = cache(httpx.create_ssl_context)


def pytest_collection_finish() -> None:
    """The nine thousand tests and all modules stay to the end: nothing in them is garbage, so nothing looks
    through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


_parse_each_model_once()
_read_the_authorities_once()
profiles.load()  # here, so that a property has the same examples whichever folders are run with it
