"""The promises of the console's stores, for both implementations."""

import json
from datetime import timedelta

import pytest

from shared.domain.record import replace
from shared.errors import RuleInvalid
from shared.ports.audit import Entry
from shared.ports.sessions import Away, Provider, Session, Started
from shared.stores.aws import open_console
from shared.stores.aws_provider import KEPT_SECONDS, parameter_name
from tests.contract.stores_world import START, OnMoto, World

EIGHT = timedelta(hours=8)


def session(person: str = "p-1", name: str = "ann@example.com", *grants: str) -> Session:
    return Session(person, name, grants or ("admin", "viewer:shop"), START, START, START + EIGHT)


def started(**parts: object) -> Started:
    return replace(Started("browser", "nonce", "verifier", "/shop/", START), **parts)


class TestSessionStore:
    def test_a_session_comes_back_whole_by_its_key_alone(self, world: World) -> None:
        world.console.sessions.begin("k1", session())
        assert world.console.sessions.load("k1") == session()
        assert world.console.sessions.load("k2") is None
        assert world.console.sessions.load("\ud800") is None

    def test_it_remembers_when_it_was_last_seen_and_never_goes_back(self, world: World) -> None:
        world.console.sessions.begin("k1", session())
        later = START + timedelta(minutes=7)
        world.console.sessions.seen("k1", later)
        world.console.sessions.seen("k1", START)
        found = world.console.sessions.load("k1")
        assert found is not None and (found.seen_at, found.ends_at) == (later, START + EIGHT)

    def test_one_that_was_ended_is_not_brought_back_by_a_page_under_way(self, world: World) -> None:
        world.console.sessions.begin("k1", session())
        world.console.sessions.end("k1")
        world.console.sessions.end("k1")
        world.console.sessions.seen("k1", START + timedelta(minutes=1))
        assert world.console.sessions.load("k1") is None

    @pytest.mark.parametrize("who", ["p-1", "ann@example.com"])
    def test_those_of_one_person_end_together(self, world: World, who: str) -> None:
        for key, one in (("a", session()), ("b", session()), ("c", session("p-2", "bob@example.com"))):
            world.console.sessions.begin(key, one)
        assert world.console.sessions.end_all(who) == 2
        assert [world.console.sessions.load(key) is None for key in "abc"] == [True, True, False]
        assert (world.console.sessions.end_all(), world.console.sessions.end_all()) == (1, 0)


class TestSignInStore:
    def test_who_went_to_a_vendor_comes_back_once(self, world: World) -> None:
        away = Away("form", "shop", "sage_accounting", "asked-1", "challenge", "gb", "client", START)
        assert world.console.sign_ins.look("s1") is None and world.console.sign_ins.back("s1") is None
        world.console.sign_ins.leave("s1", away)
        assert world.console.sign_ins.take("s1") is None, "a sign-in to the console is something else"
        assert [world.console.sign_ins.look("s1"), world.console.sign_ins.look("s2")] == [away, None]
        assert [world.console.sign_ins.back("s1"), world.console.sign_ins.back("s1")] == [away, None]

    def test_a_state_is_taken_once(self, world: World) -> None:
        world.console.sign_ins.begin("s1", started())
        assert world.console.sign_ins.take("s2") is None
        assert world.console.sign_ins.take("s1") == started()
        assert world.console.sign_ins.take("s1") is None

    def test_attempts_are_counted_by_source_and_window(self, world: World) -> None:
        until = START + timedelta(minutes=10)
        count = world.console.sign_ins.attempt
        assert [count("1.2.3.4", "w1", 2, until) for _ in range(4)] == [True, True, False, False]
        assert count("1.2.3.4#w1", "", 2, until) and count("1.2.3.4", "w2", 2, until)
        assert count("::1", "w1", 2, until)


class TestAuditTrail:
    def entry(self, minutes: int, **parts: object) -> Entry:
        made = Entry(START + timedelta(minutes=minutes), "p-1", "ann@example.com", "retry", "shop", id="e1")
        return replace(made, **parts)

    def test_the_newest_comes_first_and_pages_go_on(self, world: World) -> None:
        for minute in range(5):
            world.console.audit.note(self.entry(minute, record_id=f"#{minute}"))
        found = world.console.audit.newest("shop", 2)
        assert [one.record_id for one in found] == ["#4", "#3"]
        assert found[0] == self.entry(4, record_id="#4")
        assert [one.record_id for one in world.console.audit.newest("shop", 9, found[-1].at)] == [
            "#2",
            "#1",
            "#0",
        ]

    def test_the_result_is_written_over_what_was_begun(self, world: World) -> None:
        world.console.audit.note(self.entry(0))
        world.console.audit.note(self.entry(0, id="e2"))
        world.console.audit.note(self.entry(0, result="the record was queued again"))
        assert [one.result for one in world.console.audit.newest("shop")] == [
            "",
            "the record was queued again",
        ]

    def test_integrations_and_the_stack_are_kept_apart(self, world: World) -> None:
        for name in ("shop", "shop-2", ""):
            world.console.audit.note(self.entry(0, integration=name))
        for name in ("shop", "shop-2", ""):
            assert [one.integration for one in world.console.audit.newest(name)] == [name]
        assert world.console.audit.newest("other") == []


class TestOnAws:
    """What only AWS has: the table's rows, the parameter, the secret."""

    def test_no_key_can_be_read_from_the_table(self, moto: OnMoto) -> None:
        moto.console.sessions.begin("the-key-of-the-session", session())
        moto.console.sign_ins.begin("the-state-of-the-sign-in", started())
        rows = moto.clients.dynamodb.scan(TableName="state")["Items"]
        assert len(rows) == 2 and "the-" not in str(rows)
        ends = {row["pk"]["S"]: int(row["expires"]["N"]) for row in rows}
        assert ends["#sessions"] == int((START + EIGHT).timestamp())

    def test_a_page_costs_one_read(self, moto: OnMoto) -> None:
        moto.console.sessions.begin("k", session())
        with moto.counted() as calls:
            moto.console.sessions.load("k")
        assert calls == ["GetItem"]

    def put(self, moto: OnMoto, value: str) -> None:
        moto.clients.providers.clear()
        name = parameter_name(moto.env.secret_prefix)
        moto.clients.ssm.put_parameter(Name=name, Value=value, Type="String", Overwrite=True)

    def test_the_provider_is_what_the_stack_says(self, moto: OnMoto) -> None:
        assert moto.console.provider.load() is None
        given = {
            "issuer": "https://id.example",
            "client_id": "c1",
            "address": "https://c.example/",
            "token": "",
        }
        self.put(moto, json.dumps(given))
        assert moto.console.provider.load() == Provider("https://id.example", "c1", "https://c.example/")
        name = moto.clients.secretsmanager.create_secret(Name="tieout-sign-in", SecretString="s3cret")["Name"]
        self.put(moto, json.dumps({**given, "secret_name": name}))
        found = moto.console.provider.load()
        assert found is not None and found.secret == "s3cret"

    def test_it_is_read_once_while_the_function_is_warm(
        self, moto: OnMoto, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given = {"issuer": "https://id.example", "client_id": "c1", "address": "https://c.example/"}
        self.put(moto, json.dumps(given))
        open_console(moto.env, moto.clients).provider.load()
        moto.clients.ssm.delete_parameter(Name=parameter_name(moto.env.secret_prefix))
        assert open_console(moto.env, moto.clients).provider.load() is not None
        monkeypatch.setattr("shared.stores.aws_provider.time.monotonic", lambda: 1e12)
        assert KEPT_SECONDS < 1e12 and moto.console.provider.load() is None

    @pytest.mark.parametrize(
        "value", ["[]", "{", '{"issuer": "https://x"}', '{"issuer":"a","client_id":"b","x":"y"}']
    )
    def test_settings_that_cannot_be_read_are_said(self, moto: OnMoto, value: str) -> None:
        self.put(moto, value)
        with pytest.raises(RuleInvalid, match=r"/tieout/.*sign-in"):
            moto.console.provider.load()
