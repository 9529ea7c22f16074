"""A refusal that broke off on its way pauses nobody: a person would come for nothing."""

from collections.abc import Callable

import pytest

from shared.errors import BadCredentials, Halt, Retry
from shared.systems._http import Reply
from shared.systems.sage_50.envelope import opened
from shared.systems.sage_accounting.faults import fault as sage_fault
from shared.systems.vtiger.api import answer_of

TORN = [b'{"error": "invalid_gr', b'[{"$severity": "error", "$mess', b"<html><body>Unauthor"]
WHOLE = [b'{"Message": "Authorization has been denied for this request."}', b"<html>Forbidden</html>", b""]


def sage_50(body: bytes) -> object:
    return opened(Reply(403, {}, body, "sage_50"), writes=False, doing="read a customer")


def sage_accounting(body: bytes) -> object:
    raise sage_fault(Reply(401, {}, body, "sage_accounting"), None, "read a contact", writes=False)


def vtiger(body: bytes) -> object:
    return answer_of(Reply(401, {}, body, "vtiger"), "retrieve", False)


@pytest.mark.parametrize("ask", [sage_50, sage_accounting, vtiger])
@pytest.mark.parametrize("body", TORN)
def test_f12_a_torn_refusal_is_tried_again(ask: Callable[[bytes], object], body: bytes) -> None:
    with pytest.raises(Retry):
        ask(body)


@pytest.mark.parametrize("ask", [sage_50, sage_accounting, vtiger])
@pytest.mark.parametrize("body", WHOLE)
def test_a_whole_refusal_is_one(ask: Callable[[bytes], object], body: bytes) -> None:
    with pytest.raises(BadCredentials) as met:
        ask(body)
    assert isinstance(met.value, Halt)
