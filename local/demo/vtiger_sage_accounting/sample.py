"""Sample data of a small UK wholesaler of hardware: what it has in Vtiger, and what its bookkeeper has in
Sage.

Deterministic. Each record's kind or state says which case it represents; the tables KINDS and STATES describe
the cases.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from local.demo.vtiger_sage_accounting.catalogue import Item, products, services
from local.demo.vtiger_sage_accounting.invoices import Invoice, invoices
from local.demo.vtiger_sage_accounting.organisations import Organisation, organisations
from local.demo.vtiger_sage_accounting.people import Person, people


@dataclass(frozen=True)
class Sample:
    organisations: Sequence[Organisation]
    people: Sequence[Person]
    products: Sequence[Item]
    services: Sequence[Item]
    invoices: Sequence[Invoice]


def sample() -> Sample:
    known, goods, jobs = organisations(), products(), services()
    return Sample(known, people(known), goods, jobs, invoices(known, goods, jobs))
