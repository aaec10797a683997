"""What a refusal of RunTask means for the next step: its kind, read from AWS's codes and texts."""

from __future__ import annotations

from botocore.exceptions import (
    ClientError,
    InvalidRegionError,
    NoRegionError,
    ParamValidationError,
)

from autoscaler.aws.troubles import code_of, denied, message_of, says_throttled, throttled
from autoscaler.core.actions import FailureKind
from autoscaler.core.errors import ConfigurationError

_QUOTA = "reached the limit on the number of"
"""The rest of the sentence varies: its apostrophe, vCPUs or tasks [ECS service events]."""

_CAPACITY = "Capacity is unavailable"

_LACKING = "RESOURCE:"
"""CPU, MEMORY, ENI and so on: the cluster's instances are full [ECS API failure reasons]."""

_NO_INSTANCE = "No Container Instances were found"
"""RunTask on EC2 in a cluster that has none yet is an error, not a failure [ECS RunTask]."""

_CONFIGURED = ("ATTRIBUTE", "LOCATION", "MemberOf")
"""Placement that no instance can ever fit [ECS API failure reasons]."""

_WRONG_REQUESTS = frozenset(
    {
        "ClientException",
        "ClusterNotFoundException",
        "InvalidParameterException",
        "PlatformTaskDefinitionIncompatibilityException",
        "PlatformUnknownException",
        "ServiceNotActiveException",
        "ServiceNotFoundException",
        "UnsupportedFeatureException",
        "ValidationException",
    }
)
_WRONG_SETTINGS = (ConfigurationError, InvalidRegionError, NoRegionError, ParamValidationError)


def kind_of_text(text: str) -> FailureKind:
    """The kind of a ``failures[]`` entry, from its reason and detail."""
    if _QUOTA in text:
        return FailureKind.QUOTA
    if says_throttled(text):
        return FailureKind.THROTTLED
    if _CAPACITY in text or _NO_INSTANCE in text or text.startswith(_LACKING):
        return FailureKind.CAPACITY
    return FailureKind.DEFINITION if text.startswith(_CONFIGURED) else FailureKind.OTHER


def kind_of_error(error: Exception) -> FailureKind:
    """The kind of what RunTask raised."""
    if denied(error):
        return FailureKind.DENIED
    if not isinstance(error, ClientError):
        wrong = isinstance(error, _WRONG_SETTINGS)
        return FailureKind.DEFINITION if wrong else FailureKind.OTHER
    if code_of(error) == "BlockedException":
        return FailureKind.BLOCKED
    if throttled(error):
        return FailureKind.THROTTLED
    told = kind_of_text(message_of(error))  # a quota or a shortage may come as an error, too
    if told is FailureKind.OTHER and code_of(error) in _WRONG_REQUESTS:
        return FailureKind.DEFINITION
    return told
