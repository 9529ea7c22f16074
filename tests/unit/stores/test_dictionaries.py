"""What stored rows are packed with, and the rule for changing a stored form: first a release that reads both,
then one that writes the new."""

import tomllib
import zlib
from pathlib import Path
from typing import Any

import pytest

from shared.domain import codec
from shared.domain.link import SCHEMA
from shared.stores import body
from shared.stores._dictionaries import DICTIONARIES, NEWEST

RELEASED: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("released.toml").read_text())[
    "release"
]
NOW = {
    "reads": [
        *(f"dictionary {name:08x}" for name in DICTIONARIES),
        *(f"schema {n + 1}" for n in range(SCHEMA)),
    ],
    "writes": [f"dictionary {zlib.adler32(NEWEST):08x}", f"schema {SCHEMA}"],
}


def broken(now: dict[str, Any], released: list[dict[str, Any]]) -> list[str]:
    """What of the rule does not hold, in words."""
    found = [f"{form} is written and not read" for form in now["writes"] if form not in now["reads"]]
    for before in released[:1]:
        found += [
            f"{form} is written, and the release before could not read it"
            for form in now["writes"]
            if form not in before["reads"]
        ]
    for before in released:
        found += [
            f"{form} was written and is not read any more"
            for form in before["writes"]
            if form not in now["reads"]
        ]
    return found


def test_what_is_written_was_read_by_the_release_before() -> None:
    assert broken(NOW, RELEASED) == []


@pytest.mark.parametrize(
    ("now", "what"),
    [
        ({"reads": ["a"], "writes": ["b"]}, "b is written and not read"),
        (
            {"reads": ["a", "b"], "writes": ["b"]},
            "b is written, and the release before could not read it",
        ),
        ({"reads": ["b"], "writes": ["b"]}, "a was written and is not read any more"),
        ({"reads": ["a", "b"], "writes": ["a"]}, ""),
    ],
)
def test_the_rule_can_fail(now: dict[str, Any], what: str) -> None:
    found = broken(now, [{"reads": ["a"], "writes": ["a"]}])
    assert what in found if what else found == []


def test_dictionaries_are_never_changed() -> None:
    assert {name == zlib.adler32(words) for name, words in DICTIONARIES.items()} == {True}
    assert list(DICTIONARIES) == [0xB540C372, 0x6D19275E]


def test_a_row_packed_with_any_of_them_or_with_none_is_read() -> None:
    value = {"name": "Smith & Co", "lines": [1, 2], "odd": "\ud83d"}
    text = codec.dumps(value).encode("utf-8", "surrogatepass")
    for words in DICTIONARIES.values():
        packer = zlib.compressobj(zdict=words)
        assert body.expand(packer.compress(text) + packer.flush()) == value
    assert body.expand(zlib.compress(text)) == body.expand(body.shrink(value)) == value


def test_a_damaged_row_is_never_half_read() -> None:
    packed = bytearray(body.shrink({"name": "Smith & Co " * 20}))
    for place in range(len(packed)):
        spoilt = bytes(packed[:place] + bytes([packed[place] ^ 0x55]) + packed[place + 1 :])
        with pytest.raises(Exception):  # noqa: B017 - zlib's, or ours for an unknown dictionary
            body.expand(spoilt)
