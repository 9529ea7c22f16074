"""What only AWS has: secrets lie there encrypted."""

from random import Random

import pytest

from shared.errors import BadCredentials
from shared.ports import Token
from tests.contract.stores_world import START, OnMoto

CLAIMS = (("sugarcrm", "sales_order", "opp-1"), ("sage_50", "sales_order", "1042"))


class TestSecretsAtRest:
    """Tokens are encrypted and bound to their place; a damaged secret is explained."""

    def test_a_token_is_not_readable_in_its_row(self, moto: OnMoto) -> None:
        moto.stores("acme").tokens.save("sugarcrm", Token({"access_token": "very-secret"}, START, 1), 0)
        stored = moto.clients.dynamodb.scan(TableName="state")["Items"]
        assert len(stored) == 1
        assert "very-secret" not in str(stored)

    def test_a_token_moved_to_another_integration_cannot_be_read(self, moto: OnMoto) -> None:
        moto.stores("acme").tokens.save("sugarcrm", Token({"a": "b"}, START, 1), 0)
        (item,) = moto.clients.dynamodb.scan(TableName="state")["Items"]
        moto.clients.dynamodb.put_item(TableName="state", Item={**item, "pk": {"S": "acme-2#T#sugarcrm"}})
        with pytest.raises(moto.clients.kms.exceptions.InvalidCiphertextException):
            moto.stores("acme-2").tokens.load("sugarcrm")

    def test_something_far_too_large_is_no_token(self, moto: OnMoto) -> None:
        huge = Token({"access_token": Random(1).randbytes(70_000).hex()}, START, 1)
        with pytest.raises(ValueError, match="too long for a token"):
            moto.stores("acme").tokens.save("sugarcrm", huge, 0)

    @pytest.mark.parametrize("text", ["not json", "[1]", '"text"'])
    def test_a_damaged_secret_says_what_to_do(self, moto: OnMoto, text: str) -> None:
        moto.clients.secretsmanager.create_secret(Name="tieout/acme", SecretString=text)
        with pytest.raises(BadCredentials, match="tieout/acme does not hold a JSON object of texts for sug"):
            moto.stores("acme").secrets.get("sugarcrm")
        moto.stores("acme").secrets.put("sugarcrm", {"user": "jo"})
        assert moto.stores("acme").secrets.get("sugarcrm") == {"user": "jo"}

    def test_an_integration_has_one_secret_that_is_read_once_in_five_minutes(
        self, moto: OnMoto, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        moto.stores("acme").secrets.put("sugarcrm", {"user": "jo"})
        moto.stores("acme").secrets.put("sage_50", {"token": "t"})
        assert [one["Name"] for one in moto.clients.secretsmanager.list_secrets()["SecretList"]] == [
            "tieout/acme"
        ]
        with moto.counted("secretsmanager") as asked:
            for _ in range(3):
                assert moto.stores("acme").secrets.get("sugarcrm") == {"user": "jo"}
                assert moto.stores("acme").secrets.get("sage_50") == {"token": "t"}
        assert asked == ["GetSecretValue"]
        monkeypatch.setattr("shared.stores.aws_secrets.KEPT_SECONDS", 0.0)
        with moto.counted("secretsmanager") as asked:
            moto.stores("acme").secrets.get("sage_50")
        assert asked == ["GetSecretValue"]

    def test_after_a_refusal_it_is_read_again_and_says_whether_it_is_another(self, moto: OnMoto) -> None:
        moto.stores("acme").secrets.put("sage_50", {"token": "old"})
        secrets = moto.stores("acme").secrets
        assert secrets.get("sage_50") == {"token": "old"}
        assert secrets.renewed("sage_50") is False
        assert secrets.get("sage_50") == {"token": "old"}
        moto.clients.secretsmanager.put_secret_value(  # as another process stores it
            SecretId="tieout/acme", SecretString='{"sage_50": {"token": "new"}}'
        )
        assert secrets.get("sage_50") == {"token": "old"}
        assert secrets.renewed("sage_50") is True
        assert secrets.get("sage_50") == {"token": "new"}
        assert secrets.renewed("sage_50") is False

    def test_a_token_is_decrypted_once_and_read_every_time(self, moto: OnMoto) -> None:
        moto.stores("acme").tokens.save("sugarcrm", Token({"access_token": "a"}, START, 1), 0)
        with moto.counted("kms") as asked:
            for _ in range(3):
                assert moto.stores("acme").tokens.load("sugarcrm") == Token({"access_token": "a"}, START, 1)
        assert asked == ["Decrypt"]
        moto.stores("acme").tokens.save("sugarcrm", Token({"access_token": "b"}, START, 2), 1)
        assert moto.stores("acme").tokens.load("sugarcrm") == Token({"access_token": "b"}, START, 2)
