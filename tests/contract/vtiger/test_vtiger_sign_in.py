"""Sign-in, rights and sessions of Vtiger, and what `check` says."""

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.errors import (
    RateLimited,
)
from tests.contract.vtiger_bench import Server
from tests.unit.systems.vtiger.fakes import ACCOUNT, CONTACT, INVOICE, PRODUCT, SERVICE


def test_check_names_what_is_wrong_and_nothing_else(server: Server) -> None:
    lacking = replace(ACCOUNT, fields=(*ACCOUNT.fields, "acountname", "@Colour"))
    found = server.system.check([lacking, CONTACT, PRODUCT, SERVICE, INVOICE])
    wrong = {one.subject: one for one in found if one.level != "ok"}
    assert (
        {"Accounts.acountname", "Accounts.@Colour"}
        <= wrong.keys()
        <= {"Accounts.acountname", "Accounts.@Colour", "deletions", "invoice lines"}
    )
    assert wrong["Accounts.acountname"].level == "error"
    assert "systems/vtiger/account.toml" in wrong["Accounts.acountname"].message
    assert wrong["Accounts.@Colour"].level == "warning"
    assert "Add Custom Field" in wrong["Accounts.@Colour"].message
    assert ("invoice lines" in wrong) == (server.version == "8.4.0" and server.door == "webservice")


def test_only_the_webservice_keeps_a_session(server: Server) -> None:
    server.system.check([ACCOUNT])
    stored = server.bench.stores.tokens.load("vtiger")
    assert (stored is None) == (server.door == "cloud")


def test_a_clerk_is_warned_about(server: Server) -> None:
    server.bench.secret.update(user="clerk", access_key="ClerkAccessKey01")
    found = {one.subject: one.level for one in server.system.check([ACCOUNT])}
    assert found["rights"] == "warning"


def test_a_user_with_another_currency_than_the_base_is_an_error(server: Server) -> None:
    """Vtiger converts what such a user sends, and shows what it stored."""
    pounds, euros = [1, "Pounds", "GBP", "£", "1.00000"], [2, "Euros", "EUR", "€", "1.25000"]
    server.admin("POST", "options", {"currencies": [pounds, euros]})
    try:
        assert "currency" not in {one.subject for one in server.system.check([PRODUCT])}
        server.admin("POST", "users", {"name": "tieout", "currency": 2})
        made = server.system.create(PRODUCT, {"productname": "P", "purchase_cost": "10.00"}, "k")
        assert Decimal(str(made.values["purchase_cost"])) == 8
        (found,) = (one for one in server.system.check([PRODUCT]) if one.subject == "currency")
        assert found.level == "error"
        assert "takes amounts that tieout sends for EUR, and stores others" in found.message
        assert "set 'Currency' to GBP" in found.message
    finally:
        server.admin("POST", "users", {"name": "tieout", "currency": 0})
        server.admin("POST", "options", {"currencies": [pounds]})


@pytest.mark.parametrize("api", ["webservice", "cloud"])
def test_a_wrong_address_is_said_to_be_one(api: str, new: Server, cloud: Server) -> None:
    (found,) = (cloud if api == "webservice" else new).bench.system(api=api).check([])
    assert found.level == "error"
    assert "check url and api" in found.message


def test_functions_share_one_session(old: Server) -> None:
    for owner in ("a", "b", "c"):
        old.bench.system(owner).read(ACCOUNT, ["11x2"])
    assert old.called("login") == 1
    old.admin("POST", "expire")
    for owner in ("a", "b"):
        old.bench.system(owner).read(ACCOUNT, ["11x2"])
    assert old.called("login") == 2


def test_a_session_that_ends_before_a_write_is_renewed_and_the_write_made_once(old: Server) -> None:
    old.system.create(ACCOUNT, {"accountname": "First"}, "k")
    old.fault("expired_session", operation="create")
    old.system.create(ACCOUNT, {"accountname": "Second"}, "k")
    assert [row["accountname"] for row in old.records("Accounts")] == ["First", "Second"]


def test_the_limit_of_calls_is_kept_and_told(cloud: Server) -> None:
    cloud.admin("POST", "options", {"minute_limit": 4})
    made = cloud.save("Accounts", {"accountname": "A"})
    system = cloud.bench.system()
    with pytest.raises(RateLimited) as met:
        for _ in range(9):
            system.read(ACCOUNT, [made])
    assert met.value.after is not None and 1 <= met.value.after <= 60
    assert cloud.calls() == 4
    with pytest.raises(RateLimited) as refused:
        cloud.bench.system().read(ACCOUNT, [made])
    assert refused.value.after is not None and 1 <= refused.value.after <= 60
    assert "HTTP 429" in str(refused.value)
