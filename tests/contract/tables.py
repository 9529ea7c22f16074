"""The DynamoDB tables as `template.yaml` declares them, for tests that make them without a stack."""

from typing import Any


def _key(name: str, kind: str) -> dict[str, str]:
    return {"AttributeName": name, "KeyType": kind}


def _table(name: str, index: str, index_keys: tuple[str, str], projection: str) -> dict[str, Any]:
    attributes = dict.fromkeys(("pk", "sk", *index_keys))
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": one, "AttributeType": "S"} for one in attributes],
        "KeySchema": [_key("pk", "HASH"), _key("sk", "RANGE")],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": index,
                "KeySchema": [_key(index_keys[0], "HASH"), _key(index_keys[1], "RANGE")],
                "Projection": {"ProjectionType": projection},
            }
        ],
    }


def state_table(name: str) -> dict[str, Any]:
    """Links, pointers, waits, parked events, gates, lanes, cursors, tokens, cache and integrations."""
    return _table(name, "by_outcome", ("outcome_pk", "outcome_sk"), "KEYS_ONLY")


def log_table(name: str) -> dict[str, Any]:
    """Runs and log rows."""
    return _table(name, "by_run", ("run_pk", "sk"), "ALL")


EXPIRY = "expires"
"""The time-to-live attribute of both tables, in epoch seconds."""
