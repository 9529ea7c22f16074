"""What people do during a storm, flow by flow, and what must be there when it is over."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from bench.firms import customer, organisation
from bench.stack.installed import Installed

Options = Mapping[str, Mapping[str, str]]
SETTLE = {"settle_seconds": "4"}
"""Longer than the latest commit of the emulated vendors here."""


def _off(*entities: str) -> dict[str, str]:
    return dict.fromkeys(entities, "off")


@dataclass
class Verdict:
    """How many records are not there, there twice, or otherwise than they must be, with examples."""

    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    examples: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether something is not right."""
        return bool(self.lost or self.doubled or self.wrong)

    def count(self, what: str, names: list[str]) -> None:
        setattr(self, what, getattr(self, what) + len(names))
        self.examples += [f"{what}: {name}" for name in names[:3]]


class Work(Protocol):
    """`piece` is what is done at one moment, numbered from 0."""

    flow: str
    entity: str
    directions: ClassVar[Mapping[str, str]]
    options: ClassVar[Options]

    def begin(self, here: Installed) -> None: ...
    def piece(self, here: Installed, number: int) -> None: ...
    def judge(self, here: Installed, pieces: int) -> Verdict: ...


class Orders:
    """Opportunities are won, every third one later than it was entered; each is one order of its amount."""

    flow, entity = "sugarcrm--sage_50", "sales_order"
    directions: ClassVar[Mapping[str, str]] = {}
    options: ClassVar[Options] = {"sugarcrm": SETTLE, "sage_50": SETTLE}

    def begin(self, here: Installed) -> None:
        here.post(here.crm, "accounts", [{"id": "acc1", "name": "One", "sales_account_ref_c": "CUST1"}])
        here.post(here.sage, "customers", [{"accountRef": "CUST1", "name": "One", "currency": 1}])

    def piece(self, here: Installed, number: int) -> None:
        deal = {"id": f"deal-{number:04}", "name": f"Deal {number}", "amount": f"{100 + number}.00"}
        more = {"currency_id": "-99", "date_closed": "2026-11-20", "account_id": "acc1"}
        stage = "Prospecting" if number % 3 == 2 else "Closed Won"
        rows: list[dict[str, Any]] = [{**deal, **more, "sales_stage": stage, "sales_order_no_c": None}]
        if number % 3 == 0 and number:
            rows.append({"id": f"deal-{number - 1:04}", "sales_stage": "Closed Won"})
        here.post(here.crm, "opportunities", rows)

    def judge(self, here: Installed, pieces: int) -> Verdict:
        deals = {
            f"{100 + number}.00": f"deal-{number:04}"
            for number in range(pieces)
            if number % 3 != 2 or number + 1 < pieces
        }
        orders = here.get(here.sage, "orders")
        made = Counter(f"{float(one['itemsNet']):.2f}" for one in orders)
        numbers = {f"{float(one['itemsNet']):.2f}": str(one["orderNumber"]) for one in orders}
        shown = {one["id"]: one["sales_order_no_c"] for one in here.get(here.crm, "opportunities")}
        found = Verdict()
        found.count("lost", [name for amount, name in deals.items() if not made[amount]])
        found.count("doubled", [amount for amount, count in made.items() for _ in range(count - 1)])
        strangers = [amount for amount in made if amount not in deals]
        stale = [f"{n} shows {shown[n]}" for a, n in deals.items() if a in numbers and shown[n] != numbers[a]]
        found.count("wrong", [*(f"an order of {one}" for one in strangers), *stale])
        return found


class Organisations:
    """New ones on either side, and telephone numbers that are changed on the other one afterwards."""

    flow, entity = "vtiger--sage_accounting", "account"
    directions: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("contact", "product", "service", "invoice"), "off"
    )
    options: ClassVar[Options] = {"vtiger": SETTLE, "sage_accounting": SETTLE}

    def begin(self, here: Installed) -> None: ...

    def piece(self, here: Installed, number: int) -> None:
        if number % 2:
            here.post(here.sage, "contacts", [customer(_name(number), _address(number), number)])
        else:
            here.post(here.crm, "records/Accounts", [organisation(_name(number), _address(number), number)])
        if number >= 6 and number % 3 == 0:
            self._edit(here, number - 6)

    def _edit(self, here: Installed, number: int) -> None:
        """By somebody in Vtiger, if the record is there already."""
        for one in here.get(here.crm, "records/Accounts"):
            if one["accountname"] == _name(number):
                here.post(
                    here.crm, "records/Accounts", [{"id": one["id"], "email1": _address(number, "new")}]
                )

    def judge(self, here: Installed, pieces: int) -> Verdict:
        mine = here.get(here.crm, "records/Accounts")
        theirs = [one for one in here.get(here.sage, "contacts") if one["name"].startswith("Firm")]
        in_crm = Counter(one["accountname"] for one in mine)
        in_sage = Counter(one["name"] for one in theirs)
        wanted = [_name(number) for number in range(pieces)]
        found = Verdict()
        found.count("lost", [name for name in wanted if not (in_crm[name] and in_sage[name])])
        found.count(
            "doubled", [n for found in (in_crm, in_sage) for n, c in found.items() for _ in range(c - 1)]
        )
        mails = {one["name"]: _mail(one) for one in theirs}
        differ = [
            f"{one['accountname']}: {one['email1']} and {mails[one['accountname']]}"
            for one in mine
            if one["accountname"] in mails and one["email1"] != mails[one["accountname"]]
        ]
        strangers = [name for name in {*in_crm, *in_sage} if name not in wanted]
        found.count("wrong", [*differ, *strangers])
        return found


class Customers:
    """Customers that a bookkeeper enters in Sage, clients that a salesperson enters in the CRM, and
    telephone numbers that are changed in Sage."""

    flow, entity = "sage_sales_management--sage_50", "account"
    directions: ClassVar[Mapping[str, str]] = _off(
        "contact", "product", "quotation", "sales_order", "invoice"
    )
    options: ClassVar[Options] = {"sage_sales_management": SETTLE, "sage_50": SETTLE}

    def begin(self, here: Installed) -> None:
        labels = here.get(here.crm, "records/accountStatuses")
        self._client = next(one["id"] for one in labels if one["descriptionEN"] == "Client")

    def piece(self, here: Installed, number: int) -> None:
        if number % 2:
            row: dict[str, Any] = {"accountRef": f"SAGE{number:04}", "name": _name(number)}
            here.post(here.sage, "customers", [{**row, "address1": "1 Lane", "telephone": "0113 1"}])
        else:
            row = {"name": _name(number), "statusId": self._client, "address1": "2 Lane", "phone": "0113 1"}
            here.post(here.crm, "records/accounts", [row])
        if number >= 6 and number % 3 == 0:
            self._edit(here, number - 6)

    def _edit(self, here: Installed, number: int) -> None:
        for one in here.get(here.sage, "customers"):
            if one["name"] == _name(number):
                changed = {"accountRef": one["accountRef"], "telephone": f"0113 496 {number:04}"}
                here.post(here.sage, "customers", [changed])

    def judge(self, here: Installed, pieces: int) -> Verdict:
        theirs = [one for one in here.get(here.sage, "customers") if one["name"].startswith("Firm")]
        mine = here.get(here.crm, "records/accounts")
        in_crm, in_sage = Counter(one["name"] for one in mine), Counter(one["name"] for one in theirs)
        wanted = [_name(number) for number in range(pieces)]
        found = Verdict()
        found.count("lost", [name for name in wanted if not (in_crm[name] and in_sage[name])])
        firms = {name: count for name, count in in_crm.items() if name.startswith("Firm")}
        found.count(
            "doubled", [n for found in (firms, in_sage) for n, c in found.items() for _ in range(c - 1)]
        )
        by_code = {one["extId"]: one for one in mine}
        differ = [
            f"{one['accountRef']} {one['telephone']}: {seen.get('phone')}"
            for one in theirs
            if (seen := by_code.get(one["accountRef"], {})).get("name") != one["name"]
            or seen.get("phone") != one["telephone"]
        ]
        found.count("wrong", differ)
        return found


_ALL: tuple[Work, ...] = (Orders(), Organisations(), Customers())
WORK = {one.flow: one for one in _ALL}


def _name(number: int) -> str:
    return f"Firm {number:04} Ltd"


def _address(number: int, box: str = "info") -> str:
    return f"{box}@firm{number}.test"


def _mail(contact: Mapping[str, Any]) -> str:
    return str((contact.get("main_contact_person") or {}).get("email") or "")
