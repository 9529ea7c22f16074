"""What is asked of the emulated service, and how a search is put."""

from typing import Any

import httpx

LINE = {
    "stockCode": "S1",
    "description": "Work",
    "quantity": 2,
    "unitPrice": 10.5,
    "taxCode": 1,
    "taxRate": 20,
}


def order(http: httpx.Client, **changed: Any) -> dict[str, Any]:
    body = {"customerAccountRef": "EXA001", "invoiceItems": [LINE], **changed}
    return http.post("/api/salesOrder/", json=body).json()


def search(http: httpx.Client, what: str, *filters: dict[str, Any]) -> list[dict[str, Any]]:
    answer = http.post(f"/api/search{what}", json=list(filters)).json()
    assert answer["success"] is True, answer
    return answer["results"]


def by(field: str, kind: str, value: str, **more: Any) -> dict[str, Any]:
    return {"field": field, "type": kind, "value": value, **more}
