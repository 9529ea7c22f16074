"""The DynamoDB tables as `template.yaml` declares them, for tests that make them without a stack."""

from typing import Any


def _key(name: str, kind: str) -> dict[str, str]:
    return {"AttributeName": name, "KeyType": kind}


def _table(name: str, projection: str, **indexes: tuple[str, str]) -> dict[str, Any]:
    attributes = dict.fromkeys(("pk", "sk", *(key for keys in indexes.values() for key in keys)))
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": one, "AttributeType": "S"} for one in attributes],
        "KeySchema": [_key("pk", "HASH"), _key("sk", "RANGE")],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": index,
                "KeySchema": [_key(keys[0], "HASH"), _key(keys[1], "RANGE")],
                "Projection": {"ProjectionType": projection},
            }
            for index, keys in indexes.items()
        ],
    }


def state_table(name: str) -> dict[str, Any]:
    """Links, pointers, waits, parked events, gates, lanes, cursors, tokens, cache and integrations."""
    return _table(name, "KEYS_ONLY", by_status=("lk", "ls"))


def log_table(name: str) -> dict[str, Any]:
    """Runs and log rows."""
    return _table(name, "ALL", by_outcome_and_time=("list_pk", "sk"))


EXPIRY = "expires"
"""The time-to-live attribute of both tables, in epoch seconds."""
