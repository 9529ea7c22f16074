"""Tables, bucket, key and logs: kept when the stack goes, encrypted, and ended when their time is over."""

from typing import Any

import pytest

from local.ci.template_file import Template, resources
from tests.contract.tables import log_table, state_table

from .shape import functions

KEPT = ("StateTable", "LogTable", "ArchiveBucket", "TokenKey")


@pytest.mark.parametrize("name", KEPT)
def test_data_outlives_the_stack(template: Template, name: str) -> None:
    found = template["Resources"][name]
    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.parametrize("name", ["StateTable", "LogTable"])
def test_tables_are_on_demand_recoverable_and_encrypted(template: Template, name: str) -> None:
    table = template["Resources"][name]["Properties"]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] is True
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires", "Enabled": True}


@pytest.mark.parametrize(("name", "tested"), [("StateTable", state_table("t")), ("LogTable", log_table("t"))])
def test_tables_are_those_that_the_stores_are_tested_on(
    template: Template, name: str, tested: dict[str, Any]
) -> None:
    table = template["Resources"][name]["Properties"]
    for part in ("KeySchema", "GlobalSecondaryIndexes"):
        assert table[part] == tested[part]
    attributes = [
        {attribute["AttributeName"] for attribute in one["AttributeDefinitions"]} for one in (table, tested)
    ]
    assert attributes[0] == attributes[1]


def test_the_archive_is_closed_encrypted_and_ends(template: Template) -> None:
    bucket = template["Resources"]["ArchiveBucket"]["Properties"]
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    ends = {
        rule.get("Prefix"): rule.get("ExpirationInDays") for rule in bucket["LifecycleConfiguration"]["Rules"]
    }
    assert ends == {
        "archive/": {"Ref": "ArchiveDays"},
        "spill/log/": {"Ref": "SyncLogDays"},
        "spill/sweeps/": 7,
        None: None,
    }


def test_the_archive_keeps_no_older_versions_of_an_erased_person(template: Template) -> None:
    assert "VersioningConfiguration" not in template["Resources"]["ArchiveBucket"]["Properties"]


def test_the_archive_refuses_plain_http(template: Template) -> None:
    policy = template["Resources"]["ArchiveBucketPolicy"]
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Condition"]) == (
        "Deny",
        {"Bool": {"aws:SecureTransport": "false"}},
    )
    assert template["Conditions"][policy["Condition"]] == {"Fn::Equals": [{"Ref": "AllowLocal"}, "no"]}
    assert template["Parameters"]["AllowLocal"]["Default"] == "no"


def test_the_key_for_tokens_rotates(template: Template) -> None:
    (key,) = resources(template, "AWS::KMS::Key").values()
    assert key["Properties"]["EnableKeyRotation"] is True


def test_every_function_logs_to_a_group_that_ends(template: Template) -> None:
    for properties in functions(template).values():
        group = template["Resources"][properties["LoggingConfig"]["LogGroup"]["Ref"]]
        assert group["Type"] == "AWS::Logs::LogGroup"
        assert group["Properties"]["RetentionInDays"] == {"Ref": "FunctionLogDays"}
        assert (
            group["Properties"]["LogGroupName"]["Fn::Sub"]
            == f"/aws/lambda/{properties['FunctionName']['Fn::Sub']}"
        )
    assert len(resources(template, "AWS::Logs::LogGroup")) == len(functions(template))
