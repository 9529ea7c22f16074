"""A salesperson's CRM and a Sage 50 with prices: quotations are made in one, priced, and come back from the
other.

The vendors, stores and flow of `sales_world`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from shared.domain.link import Cause, ChangeEvent
from shared.domain.run_ids import new_run_id
from shared.systems.sage_sales_management.webhook import SalesWebhook
from tests.e2e.sales_world import CRM, SAGE, SalesWorld, sales_world


class QuoteWorld(SalesWorld):
    def goods(self) -> None:
        """Customers and products, on both sides."""
        home = {"countryCode": "GB", "defTaxCode": 1}
        self.customer("ACME01", name="Acme Ltd", address1="1 High St", **home)
        self.customer("BEST01", name="Best Ltd", discountRate=10, **home)
        self.customer("BAND01", name="Band Ltd", discountType=3, **home)
        self.customer("HALF01", name="Half Ltd", discountRate=3, **home)
        self.customer("HOLD01", name="Hold Ltd", onHold=True, **home)
        self.customer("ODD01", name="Odd Ltd", **home)
        self.product("W1", description="Widget", salesPrice=12.5, taxCode=1, nominalCode="4000")
        self.product("G1", description="Gadget", salesPrice=80, taxCode=1, nominalCode="4001")
        self.product("T1", description="Thing", salesPrice=7, taxCode=1)
        self.product("OLD1", description="Old", salesPrice=3, taxCode=1)
        self.settle()

    def prices(self, **body: Any) -> None:
        self.sage.ask("POST", "prices", body)

    def status(self, label: str) -> int:
        return self.label("salesorderStatuses", label)

    def quote(
        self, *lines: Mapping[str, Any] | tuple[str, int], account: str = "ACME01", **values: Any
    ) -> str:
        """A quotation as a salesperson makes it; its id in the CRM."""
        account_id = values.pop("accountId", None) or self.rows("accounts")[account]["id"]
        made = self.crm.ask(
            "POST",
            "records/salesorders",
            {
                "reference": "Offer",
                "accountId": account_id,
                "salesRepId": 53,
                "branchId": self.crm.ask("GET", "records/branches")[0]["id"],
                "statusId": self.status("Draft"),
                **values,
            },
        )
        order = str(made["id"])
        for one in lines:
            line = (
                dict(zip(("product", "quantity"), one, strict=True)) if isinstance(one, tuple) else dict(one)
            )
            self.line(order, str(line.pop("product")), line.pop("quantity"), **line)
        return order

    def line(self, order: str, product: str, quantity: Any, **values: Any) -> None:
        place = len(self.crm_lines(order)) + 1
        known = self.rows("products")[product]["id"]
        line = {
            "salesOrderId": int(order),
            "productId": known,
            "quantity": quantity,
            "price": 0,
            "order": place,
        }
        self.crm.ask("POST", "records/salesordersLines", {**line, **values})

    def hook(self, record: str, system: str = CRM) -> None:
        """The webhook's hint, or that of a poll of Sage's, handled at once."""
        self.wait(1)
        now = self.clock.now()
        cause: Cause = "webhook" if system == CRM else "poll"
        event = ChangeEvent("main", system, "quotation", record, cause, new_run_id(now), now)
        self.stores.queue.send([event])
        self._drain()

    def hint(self) -> None:
        """A webhook whose body says nothing."""
        ((_, record),) = SalesWebhook().parse({"object": "quotations"}, b"{}")
        self.hook(record)
        self.wait(1)
        self._drain()

    def crm_quote(self, order: str) -> dict[str, Any]:
        rows: list[dict[str, Any]] = self.crm.ask("GET", "records/salesorders")
        return next(row for row in rows if str(row["id"]) == order)

    def crm_lines(self, order: str) -> list[dict[str, Any]]:
        rows = self.crm.ask("GET", "records/salesordersLines")
        own = [row for row in rows if str(row["salesorderId"]["id"]) == order and not row["deleted"]]
        return sorted(own, key=lambda row: row["order"] or 0)

    def label(self, resource: str, label: str) -> int:
        rows = self.crm.ask("GET", f"records/{resource}")
        return next(int(row["id"]) for row in rows if row["descriptionEN"] == label)

    def forget(self) -> None:
        """Lists and customers that are kept for a while are read anew."""
        self.wait(3700)

    def sage_quote(self, number: str) -> dict[str, Any]:
        return next(one for one in self.sage_quotes() if str(one["orderNumber"]) == str(number))

    def sage_quotes(self) -> list[dict[str, Any]]:
        return list(self.sage.ask("GET", "orders"))

    def in_sage(self, number: str, **changes: Any) -> None:
        """A person changes the quotation in Sage."""
        body = {"orderNumber": int(number), "customerAccountRef": "ACME01", **changes}
        answer = httpx.patch(
            f"{self.sage.url}/api/salesOrder",
            json=body,
            headers={"AuthToken": "demo-token", "new-response": "true"},
            timeout=20,
            trust_env=False,
        )
        assert answer.status_code == 200, answer.text

    def last(self) -> Any:
        """The newest outcome of a quotation."""
        return next(row.outcome for row in self.stores.log.rows(limit=1000) if row.entity == "quotation")


@contextmanager
def quote_world(rules: str = "", **switches: Any) -> Iterator[QuoteWorld]:
    """`rules` is laid over the shipped flow."""
    with sales_world(rules, **switches) as made:
        made.__class__ = QuoteWorld
        yield made  # type: ignore[misc]


__all__ = ["SAGE", "QuoteWorld", "quote_world"]


def there_and_back(here: QuoteWorld, *lines: Any, **values: Any) -> tuple[str, str]:
    """(id in the CRM, number in Sage) of a quotation that went there and back."""
    order = here.quote(*(lines or (("W1", 3),)), **values)
    here.hook(order)
    assert here.last().kind == "created", here.tell()
    return order, here.crm_quote(order)["extId"]
