"""Text of systems that encode entities and lose what lies beyond the basic plane: compared in the form they
can keep."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.mapping.numbers import Spot
from shared.mapping.transforms import TRANSFORMS
from shared.mapping.web import basic, decoded, on_the_web

PIECES = st.lists(
    st.one_of(
        st.text(max_size=4),
        st.sampled_from(
            (
                "&amp;",
                "&am",
                "p;",
                "&lt;b&gt;",
                "&#128512;",
                "&eacute;",
                "😀",
                "\u200d",
                "\ufe0f",
                "&",
                " ",
                "\n",
            )
        ),
    ),
    max_size=9,
).map("".join)


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("O&#039;Brien &amp; Sons", "O'Brien & Sons"),
        ("&lt;script&gt;", "<script>"),
        ("&amp;eacute;", "é"),  # encoded twice
        ("AT&T; R&D", "AT&T; R&D"),
        ("Café 😀 & co", "Café  & co"),
        ("👩\u200d👩\u200d👧 family", " family"),
        ("&#128512; hi", " hi"),
        ("&am😀p;", "&"),
        ("क्\u200dष ☎\ufe0f", "क्\u200dष ☎\ufe0f"),  # joiners with nothing lost belong where they are
        (None, None),
        (7, 7),
    ],
)
def test_what_is_meant(stored: Any, meant: Any) -> None:
    assert decoded(stored) == meant


@given(PIECES)
def test_the_form_is_reached_in_one_step(text: str) -> None:
    once = decoded(text)
    assert decoded(once) == once == basic(once)
    assert all(ord(sign) < 0x10000 for sign in once)


def test_plain_text_is_left_as_it_is() -> None:
    text = "plain text"
    assert decoded(text) is text


@pytest.mark.parametrize("name", ["text", "memo", "street", "email", "phone"])
@given(text=PIECES)
def test_what_is_written_is_what_will_be_shown(name: str, text: str) -> None:
    write, read = pair(name)
    sent = write(text, [])
    assert sent == decoded(sent), "nothing goes out that the system would change"
    if name != "email":
        assert read(sent) == read(write(read(sent), []))


def pair(name: str) -> tuple[Any, Any]:
    made = on_the_web(TRANSFORMS[name])
    assert made.writer is not None and made.name == f"web {name}"
    spot = Spot("f", "firstname, lastname", count=2 if made.several else 1)
    return made.writer(spot), made.reader(spot)


def test_a_blank_after_all_is_blank() -> None:
    write, read = pair("text")
    assert write(None, []) == write("😀 ", []) == "" and read("😀") is None and read("&nbsp;") is None


def test_names_and_alternatives_are_text_too() -> None:
    write, read = pair("name")
    assert (
        write("Ann 😀 O&#039;Brien", {}) == ["Ann", "O'Brien"]
        and read(("Ann 😀", "O&#039;Brien")) == "Ann O'Brien"
    )
    assert write(None, {}) == ["", ""]
    _, read = pair("first")
    assert read(("😀", "a &amp; b")) == "a & b"


def test_what_is_no_text_stays_as_it_is() -> None:
    for name in ("decimal", "date", "boolean", "currency", "link", "one_tax", "table", "country_name"):
        assert on_the_web(TRANSFORMS[name]) is TRANSFORMS[name]
