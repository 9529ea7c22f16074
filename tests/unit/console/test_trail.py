"""Who did what: written down before it is done, shown newest first to admins, and holding no secret."""

from datetime import timedelta

import pytest

from shared.console.actions import ACTIONS, looking
from shared.console.pages.trail import PAGE
from shared.console.trail import begun, ended
from shared.console.visit import Action
from shared.ports.audit import Entry
from shared.stores.memory import MemoryWorld
from tests.browser.console_world import Console
from tests.contract.stores_world import START
from tests.properties.rig import NAME
from tests.stories.orders import SUGAR, Orders


@pytest.fixture
def console() -> Console:
    here = Orders()
    here.win("deal", name="Deal", amount=None)
    here.sync()
    return Console(here.rig)


def test_an_admin_sees_what_was_done_and_by_whom(console: Console) -> None:
    console.post("retry", system=SUGAR, entity="sales_order", record="deal")
    shown = console.get("trail")
    assert shown.status == 200
    for words in ("ann@example.com: retry", "record=deal", "1 record will be looked at again now."):
        assert words in shown.body
    assert "Who did what</a>" in console.get().body


def test_a_viewer_is_not_shown_it(console: Console) -> None:
    viewer = Console(console.rig, None, "viewer")
    assert viewer.get("trail").status == 404
    home = viewer.get()
    assert home.status == 200 and "Who did what" not in home.body and "Sign out" in home.body


def test_what_was_refused_is_not_in_it(console: Console) -> None:
    assert console.post("sync", token="guess").status == 403
    assert Console(console.rig, None, "viewer").post("sync").status == 403
    assert "Nobody has pressed a button yet." in Console(console.rig).get("trail").body


def test_what_failed_half_way_is_in_it(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: object) -> None:
        raise RuntimeError("half way")

    monkeypatch.setitem(ACTIONS, "sync", Action(fails))  # type: ignore[arg-type]
    with pytest.raises(RuntimeError):
        console.post("sync")
    assert "Begun, and not finished." in console.get("trail").body
    assert looking.sync is not fails


def test_it_goes_on_page_by_page(console: Console) -> None:
    trail = console.deployment.console.stores.audit
    for minute in range(PAGE + 5):
        at = START + timedelta(minutes=minute)
        trail.note(Entry(at, "p", "ann", f"action-{minute}", NAME, result="done", id="1"))
    first = console.get("trail").body
    assert f"ann: action {PAGE + 4}" in first and "ann: action 4<" not in first
    older = console.get("trail", before=(START + timedelta(minutes=5)).isoformat()).body
    assert "ann: action 4" in older and "ann: action 5" not in older


@pytest.mark.parametrize("before", ["x", "2026-11-22", "2026-11-22T10:15:00", "<script>"])
def test_an_address_that_names_no_time_is_not_found(console: Console, before: str) -> None:
    assert console.get("trail", before=before).status == 404


def test_a_form_is_not_repeated_but_for_what_names_the_matter() -> None:
    trail = MemoryWorld(lambda: START).console.audit
    form = {
        "list": ("sales_order.sugarcrm",), "password": ("s3cret",), "token": ("t0ken",), "gone": (),
        "record": ("a\x00" + "b" * 400,), "system": ("sugarcrm", "vtiger"),
    }  # fmt: skip
    entry = begun(trail, ("p-1", "ann"), "release", "shop", form, START)
    ended(trail, entry, "x" * 900)
    (kept,) = trail.newest("shop")
    assert kept.detail == "list sales_order.sugarcrm" and kept.system == "sugarcrm"
    assert (kept.record_id, len(kept.result)) == ("a?" + "b" * 253, 500)
    assert "s3cret" not in repr(kept) and "t0ken" not in repr(kept)
