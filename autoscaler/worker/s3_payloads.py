"""Bodies in S3: fetched before their message is handled, deleted after it."""

import os
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from autoscaler.worker.errors import LastingError
from autoscaler.worker.payloads import Pointer
from autoscaler.worker.sqs import errors_told

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

_GONE = {"NoSuchKey", "NoSuchBucket", "404"}


class S3Payloads:
    """The bodies that messages point to; its client is made for the first of them."""

    def fetch(self, pointer: Pointer) -> str:
        """Return a body; raises LastingError when it is gone or may not be read."""
        with errors_told("S3"):
            try:
                answer = self._client.get_object(Bucket=pointer.bucket, Key=pointer.key)
                return answer["Body"].read().decode()
            except ClientError as error:
                if error.response.get("Error", {}).get("Code") not in _GONE:
                    raise
                raise LastingError(
                    f"the message's body {pointer.uri} is gone: it was handled before, or it "
                    "expired before the message did"
                ) from error
            except UnicodeDecodeError as error:
                raise LastingError(f"the message's body {pointer.uri} is no UTF-8") from error

    def delete(self, pointer: Pointer) -> None:
        """Delete a body; S3 takes it as well that it is gone already."""
        with errors_told("S3"):
            self._client.delete_object(Bucket=pointer.bucket, Key=pointer.key)

    @cached_property
    def _client(self) -> "S3Client":
        return boto3.client(
            "s3",
            region_name=os.environ.get("AWS_REGION") or None,
            config=Config(
                connect_timeout=5,
                read_timeout=30,
                retries={"mode": "standard", "total_max_attempts": 3},
            ),
        )
