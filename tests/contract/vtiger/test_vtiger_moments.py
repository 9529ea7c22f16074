"""Moments of Vtiger, which its API gives in UTC: days are those that people see there."""

from dataclasses import replace

import pytest

from shared.mapping.numbers import Spot
from shared.mapping.times import date_reader, datetime_reader
from tests.contract.system_bench import snap
from tests.contract.vtiger_bench import Server
from tests.unit.systems.vtiger.fakes import ACCOUNT

SPEC = replace(ACCOUNT, fields=(*ACCOUNT.fields, "createdtime"))
SPOT = Spot("order_date", "createdtime")


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/London", "2026-07-01"),
        ("Asia/Kolkata", "2026-07-01"),
        ("America/New_York", "2026-06-30"),
        ("", "2026-07-01"),
        ("Mars/Olympus", "2026-07-01"),
    ],
)
def test_the_day_is_that_of_the_users_time_zone(server: Server, zone: str, day: str) -> None:
    server.admin("POST", "users", {"name": "tieout", "time_zone": zone})
    try:
        server.freeze("2026-06-30T23:30:00")
        made = server.save("Accounts", {"accountname": "Half past midnight"})
        shown = snap(server.system.read(SPEC, [made])[made])
        assert date_reader(SPOT)(shown.values["createdtime"]).isoformat() == day
        exact = datetime_reader(SPOT)(shown.values["createdtime"]).isoformat()
        assert exact == shown.version == "2026-06-30T23:30:00+00:00"
        found = {one.subject: one.message for one in server.system.check([ACCOUNT])}
        assert ("time zone" in found) == (zone == "Mars/Olympus")
    finally:
        server.admin("POST", "users", {"name": "tieout", "time_zone": "Europe/London"})
