"""*Authenticate your Sage account*: from the console to Sage's page and back, over real HTTP against the
emulated Sage; and whatever else may come to the way back."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from local.vendors._serve import serve
from local.vendors.sage_accounting.app import build_app
from local.vendors.sage_accounting.options import BUSINESSES, SageAccountingOptions
from shared.domain.record import replace
from tests.e2e.connect_world import BACK, SAGE_SECRET, Office, asked
from tests.properties.rig import NAME
from tests.sign_in_provider import session_of

FIRST, SECOND = BUSINESSES[0], BUSINESSES[1]


@pytest.fixture(scope="module")
def sage() -> Iterator[str]:
    options = SageAccountingOptions(auto_allow=True, redirect_uris=[BACK])
    with serve(build_app(options)) as running:
        yield running.url


@pytest.fixture
def office(sage: str) -> Office:
    return office_at(sage)


def office_at(sage: str, *grants: str, live: bool = False) -> Office:
    addresses = {"token_url": f"{sage}/token", "authorize_url": f"{sage}/oauth2/auth/central"}
    return Office("sage_accounting", sage, *grants, live=live, **addresses)


def business(office: Office) -> str:
    return office.world.integrations.load(NAME).connections["sage_accounting"].options.get("business", "")


def test_a_person_signs_in_chooses_the_business_and_it_is_connected(office: Office) -> None:
    assert "has not been connected yet" in office.page() and BACK in office.page()
    brought = office.begin(country="gb", **SAGE_SECRET)
    reply = office.come_back(brought)
    assert reply.status == 303 and "data-follow" in office.follow(reply).body
    assert office.secret() == {} and office.stores.tokens.load("sage_accounting") is None, "not yet"
    office.work()
    assert office.secret() == SAGE_SECRET and office.stores.tokens.times("sage_accounting") is not None
    shown = office.follow(reply).body
    assert "data-follow" not in shown and FIRST.name in shown and SECOND.name in shown
    assert business(office) == "" and "Choose the business below" in shown
    chosen = office.press("choose", choice=SECOND.id)
    findings = office.work()
    assert not [one for one in findings if one.level == "error"], findings
    assert business(office) == SECOND.id
    shown = office.follow(chosen).body
    assert f"Connected to {SECOND.name}" in shown and "Chosen: done" in shown
    assert "come back from the vendor: Sage let Tieout in; the sign-in is being ended." in office.trail()
    known = office.get("connections").body
    assert "Sage Accounting: open" in known and SECOND.name in known and "sign-in good until" in known


def test_another_time_the_app_is_known_and_its_secret_is_not_asked_for(office: Office) -> None:
    office.come_back(office.begin(**SAGE_SECRET))
    office.work()
    office.press("choose", choice=FIRST.id)
    office.work()
    before = office.stores.tokens.load("sage_accounting")
    office.come_back(office.begin(country="gb"))
    findings = office.work()
    assert not [one for one in findings if one.level == "error"], findings
    assert office.stores.tokens.load("sage_accounting") != before and business(office) == FIRST.id


def test_the_page_is_asked_with_pkce_and_the_country(office: Office) -> None:
    shown = office.follow(office.press("begin", country="ie", **SAGE_SECRET))
    query = parse_qs(urlsplit(dict(shown.headers)["Refresh"].partition("url=")[2]).query)
    assert query["country"] == ["ie"] and query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [BACK] and len(query["state"][0]) >= 43
    assert "client_secret" not in query and "code_verifier" not in query


def test_a_live_integration_is_asked_whether_it_is_the_same_business(sage: str) -> None:
    office = office_at(sage, live=True)
    office.come_back(office.begin(**SAGE_SECRET))
    office.work()
    assert "done=not-sure" in office.press("choose", choice=FIRST.id).location
    assert office.work() == [] and business(office) == ""
    office.press("choose", choice=FIRST.id, sure="yes")
    office.work()
    assert business(office) == FIRST.id


class TestTheWayBack:
    """One suite, everything that may come to it."""

    def test_a_state_that_nobody_gave_out_stores_nothing(self, office: Office) -> None:
        brought = office.begin(**SAGE_SECRET)
        for state in ("", "x", brought["state"][:-1], "\ud800", "a" * 5_000):
            reply = office.come_back({**brought, "state": state})
            assert reply.status == 403 and "Nothing was stored" in reply.body
        assert office.work() == [] and office.secret() == {}

    def test_it_works_once(self, office: Office) -> None:
        brought = office.begin(**SAGE_SECRET)
        assert office.come_back(brought).status == 303
        office.work()
        token = office.stores.tokens.load("sage_accounting")
        again = office.come_back(brought)
        assert again.status == 403 and "used already" in again.body
        assert office.work() == [] and office.stores.tokens.load("sage_accounting") == token

    def test_another_session_cannot_end_it(self, office: Office) -> None:
        """Who begins a sign-in and sends the way back to an administrator connects nothing."""
        brought = office.begin(**SAGE_SECRET)
        mine = office.cookie, office.token
        office.cookie, office.token = session_of(office.world.console, "admin", key="another")
        assert office.come_back(brought).status == 403
        office.cookie, office.token = mine
        assert office.come_back(brought).status == 403, "used up"
        assert office.work() == [] and office.secret() == {}

    def test_nobody_who_is_not_signed_in_ends_it(self, office: Office) -> None:
        brought = office.begin(**SAGE_SECRET)
        reply = office.come_back(brought, signed_in=False)
        assert reply.status == 403 and "session has ended" in reply.body
        assert office.work() == []

    def test_one_that_took_too_long_is_over(self, office: Office) -> None:
        brought = office.begin(**SAGE_SECRET)
        away = office.world.console.sign_ins.look(brought["state"])
        assert away is not None
        office.world.console.sign_ins.leave(
            brought["state"], replace(away, at=away.at - timedelta(minutes=11))
        )
        assert "older than ten minutes" in office.come_back(brought).body
        assert office.work() == []

    @pytest.mark.parametrize(
        ("error", "words"),
        [
            ("access_denied", "the access was not allowed"),
            ("server_error", "its sign-in had a fault"),
            ("Invalid request", "did not say why"),
            ("<script>alert(1)</script>", "did not say why"),
            ("Your account is closed, pay at evil.example", "did not say why"),
        ],
    )
    def test_a_refusal_is_told_in_our_words(self, office: Office, error: str, words: str) -> None:
        brought = office.begin(**SAGE_SECRET)
        reply = office.come_back({"error": error, "state": brought["state"], "reason": "evil.example"})
        assert reply.status == 403 and words in reply.body and "Nothing was stored" in reply.body
        assert "evil" not in reply.body and "<script>alert" not in reply.body
        assert office.come_back(brought).status == 403, "a refusal uses it up"
        assert any(words in one for one in office.trail())

    def test_a_code_that_sage_does_not_take_is_said_and_stores_nothing(self, office: Office) -> None:
        brought = office.begin(**SAGE_SECRET)
        reply = office.come_back({**brought, "code": "GB/made-up"})
        (finding,) = office.work()
        assert finding.level == "error" and "invalid_grant" in finding.message
        assert office.secret() == {} and office.stores.tokens.load("sage_accounting") is None
        assert "not done" in office.follow(reply).body

    def test_a_wrong_secret_of_the_app_is_said_and_stores_nothing(self, office: Office) -> None:
        office.come_back(office.begin(client_id="demo-client", client_secret="wrong"))
        (finding,) = office.work()
        assert "Sage does not know this client id and secret" in finding.message
        assert office.secret() == {}

    def test_a_viewer_can_neither_begin_nor_end_it(self, sage: str) -> None:
        viewer = office_at(sage, "viewer")
        assert viewer.press("begin", **SAGE_SECRET).status == 403
        assert viewer.get("connection", system="sage_accounting").status == 404
        assert viewer.get("to-vendor", state="x").status == 404
        assert viewer.work() == []

    def test_an_admin_of_another_integration_alone_sees_nothing_of_it(self, office: Office) -> None:
        brought = office.begin(**SAGE_SECRET)
        office.world.console.sessions.end("the-key-of-the-session")
        office.cookie, _ = session_of(office.world.console, "viewer", key="the-key-of-the-session")
        assert "Only an administrator" in office.come_back(brought).body
        assert office.work() == []

    def test_the_page_to_go_on_is_for_the_session_that_began(self, office: Office) -> None:
        place = office.press("begin", **SAGE_SECRET).location
        office.cookie, office.token = session_of(office.world.console, "admin", key="another")
        page, _, query = place.partition("?")
        assert office.ask("GET", page, query=dict(one.split("=") for one in query.split("&"))).status == 404


def test_what_is_begun_needs_the_app_and_a_country_of_the_list(office: Office) -> None:
    assert "done=nothing-entered" in office.press("begin").location
    assert "done=nothing-entered" in office.press("begin", client_id="only").location
    assert "done=nothing&" in office.press("begin", country="xx", **SAGE_SECRET).location + "&"
    assert "done=too-long" in office.press("begin", client_id="x" * 3_000, client_secret="y").location
    office.world.provider.provider = None
    assert "done=no-address" in office.press("begin", **SAGE_SECRET).location


def test_what_was_begun_too_long_ago_is_not_ended(office: Office) -> None:
    """The row that holds the verifier is gone: the code alone is worth nothing."""
    office.stores.asked.put(asked("sign-in", "sage_accounting"), {"code": "c", "began": "gone"})
    office.world.polls.send([(NAME, {"kind": "connection", "integration": NAME, "asked": "id-1"})])
    (finding,) = office.work()
    assert "took too long" in finding.message


def test_no_secret_is_in_anything_that_the_console_gave_out_or_that_was_logged(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    brought = office.begin(**SAGE_SECRET)
    office.come_back(brought)
    office.work()
    office.press("choose", choice=FIRST.id)
    office.work()
    for page in ("connections", "connection", "trail", "health"):
        office.get(page, **({"system": "sage_accounting"} if page == "connection" else {}))
    office.trail()
    token = office.stores.tokens.load("sage_accounting")
    assert token is not None
    secrets = ["demo-secret", brought["code"], token.value["access_token"], token.value["refresh_token"]]
    whole = "\n".join([*office.kept, caplog.text])
    assert "Who did what" in whole and not [one for one in secrets if one in whole]
