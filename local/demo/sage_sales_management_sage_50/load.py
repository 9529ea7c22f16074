"""Puts the sample into the emulated Sage Sales Management and HyperAccounts: one module for each kind of
record, in the order of PARTS."""

from collections.abc import Mapping

from local.demo.post import Advance, Plan
from local.demo.sage_sales_management_sage_50 import customers, goods, people
from local.demo.sage_sales_management_sage_50.later import later as later

PARTS = (customers, goods, people)


prepare = people.prepare


def plan() -> Plan:
    return Plan(sum(part.size() for part in PARTS), load)


def load(addresses: Mapping[str, str], advance: Advance) -> None:
    for part in PARTS:
        part.load(addresses, advance)
