"""Two records with a contradicting strong key are never one link, whatever else they share and in whatever
order they are heard of; nobody is joined with two, and what is joined nobody could take for another.

Checked through the whole sync on a few records whose values meet all the time, with rules of its own for what
contradicts.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.sync.matching import book, verdict
from shared.sync.matching.verdict import Verdict
from tests.stories.customers import SAGE, VTIGER, Customers

VALUES = st.fixed_dictionaries(
    {"name": st.sampled_from(["Acme Ltd", "ACME Limited", "Acme Retail", "Birch"])},
    optional={
        "reference": st.sampled_from(["A1", "a-1", "B2", "n/a"]),
        "vat_number": st.sampled_from(["GB123456780", "GB 123 4567 80", "GB987654321", "exempt"]),
        "billing_postcode": st.sampled_from(["LS1 4AP", "YO1 7HH"]),
        "phone": st.sampled_from(["0113 496 0000", "+44 113 496 0000"]),
    },
)
SIDE = st.lists(VALUES, min_size=1, max_size=3)
REFERENCES = {"A1": "1", "a-1": "1", "B2": "2"}
NUMBERS = {"GB123456780": "1", "GB 123 4567 80": "1", "GB987654321": "2"}
NAMES = {"Acme Ltd": "1", "ACME Limited": "1", "Acme Retail": "2", "Birch": "3"}


def contradict(one: dict[str, str], other: dict[str, str]) -> bool:
    references = {REFERENCES[v] for side in (one, other) if (v := side.get("reference")) in REFERENCES}
    numbers = {NUMBERS[v] for side in (one, other) if (v := side.get("vat_number")) in NUMBERS}
    both = all(side.get("reference") in REFERENCES for side in (one, other))
    agreed = both and len(references) == 1 and NAMES[one["name"]] == NAMES[other["name"]]
    return len(references) == 2 or (len(numbers) == 2 and not agreed)


def check(left: list[dict[str, str]], right: list[dict[str, str]], sage_first: bool) -> None:
    here = Customers()
    entered = {VTIGER: {f"V{n}": one for n, one in enumerate(left)}}
    entered[SAGE] = {f"S{n}": one for n, one in enumerate(right)}
    for system, records in entered.items():
        for one, values in records.items():
            here.enter(system, one, **values)
    for system in (SAGE, VTIGER) if sage_first else (VTIGER, SAGE):
        here.hear(system, *entered[system])
    here.sync()
    for link in here.linked():
        joined = [entered[system].get(link.get(system, "")) for system in (VTIGER, SAGE)]
        known = [values for values in joined if values is not None]
        if len(known) == 2:
            assert not contradict(known[0], known[1]), f"never one link: {known}"
    for system in (VTIGER, SAGE):
        ids = [link[system] for link in here.linked() if link.get(system)]
        assert len(ids) == len(set(ids)), "one record, one link"


@settings(max_examples=40, deadline=None)
@given(left=SIDE, right=SIDE, sage_first=st.booleans())
def test_two_records_with_a_contradicting_strong_key_are_never_one_link(
    left: list[dict[str, str]], right: list[dict[str, str]], sage_first: bool
) -> None:
    check(left, right, sage_first)


def _by_name(one: Any, other: Any, left_out: Any = frozenset()) -> Verdict:
    return Verdict("same" if one.name == other.name else "different", by=("name",), rank=(1,))


TWO_REFERENCES = ([{"name": "Birch", "reference": "A1"}], [{"name": "Birch", "reference": "B2"}])
BROKEN: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "a reference forbids nothing": (verdict, "_contradicted", lambda *given: "same"),
    "the name alone decides": (book, "companies", _by_name),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_matching_is_caught(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check(*TWO_REFERENCES, sage_first=True)
    monkeypatch.setattr(*BROKEN[name])
    with pytest.raises(AssertionError, match="never one link"):
        check(*TWO_REFERENCES, sage_first=True)


def test_the_checker_knows_what_contradicts() -> None:
    assert contradict({"name": "Birch", "reference": "A1"}, {"name": "Birch", "reference": "B2"})
    assert contradict(
        {"name": "Birch", "vat_number": "GB123456780"}, {"name": "Birch", "vat_number": "GB987654321"}
    )
    assert not contradict({"name": "Birch", "reference": "A1"}, {"name": "Birch", "reference": "n/a"})
