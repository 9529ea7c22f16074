"""Connecting: credentials are proved, stay with their host and out of the archive; settings make sense."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from shared.errors import BadCredentials, Halt, SyncError
from shared.ports import System
from tests.contract.contract_faults import calls, met
from tests.contract.doors import Odd, Stranger
from tests.contract.system_bench import SystemBench

REDIRECTIONS = (301, 302, 303, 307, 308)


class SignInContract:
    def test_a_good_connection_has_nothing_wrong(self, bench: SystemBench) -> None:
        found = bench.system().check([bench.facts.spec])
        assert found and [one for one in found if one.level == "error"] == []

    def test_check_tells_of_an_outage_and_raises_nothing(self, bench: SystemBench) -> None:
        bench.door or pytest.skip("nothing goes over HTTP")
        for kind in ("500", "html", "lost_request", "truncated_json"):
            bench.fault(kind, times=-1)
            found = bench.system().check([bench.facts.spec])
            bench.mend()
            assert "error" in {one.level for one in found} and all(one.message for one in found), kind

    def test_a_wrong_secret_is_bad_credentials(self, bench: SystemBench) -> None:
        wrong = bench.facts.wrong_secret or pytest.skip("nobody signs in")
        for name, call in calls(bench, bench.make_named(["Record"])[0]):
            fault = met(partial(call, bench.system(secret=wrong)))
            assert isinstance(fault, BadCredentials), f"{name}: {fault!r}"
        assert "error" in {one.level for one in bench.system(secret=wrong).check([])}

    def test_new_credentials_are_proved(self, bench: SystemBench) -> None:
        """Whatever is kept of an earlier sign-in: it says nothing of what was typed now."""
        wrong = bench.facts.wrong_secret or pytest.skip("nobody signs in")
        sound = bench.system()
        assert "error" not in {one.level for one in sound.check([bench.facts.spec])}
        bench.warm()
        assert "error" in {one.level for one in bench.system(secret=wrong).check([bench.facts.spec])}
        assert "error" not in {one.level for one in bench.system().check([bench.facts.spec])}

    def test_what_is_kept_of_one_user_serves_no_other(self, bench: SystemBench) -> None:
        stranger = bench.facts.stranger or pytest.skip("nobody signs in")
        (one,) = bench.make_named(["Record"])
        bench.warm()
        with pytest.raises(BadCredentials):
            bench.system(secret=stranger).read(bench.facts.spec, [one])
        assert bench.system().read(bench.facts.spec, [one]).keys() == {one}

    def test_no_secret_reaches_the_archive(self, bench: SystemBench) -> None:
        (one,) = bench.make_named(["Record"])
        for _, call in calls(bench, one):
            call(bench.warm())
        bench.system().check([bench.facts.spec])
        everything = bench.recorded()
        assert [secret for secret in [*bench.secrets(), *bench.tokens()] if secret in everything] == []

    # hosts

    def test_what_one_host_gave_goes_to_no_other(self, bench: SystemBench) -> None:
        """The settings name another address, and the store keeps the sign-in to the first."""
        bench.door or pytest.skip("nothing goes over HTTP")
        bench.warm()
        kept = bench.tokens()
        with Stranger() as stranger:
            for _, call in calls(bench, bench.make_named(["Record"])[0]):
                met(partial(call, bench.system(url=stranger.url)))
            elsewhere = bench.system(url=stranger.url)
            told(elsewhere, bench)
            assert stranger.heard, "it is the configured one now"
            everything = "\n".join(stranger.heard)
        assert [token for token in kept if token in everything] == []

    def test_a_redirection_is_never_followed(self, bench: SystemBench) -> None:
        door = bench.door or pytest.skip("nothing goes over HTTP")
        (one,) = bench.make_named(["Record"])
        ready = bench.warm()
        with Stranger() as stranger:
            for status in REDIRECTIONS:
                door.answer(Odd(status, "", {"Location": f"{stranger.url}/elsewhere"}), times=-1)
                for name, call in calls(bench, one):
                    for system in (ready, bench.system()):
                        fault = met(partial(call, system))
                        assert isinstance(fault, SyncError), f"{name} and HTTP {status}: {fault!r}"
                told(bench.system(), bench)
            assert stranger.heard == []

    def test_a_next_page_on_another_host_is_never_asked_for(self, bench: SystemBench) -> None:
        door = bench.door or pytest.skip("nothing goes over HTTP")
        ids = bench.make_named(["Many"] * 9)
        system = bench.warm()
        with Stranger() as stranger:
            door.lead_to(stranger.url)
            looks: list[Callable[[], Any]] = [
                lambda: list(system.changes(bench.facts.spec, None, 4)),
                lambda: system.find(bench.facts.spec, bench.facts.name, ["Many"]),
                lambda: system.read(bench.facts.spec, ids),
            ]
            for look in looks:
                met(look)
            assert stranger.heard == []

    # settings

    def test_an_option_that_makes_no_sense_is_refused_with_a_sentence(self, bench: SystemBench) -> None:
        """It names the option, what was written, and what may be."""
        for option, value, allowed in bench.facts.refused_options:
            with pytest.raises(Halt) as refused:
                bench.system(**{option: value})  # type: ignore[arg-type]
            said = str(refused.value)
            assert option in said and f"'{value}'" in said and allowed in said, said


def told(system: System, bench: SystemBench) -> None:
    """Whatever a connector says of its connection. It must not raise."""
    with suppress(SyncError):
        system.keep_alive()
    system.check([bench.facts.spec])
