"""`/{resource}/bulk`: many writes in one call, each with a caller's own `guid`."""

from collections.abc import Callable
from typing import Any

from local.vendors.sage_sales_management.errors import Refused
from local.vendors.sage_sales_management.server import SalesServer
from local.vendors.sage_sales_management.tables import Resource

_WORDS = {"POST": "create", "PUT": "update", "DELETE": "delete"}


def bulk(server: SalesServer, method: str, resource: Resource, body: Any) -> list[dict[str, Any]]:
    """One answer for each item, in order."""
    # known: document - at most 100 items for products, 200 for others
    largest = 100 if resource.name == "products" else 200
    if not isinstance(body, list) or not body or len(body) > largest:
        raise Refused(901, f"a bulk call takes 1 to {largest} items")
    if not all(isinstance(item, dict) for item in body):
        raise Refused(901, "an item is not an object")
    answers = []
    for item in body:
        try:
            row_id = _one(server, method, resource, item)
        except Refused as fault:
            if server.options.bulk_refusal == "call":
                raise
            # known: guessed - an item that is refused has another code than 1
            answers.append(
                {"code": fault.code, "guid": item.get("guid"), "id": item.get("id"), "message": fault.message}
            )
            continue
        # known: document - code 1 is success, and guid comes back (seen for delete, taken alike for the
        #   others)
        said = f"Entity {_WORDS[method]} success"
        answers.append({"code": 1, "guid": item.get("guid"), "id": row_id, "message": said})
    return answers


def _one(server: SalesServer, method: str, resource: Resource, item: dict[str, Any]) -> int:
    if method == "POST":
        return server.create(resource, item.get("data"))
    row_id = item.get("id")
    if not isinstance(row_id, int):
        raise Refused(910)
    act: Callable[[], None] = (
        (lambda: server.update(resource, row_id, item.get("data")))
        if method == "PUT"
        else (lambda: server.delete(resource, row_id))
    )
    act()
    return row_id
