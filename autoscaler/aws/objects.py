"""Texts kept in S3 and in SSM's parameters: the Lambda's configuration, and its records."""

from __future__ import annotations

from typing import Any

from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.troubles import CALL_ERRORS, explain
from autoscaler.core.errors import ConfigurationError, ObservationError

_HERE = Place(None)
"""The region of the environment, in no role."""


class Objects:
    """Reads and writes texts by their address: ``s3://bucket/key`` or ``ssm:/name``."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def read(self, address: str) -> str:
        """The text at an address.

        Raises:
            ConfigurationError: this is no address.
            ObservationError: AWS did not give it.
        """
        read = self._parameter if address.startswith("ssm:") else self._object
        try:
            return read(address)
        except CALL_ERRORS as error:
            raise ObservationError(explain(error, f"read {address}")) from error

    def write(self, address: str, text: str) -> None:
        """Put a text into S3.

        Raises:
            ConfigurationError: this is no address in S3.
            ObservationError: AWS did not take it.
        """
        bucket, key = _bucket_and_key(address)
        try:
            self._s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
        except CALL_ERRORS as error:
            raise ObservationError(explain(error, f"write {address}")) from error

    @property
    def _s3(self) -> Any:
        return self._clients.service("s3", _HERE)

    def _object(self, address: str) -> str:
        bucket, key = _bucket_and_key(address)
        return str(self._s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode())

    def _parameter(self, address: str) -> str:
        ssm = self._clients.service("ssm", _HERE)
        found = ssm.get_parameter(Name=address.removeprefix("ssm:"), WithDecryption=True)
        return str(found["Parameter"]["Value"])


def _bucket_and_key(address: str) -> tuple[str, str]:
    bucket, slash, key = address.removeprefix("s3://").partition("/")
    if not address.startswith("s3://") or not (bucket and slash and key):
        raise ConfigurationError(
            f"{address} is no address; write s3://bucket/key, or ssm:/name for a parameter"
        )
    return bucket, key
