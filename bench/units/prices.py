"""Counts in dollars, at the list prices of eu-west-1 of November 2026. Lambda's time is modelled, for it
depends on the vendor: it is told beside the rest."""

from collections import Counter

from bench.aws_requests import AwsRequests
from bench.figures import Figures, at_most, told
from bench.units.counter import Billed

WRITE_UNIT, READ_UNIT = 0.705e-6, 0.1415e-6
SQS, S3_PUT, KMS, SECRET_CALL = 0.40e-6, 5.0e-6, 3.0e-6, 5.0e-6
LAMBDA_SECOND, LAMBDA_CALL = 0.0000133334 * 0.5, 0.20e-6
"""arm64, 512 MB."""
CYCLES = 96 * 30.4


def per_million(billed: Billed, aws: AwsRequests, count: int) -> Figures:
    """A million new orders, all that DynamoDB, S3 and SQS are asked for on their way."""
    sqs = aws.operations("sqs").total() + 2 * count / 10
    parts = {
        "DynamoDB writes": billed.units() * WRITE_UNIT,
        "DynamoDB reads": billed.read_units * READ_UNIT,
        "SQS": sqs * SQS,
        "S3": aws.operations("s3").total() * S3_PUT,
    }
    figures = {
        "dollars, a million new orders: DynamoDB, S3 and SQS": at_most(
            sum(parts.values()) / count * 1e6,
            6,
            "dollars",
            f"{count} at once: "
            + ", ".join(f"{name} {dollars / count * 1e6:.2f}" for name, dollars in parts.items()),
        )
    }
    for seconds in (0.3, 1.5):
        figures[f"dollars, a million new orders: Lambda at {seconds} s a vendor call"] = told(
            1e6 * seconds * 1.2 * LAMBDA_SECOND, "dollars", "1.2 calls an order"
        )
    return figures


def idle_month(billed: Billed, aws: AwsRequests) -> Figures:
    """One quiet cycle, 96 times a day."""
    operations = {service: aws.operations(service) for service in ("dynamodb", "sqs", "s3", "kms")}
    secrets = aws.operations("secretsmanager").total()
    parts = Counter(
        {
            "DynamoDB writes": billed.units() * WRITE_UNIT,
            "DynamoDB reads": billed.read_units * READ_UNIT,
            "SQS": (operations["sqs"].total() + 3) * SQS,
            "S3": operations["s3"].total() * S3_PUT,
            "KMS": operations["kms"].total() * KMS,
            "Secrets Manager": secrets * SECRET_CALL,
            "Lambda": 19 * 0.3 * LAMBDA_SECOND + 2 * LAMBDA_CALL,
        }
    )
    return {
        "dollars, an idle integration for a month, all five entities": at_most(
            sum(parts.values()) * CYCLES,
            0.35,
            "dollars",
            ", ".join(f"{name} {value * CYCLES:.3f}" for name, value in parts.items()),
        ),
        "requests, quiet cycle": told(
            sum(one.total() for one in operations.values()) + secrets,
            "requests",
            ", ".join(f"{n} {name}" for one in operations.values() for name, n in sorted(one.items())),
        ),
    }
