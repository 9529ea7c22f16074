"""Pictures: what is sent, and where to."""

import httpx
import pytest

from shared.errors import MissingPermission, OutcomeUnknown, RecordRejected
from shared.systems.sage_sales_management.pictures import LARGEST, kind_of
from tests.unit.systems.sage_sales_management.fakes import Bench, spec_of

PNG = b"\x89PNG\r\n\x1a\n picture"


class Vendor:
    """Gives this address for a picture; hears what comes."""

    def __init__(self, locator: object) -> None:
        self.locator, self.heard = locator, list[httpx.Request]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request)
        if request.url.path.endswith("/login"):
            return httpx.Response(200, json={"token": "session-key"})
        if request.url.host == "crm.example":
            return httpx.Response(200, json={"id": "345", "locator": self.locator})
        return httpx.Response(200)


@pytest.mark.parametrize(
    "content, kind",
    [(PNG, "png"), (b"\xff\xd8\xff\xe0", "jpg"), (b"GIF89a", "gif"), (b"RIFF\0\0\0\0WEBPVP8 ", "webp")],
)
def test_a_picture_is_known_by_its_first_bytes(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"%PDF-1.7", b"MZ"])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(RecordRejected, match="no PNG"):
        kind_of(content)


def test_a_picture_of_ten_megabytes_is_refused_before_any_call() -> None:
    vendor = Vendor("")
    with pytest.raises(RecordRejected, match="10,000,008 bytes"):
        Bench(answer=vendor).system().put_picture(spec_of("product"), "7", "W1", PNG[:8] + b"x" * 10_000_000)
    assert vendor.heard == [] and LARGEST < 10_000_000


def test_it_goes_to_the_bucket_as_it_is_and_nothing_of_the_sign_in_with_it() -> None:
    vendor = Vendor("https://pictures.s3.eu-west-1.amazonaws.com/a/b.png?X-Amz-Signature=secret&x=%2F")
    bench = Bench(answer=vendor)
    assert bench.system().put_picture(spec_of("product"), "7", "W1", PNG) == "345"
    sent = vendor.heard[-1]
    assert str(sent.url) == vendor.locator and sent.content == PNG
    assert sent.headers["Content-Type"] == "application/octet-stream" and "X-Session-Key" not in sent.headers
    assert "X-Amz-Signature=secret" not in bench.recorder.everything


@pytest.mark.parametrize(
    "locator",
    [
        "http://pictures.amazonaws.com/x",
        "https://amazonaws.com.evil.example/x",
        "https://evilamazonaws.com/x",
        "https://169.254.169.254/latest",
        "ftp://pictures.amazonaws.com/x",
        "//pictures.amazonaws.com/x",
        "not an address",
    ],
)
def test_another_address_gets_nothing(locator: str) -> None:
    vendor = Vendor(locator)
    with pytest.raises(MissingPermission, match="picture_hosts"):
        Bench(answer=vendor).system().put_picture(spec_of("product"), "7", "W1", PNG)
    assert {request.url.host for request in vendor.heard} == {"crm.example"}


def test_hosts_are_a_setting() -> None:
    vendor = Vendor("https://cdn.sage.example/x")
    bench = Bench(answer=vendor)
    assert (
        bench.system(picture_hosts="cdn.sage.example, .other.example").put_picture(
            spec_of("product"), "7", "W1", PNG
        )
        == "345"
    )
    with pytest.raises(MissingPermission):
        bench.system(picture_hosts="sage.example").put_picture(spec_of("product"), "7", "W1", PNG)


@pytest.mark.parametrize("locator", [None, 5])
def test_an_answer_without_an_address_is_no_answer(locator: object) -> None:
    with pytest.raises(OutcomeUnknown):
        Bench(answer=Vendor(locator)).system().put_picture(spec_of("product"), "7", "W1", PNG)
