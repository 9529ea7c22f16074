"""The promises of Secrets, for both implementations."""

import pytest

from shared.errors import BadCredentials
from shared.ports import Stores


class TestSecrets:
    """One suite, every implementation."""

    def test_a_missing_secret_says_what_to_do(self, stores: Stores) -> None:
        with pytest.raises(BadCredentials, match="`tieout connect sugarcrm`"):
            stores.secrets.get("sugarcrm")

    def test_credentials_are_stored_and_replaced(self, stores: Stores) -> None:
        stores.secrets.put("sugarcrm", {"user": "jo", "password": "p'\"é😀"})
        assert stores.secrets.get("sugarcrm") == {"user": "jo", "password": "p'\"é😀"}
        stores.secrets.put("sugarcrm", {"user": "jo", "password": "new"})
        assert stores.secrets.get("sugarcrm") == {"user": "jo", "password": "new"}
        with pytest.raises(BadCredentials):
            stores.secrets.get("sage_50")

    def test_what_was_forgotten_is_not_there_and_the_others_stay(self, stores: Stores) -> None:
        stores.secrets.put("sugarcrm", {"user": "jo"})
        stores.secrets.put("sage_50", {"token": "t"})
        stores.secrets.forget("sugarcrm")
        stores.secrets.forget("sugarcrm")
        stores.secrets.forget("vtiger")
        with pytest.raises(BadCredentials):
            stores.secrets.get("sugarcrm")
        assert stores.secrets.get("sage_50") == {"token": "t"}

    def test_two_integrations_never_meet(self, stores: Stores, others: Stores) -> None:
        stores.secrets.put("sugarcrm", {"user": "jo"})
        with pytest.raises(BadCredentials, match="acme-2"):
            others.secrets.get("sugarcrm")
