"""Account references by a mask."""

from itertools import islice

import pytest

from shared.mapping.mask import candidates, fault_of


@pytest.mark.parametrize(
    ("mask", "name", "first"),
    [
        ("@@@@####", "Acme Ltd", ["ACME0001", "ACME0002"]),
        ("@@@@####", "O'Neil & Söhne", ["ONEI0001", "ONEI0002"]),
        ("@@@#", "A1 Ök", ["AOK1", "AOK2"]),
        ("@@@@#", "3M", ["MXXX1", "MXXX2"]),
        ("C#####", "Acme", ["C00001", "C00002"]),
        ("###-@", "北京", ["001-X", "002-X"]),
    ],
)
def test_letters_of_the_name_and_a_running_number(mask: str, name: str, first: list[str]) -> None:
    assert list(islice(candidates(mask, name), 2)) == first and fault_of(mask) == ""


def test_a_mask_has_an_end() -> None:
    assert len(list(candidates("@##", "Acme"))) == 99


@pytest.mark.parametrize(
    ("mask", "said"),
    [
        ("", "has 0 signs"),
        ("@@@@#####", "has 9 signs"),
        ("ABC", "needs its digits"),
        ("#@#", "needs its digits"),
        ("a##", "no account reference takes"),
        ("A #", "no account reference takes"),
    ],
)
def test_a_mask_that_makes_no_reference_is_named(mask: str, said: str) -> None:
    assert said in fault_of(mask)
