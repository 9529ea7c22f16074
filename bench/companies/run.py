"""5,000 companies and 5,000, with their people: who is taken for whom, held against the truth; then the file
of look-alikes is filled in by somebody who knows, and everything is settled."""

import time

from bench.companies.sample import Sample, sample, truth
from bench.figures import Figures, at_most, exactly, told
from shared.operations.look_alikes import LookAlike
from shared.operations.pairs_file import read, written
from shared.sync.matching.book import Book, Decided
from shared.sync.matching.facts import Facts, facts_of
from shared.sync.matching.keys import email_key
from shared.sync.matching.ranking import Settled
from shared.sync.matching.verdict import Verdict

SYSTEMS = ("vtiger", "sage_accounting")


def run(count: int = 5_000) -> Figures:
    made, begun = sample(count), time.monotonic()
    companies = Book(
        "company",
        [facts_of(one, values) for one, values in made.crm.items()],
        [facts_of(one, values) for one, values in made.ledger.items()],
    )
    first = settled(companies, {})
    taken = time.monotonic() - begun
    people = [settled(book, {}) for book in _people(made)]
    after = settled(companies, _by_file(companies, first))
    held = {one for pair in first.held for one in map(truth, pair)}
    staff = sum(len(side) for side in made.people) // 2
    held_people = {one for some in people for pair in some.held for one in map(truth, pair)}
    name = f"companies, {count} and {count}"
    return {
        f"{name}: fused wrongly": exactly(_wrong(first), 0, "companies"),
        f"{name}: held": at_most(100 * len(held) / count, 4, "%", f"{len(held)} companies"),
        f"{name}: joined": told(100 * len(first.pairs) / count, "%", "without asking anybody"),
        f"{name}: neither joined nor held": told(
            count - len(first.pairs) - len(held - {truth(one) for one in first.pairs}),
            "companies",
            "nothing strong in common and another name, or a wrong reference",
        ),
        f"{name}: still held after one file": exactly(len(after.held), 0, "pairs"),
        f"{name}: fused wrongly after the file": exactly(_wrong(after), 0, "companies"),
        f"{name}: time to match": told(taken, "s"),
        f"their people, {staff}: fused wrongly": exactly(sum(map(_wrong, people)), 0, "people"),
        f"their people, {staff}: held": at_most(100 * len(held_people) / staff, 4, "%"),
    }


def settled(book: Book, decided: Decided) -> Settled:
    """All groups of look-alikes, each once."""
    pairs = dict[str, tuple[str, Verdict]]()
    held, looked = dict[tuple[str, str], Verdict](), set[str]()
    for left in book.sides[0]:
        if left in looked:
            continue
        group = book.group(0, left, decided)
        looked |= {one.id for one in group[0]}
        free = {(side, one.id) for side, records in enumerate(group) for one in records}
        found = book.settled(group, decided, free)
        pairs |= found.pairs
        held |= found.held
    return Settled(pairs, held)


def _wrong(found: Settled) -> int:
    return sum(truth(left) != truth(right) for left, (right, _) in found.pairs.items())


def _by_file(book: Book, found: Settled) -> Decided:
    """Written, filled in, and read again."""
    pairs = [LookAlike("account", book.sides[0][one], book.sides[1][other], "") for one, other in found.held]
    rows = written(pairs, SYSTEMS).splitlines()
    said = [
        f"{row}{'same' if truth(left) == truth(right) else 'different'}"
        for row, (left, right) in zip(rows[1:], found.held, strict=True)
    ]
    lines = read("pairs.csv", "\r\n".join([rows[0], *said]).encode(), SYSTEMS)
    return {(one.left, one.right): one.verdict for one in lines}


def _people(made: Sample) -> list[Book]:
    """Those of each company, with its own address."""
    books: dict[int, tuple[list[Facts], list[Facts]]] = {}
    for side, people in enumerate(made.people):
        for one, (company, values) in people.items():
            books.setdefault(company, ([], []))[side].append(facts_of(one, values, str(company)))
    return [
        Book("person", left, right, [email_key(made.ledger[f"S{company}"]["email"])])
        for company, (left, right) in books.items()
    ]
