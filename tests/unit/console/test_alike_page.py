"""Records that look alike, on the page of their group: one pair, those ticked, or a whole VAT group, all or
nothing."""

import pytest

from shared.domain.record import replace
from shared.ports import Commit
from tests.browser.console_world import Console
from tests.stories.customers import SAGE as LEDGER
from tests.stories.customers import VTIGER, Customers
from tests.unit.console.test_record_answers import forms

GROUP, OTHER = "GB980780684", "GB123456789"
NAMES = ("Retail", "Foods", "Clothing")


def a_vat_group() -> tuple[Customers, Console, dict[str, str]]:
    """Three companies of one VAT number in each system, none called alike; and its group's key."""
    here = Customers()
    for name in NAMES:
        here.enter(LEDGER, f"S-{name}", name=f"Acme {name} Holding", vat_number=GROUP)
    here.enter(VTIGER, "w", name="Acme Wholesale", vat_number=GROUP)
    here.enter(VTIGER, "x", name="Acme Export", vat_number=GROUP)
    here.sync()
    here.wait(minutes=3)
    page = Console(here.rig)
    (group,) = list(page.deployment.services("demo").stores.links.unsettled("account", ["held"], 1))
    assert group.outcome is not None
    key = {"kind": "held", "entity": "account", "rule": "match", "field": group.outcome.field}
    return here, page, key


def test_the_group_offers_each_pair_once_and_its_vat_number() -> None:
    _here, page, key = a_vat_group()
    body = page.get("open", **key).body
    assert body.count('name="pair"') == 6 and "6 pairs to tell apart" in body
    assert "980780684</strong>: 6 pairs" in body
    assert 'value="different w/S-Retail"' in body


def test_a_whole_vat_group_is_told_to_be_different_at_once() -> None:
    here, page, key = a_vat_group()
    reply = page.post("decide-many", vat="different 980780684", **key)
    assert "done=decided-many" in reply.location and "n=5" in reply.location
    here.rig.drain()
    here.wait(minutes=3)
    assert len(here.records(LEDGER)) == len(here.records(VTIGER)) == 5
    assert "Nothing is open" in page.get().body


def test_a_second_press_from_a_stale_page_keeps_and_queues_nothing() -> None:
    here, page, key = a_vat_group()
    page.post("decide-many", vat="different 980780684", **key)
    before = here.rig.stores.decisions.of("account")
    reply = page.post("decide-many", vat="different 980780684", **key)
    assert "done=decided-already" in reply.location and "decided so already" in page.follow(reply).body
    assert here.rig.stores.decisions.of("account") == before


class TestMoreThanAPageLooksAt:
    @pytest.fixture(autouse=True)
    def few(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("shared.console.pages.open_group.ALIKE", 2)

    def test_it_is_said_how_many_were_looked_at_and_all_are_on_request(self) -> None:
        _here, page, key = a_vat_group()
        body = page.get("open", **key).body
        assert "2 account records that are held were looked at" in body and "look=all" in body
        assert body.count('name="pair"') < 6
        whole = page.get("open", **key, look="all").body
        assert whole.count('name="pair"') == 6 and "were looked at" not in whole
        assert 'name="look" value="all"' in whole
        reply = page.post("decide-many", **key, look="all", one="same w/S-Foods")
        assert "done=decided-many" in reply.location

    def test_a_vat_number_is_settled_whole_wherever_its_records_stand(self) -> None:
        here, page, key = a_vat_group()
        reply = page.post("decide-many", vat="different 980780684", **key)
        assert "done=decided-many" in reply.location and "n=5" in reply.location
        assert len(here.rig.stores.decisions.of("account")) == 6

    def test_what_not_even_that_reaches_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("shared.console.pages.open_group.WHOLE", 3)
        _here, page, key = a_vat_group()
        body = page.get("open", **key, look="all").body
        assert "3 account records that are held were looked at" in body and "come into view" in body
        for odd in ("ALL", "<script>", "x" * 600):
            assert "<script>" not in page.get("open", **key, look=odd).body


def test_more_than_five_hundred_are_looked_through() -> None:
    """A VAT number whose records stand behind the first five hundred that are open."""
    here, page, key = a_vat_group()
    (found,) = list(here.rig.stores.links.unsettled("account", ["held"], 1))
    for number in range(600):
        link = replace(found, link_id=f"a{number:04}", origin_id=f"o{number}", sides={}, version=0)
        here.rig.stores.links.commit(Commit(link, 0, "worker"), here.rig.clock.now())
    body = page.get("open", **key).body
    assert "605 accounts held" in body and "980780684</strong>: 6 pairs" in body


def test_one_pair_is_the_same() -> None:
    here, page, key = a_vat_group()
    page.post("decide-many", one="same w/S-Foods", **key)
    here.rig.drain()
    here.wait(minutes=3)
    assert {VTIGER: "w", LEDGER: "S-Foods"} in here.linked()


@pytest.mark.parametrize(
    "say", [{"vat": "same 980780684"}, {"one": "same x/nobody"}, {"one": "burn w/S-Foods"}]
)
def test_what_cannot_all_be_kept_is_kept_not_at_all(say: dict[str, str]) -> None:
    """Six pairs cannot all be the same: each record is one thing."""
    here, page, key = a_vat_group()
    reply = page.post("decide-many", **say, **key)
    assert "done=not-decided-all" in reply.location or "done=none-ticked" in reply.location
    assert here.rig.stores.decisions.of("account") == []
    assert page.follow(reply).status == 200


def test_those_ticked_and_no_others() -> None:
    here, page, key = a_vat_group()
    ticked = "".join(f"&pair={one}" for one in ("w%2FS-Retail", "w%2FS-Foods"))
    body = f"token={page.token}&verdict=different{ticked}" + "".join(f"&{k}={v}" for k, v in key.items())
    reply = page.send("POST", "decide-many", body=body)
    assert "done=decided-many" in reply.location
    assert "(2 in all)" in page.get("trail").body
    said = here.rig.stores.decisions.of("account")
    assert {one.verdict for one in said} == {"different"} and len(said) == 2


def test_several_candidates_are_ticked_on_the_records_page() -> None:
    here, page, _ = a_vat_group()
    asked = {"system": VTIGER, "entity": "account", "record": "w"}
    body = page.get("record", **asked).body
    assert "Is it one of these 3?" in body and body.count('name="other"') == 3
    page.post("decide", other="S-Foods", verdict="same", **asked)
    assert [one.verdict for one in here.rig.stores.decisions.of("account")] == ["same"]


def test_a_viewer_is_offered_nothing_and_refused() -> None:
    here, _, key = a_vat_group()
    page = Console(here.rig, None, "viewer")
    body = page.get("open", **key)
    assert 'name="pair"' not in body.body and forms(body, "decide-many") == []
    assert page.post("decide-many", vat="different 980780684", **key).status == 403
    assert here.rig.stores.decisions.of("account") == []


def test_a_group_of_another_entity_decides_nothing() -> None:
    here, page, key = a_vat_group()
    reply = page.post("decide-many", vat="different 980780684", **{**key, "entity": "nothing"})
    assert "done=not-decided-all" in reply.location
    assert here.rig.stores.decisions.of("account") == []
