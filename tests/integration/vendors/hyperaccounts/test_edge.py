"""Routes, tokens and busy times of the emulated service are as the vendor's published shapes and the
live-test notes say."""

import asyncio

import httpx
import pytest


@pytest.mark.parametrize("headers", [{"AuthToken": "wrong"}, {"AuthToken": ""}])
def test_a_wrong_token_is_403(http: httpx.Client, headers: dict[str, str]) -> None:
    assert http.get("/api/status", headers=headers).status_code == 403


@pytest.mark.parametrize("path", ["/api/status", "/API/Status/", "/api/STATUS"])
def test_routes_match_whatever_their_case(http: httpx.Client, path: str) -> None:
    assert http.get(path).json()["response"]["companyName"] == "Example Trading Ltd"


def test_version_is_a_bare_string(http: httpx.Client) -> None:
    assert http.get("/api/system/version").json() == "1.27.5.0"


def test_unknown_routes_and_bodies(http: httpx.Client) -> None:
    assert http.get("/api/nothing").status_code == 404
    assert http.post("/api/salesOrder", content=b"{").status_code == 400
    assert http.post("/api/salesOrder", json=[1]).json()["success"] is False


def test_a_refusal_is_http_200_unless_new_response_is_sent(http: httpx.Client) -> None:
    old = http.get("/api/salesOrder/9")
    new = http.get("/api/salesOrder/9", headers={"new-response": "true"})
    assert (old.status_code, new.status_code) == (200, 500)
    assert (
        old.json()
        == new.json()
        == {"success": False, "code": 500, "response": None, "message": "Sales order 9 not found"}
    )


def test_overlapping_calls_of_one_resource_collide(http: httpx.Client, base: str) -> None:
    http.post("/_admin/options", json={"delay_seconds": 0.6})

    async def both() -> list[httpx.Response]:
        async with httpx.AsyncClient(
            base_url=base, headers={"AuthToken": "demo-token"}, trust_env=False
        ) as client:
            calls = [
                client.get(path) for path in ("/api/customer/EXA001", "/api/customer/EUR001", "/api/taxCode")
            ]
            return list(await asyncio.gather(*calls))

    first, second, other = asyncio.run(both())
    assert sorted([first.status_code, second.status_code]) == [200, 409]
    busy = first if first.status_code == 409 else second
    assert busy.json() == {"Message": "A Get Customer process is already running."}
    assert other.status_code == 200


def test_exclusive_mode_fails_every_call(http: httpx.Client) -> None:
    http.post("/_admin/options", json={"exclusive": True})
    answer = http.get("/api/taxCode")
    assert answer.status_code == 200 and "exclusive" in answer.json()["message"]


def test_reference_tables_have_the_published_fields(http: httpx.Client) -> None:
    currency = http.get("/api/currency").json()["results"][1]
    assert {"id", "code", "name", "symbol", "exchangeRate", "emuMember", "locked"} <= currency.keys()
    assert (currency["id"], currency["code"]) == (2, "EUR")
    assert http.get("/api/taxCode").json()["results"][1] == {
        "index": 1,
        "description": "Standard rated transactions",
        "rate": 20.0,
    }
    assert http.get("/api/nominal/").json()["results"][0]["accountRef"] == "4000"
    assert http.get("/api/department").json()["results"][0]["id"] == 0
    assert http.get("/api/company").json()["response"]["programMajorVersion"] == 28
