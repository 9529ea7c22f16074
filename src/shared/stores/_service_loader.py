"""Finds botocore's descriptions of the services that Tieout calls without looking through those of all
others.

Before botocore opens one description it reads some 400 directories to learn which there are, once for each
kind of file: a tenth of the webhook's start. The answer is known here.
"""

from botocore.loaders import Loader  # type: ignore[import-untyped,unused-ignore]

SERVICES = ("dynamodb", "kms", "s3", "secretsmanager", "sqs")


class ServiceLoader(Loader):  # type: ignore[misc,unused-ignore]
    """A session's own `data_loader` component; every other question is answered by botocore's code."""

    def list_available_services(self, type_name: str) -> list[str]:
        return list(SERVICES)
