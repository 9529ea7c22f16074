"""The local stack's gate: which requests come near the emulator at all."""

import pytest

from local.stack.gate import Refused, admit, check_page

PORT = 4010
ID = "a" * 32
FUNCTION = f"{ID}.lambda-url.eu-west-2.localhost:{PORT}"
ON_AWS = f"{ID}.lambda-url.eu-west-2.on.aws"
OWN = f"127.0.0.1:{PORT}"


def headers(host: str, **others: str) -> list[tuple[bytes, bytes]]:
    named = {name.replace("_", "-"): value for name, value in others.items()}
    return [(name.encode(), value.encode()) for name, value in {"host": host, **named}.items()]


@pytest.mark.parametrize("host", [OWN, f"localhost:{PORT}", f"LOCALHOST:{PORT}"])
def test_everything_on_our_own_host_must_be_signed(host: str) -> None:
    assert admit(PORT, "/2015-03-31/functions/", headers(host)).way == "signed"
    assert admit(PORT, "/bucket/key", headers(host)).way == "signed"


@pytest.mark.parametrize("host", [FUNCTION, ON_AWS])
def test_a_function_url_is_open(host: str) -> None:
    admitted = admit(PORT, "/main/", headers(host, sec_fetch_site="cross-site", origin="null"))
    assert (admitted.way, admitted.function) == ("function", ID)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"evil.example:{PORT}",
        "127.0.0.1",
        f"127.0.0.1:{PORT + 1}",
        f"127.0.0.1.evil.example:{PORT}",
        f"{ID}.lambda-url.eu-west-2.evil.example:{PORT}",
        f"{ID}.lambda-url.eu-west-2.localhost:{PORT + 1}",
        f"{ID}.lambda-url.eu-west-2.localhost:{PORT}.evil.example",
        f"x.{FUNCTION}",
        f"{OWN}@evil.example",
        "",
    ],
)
def test_a_name_that_only_leads_here_is_refused(host: str) -> None:
    with pytest.raises(Refused, match="host"):
        admit(PORT, "/", headers(host))


def test_two_hosts_or_none_are_refused() -> None:
    for found in ([(b"host", OWN.encode()), (b"Host", FUNCTION.encode())], []):
        with pytest.raises(Refused, match="exactly one host"):
            admit(PORT, "/", found)


@pytest.mark.parametrize("host", [OWN, FUNCTION, ON_AWS])
@pytest.mark.parametrize(
    "path", ["/_ministack/config", "/_localstack/health", "/_aws/lambda-url/x/", "/health", "/_tieoutx"]
)
def test_the_emulators_own_addresses_are_closed_on_every_host(host: str, path: str) -> None:
    with pytest.raises(Refused, match="closed"):
        admit(PORT, path, headers(host))


def test_the_launchers_addresses_are_on_our_own_host_only() -> None:
    assert admit(PORT, "/_tieout/status", headers(OWN)).way == "control"
    with pytest.raises(Refused):
        admit(PORT, "/_tieout/status", headers(FUNCTION))


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"http://{OWN}"])
@pytest.mark.parametrize("path", ["/", "/_tieout/release"])
def test_no_web_page_may_use_a_signed_or_control_address(origin: str, path: str) -> None:
    with pytest.raises(Refused, match="web page"):
        admit(PORT, path, headers(OWN, origin=origin))


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin, none", ""])
def test_another_page_may_only_link_to_the_console(site: str) -> None:
    found = headers(FUNCTION, sec_fetch_site=site)
    check_page("tieout-console", "GET", found)
    for name, method in (("tieout-console", "POST"), ("tieout-receive-webhook", "GET")):
        with pytest.raises(Refused, match="another web page"):
            check_page(name, method, found)


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_page_and_a_typed_address_may_do_all(site: str) -> None:
    check_page("tieout-console", "POST", headers(FUNCTION, sec_fetch_site=site, origin="null"))
    check_page("tieout-receive-webhook", "POST", headers(FUNCTION))


@pytest.mark.parametrize("path", ["/oauth2/authorize", "/oauth2/token"])
def test_the_sign_in_is_open_on_our_own_host_to_no_script(path: str) -> None:
    """A person's browser comes from the console's page, so the fetched-from headers say another site."""
    assert admit(PORT, path, headers(f"localhost:{PORT}", sec_fetch_site="cross-site")).way == "sign-in"
    assert admit(PORT, path, headers(FUNCTION)).way == "function"
    with pytest.raises(Refused, match="web page"):
        admit(PORT, path, headers(OWN, origin="null"))


@pytest.mark.parametrize("path", ["/login", "/oauth2/userInfo", "/oauth2/authorize/", "/oauth2/idpresponse"])
def test_the_emulators_other_ways_in_stay_closed(path: str) -> None:
    assert admit(PORT, path, headers(OWN)).way == "signed"
