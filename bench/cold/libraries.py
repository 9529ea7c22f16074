"""The peer: a fresh interpreter that imports the libraries and makes what a first request usually needs.

Prints the processor seconds (user and system) that took.
"""

import time

from bench.cold import deployed  # noqa: F401  hides what no artifact has

begun = time.process_time()

import boto3  # noqa: E402
import httpx  # noqa: E402
import pydantic  # noqa: E402, F401
from aws_lambda_powertools import Logger, Metrics  # noqa: E402
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType  # noqa: E402

made = [boto3.client(name, region_name="eu-west-1") for name in ("sqs", "dynamodb", "s3")]
made += [Logger(), Metrics(), BatchProcessor(EventType.SQS), httpx.Client()]

print(time.process_time() - begun)
