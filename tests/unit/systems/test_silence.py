"""Why a vendor did not answer, in words."""

import httpx
import pytest

from shared.systems._silence import why


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (httpx.ConnectError("[Errno 111] Connection refused"), "nothing can be reached at its address"),
        (httpx.ConnectError("[Errno -2] Name or service not known"), "there is no server of that name"),
        (
            httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed"),
            "its certificate is not one that this machine trusts",
        ),
        (httpx.ConnectError("[SSL: WRONG_VERSION_NUMBER]"), "it does not speak https at that address"),
        (httpx.ConnectTimeout("x"), "no connection to its address came about in time"),
        (httpx.ReadTimeout("x"), "no answer came in time"),
        (httpx.WriteTimeout("x"), "no answer came in time"),
        (httpx.RemoteProtocolError("x"), "the connection broke off"),
        (httpx.ReadError("x"), "the connection broke off"),
        (httpx.DecodingError("x"), "the connection failed"),
    ],
)
def test_a_fault_of_the_connection_is_told_in_words(fault: httpx.HTTPError, words: str) -> None:
    assert why(fault) == words
