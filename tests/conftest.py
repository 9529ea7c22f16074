"""Every function and command starts with `shared.bootstrap`, which hands over the systems' titles: so do the
tests, whichever of them runs first."""

from typing import Any

from botocore.loaders import JSONFileLoader

import shared.bootstrap  # noqa: F401


def _parse_each_model_once() -> None:
    """Every new session of botocore reads its service models anew, a quarter of the time of a test on
    moto. The models are only read, so all sessions of a test process may share what was parsed."""
    read, parsed = JSONFileLoader.load_file, {}

    def load_file(self: JSONFileLoader, file_path: str) -> Any:
        if file_path not in parsed:
            parsed[file_path] = read(self, file_path)
        return parsed[file_path]

    JSONFileLoader.load_file = load_file


_parse_each_model_once()
