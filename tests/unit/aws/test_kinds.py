"""Every refusal of RunTask that is known of, and what it means for the next step (T9, T12-T14)."""

from __future__ import annotations

import pytest
from botocore.exceptions import EndpointConnectionError, NoRegionError, TokenRetrievalError
from support.aws_settings import fleet, intent, settings
from support.wire import Answer, Refusal, Wire

from autoscaler.aws.kinds import kind_of_error
from autoscaler.aws.launches import EcsActions
from autoscaler.core.actions import FailureKind
from autoscaler.core.settings import Overrides

SHORT = (
    "Capacity is unavailable at this time. Please try again later or in a different "
    "availability zone"
)
SUBNET = "Error retrieving subnet information for [subnet-1]"
GROUP = "Error retrieving security group information for [sg-1]"

TEXTS = [
    # T13
    (SHORT, FailureKind.CAPACITY),
    ("RESOURCE:CPU", FailureKind.CAPACITY),
    ("RESOURCE:MEMORY", FailureKind.CAPACITY),
    ("RESOURCE:ENI", FailureKind.CAPACITY),
    ("RESOURCE:GPU", FailureKind.CAPACITY),
    ("RESOURCE:PORTS", FailureKind.CAPACITY),
    # T14, with either apostrophe
    (
        "You\u2019ve reached the limit on the number of vCPUs you can run concurrently",
        FailureKind.QUOTA,
    ),
    ("You've reached the limit on the number of vCPUs you can run concurrently", FailureKind.QUOTA),
    ("ATTRIBUTE", FailureKind.DEFINITION),
    ("LOCATION", FailureKind.DEFINITION),
    ("MemberOf placement constraint unsatisfied", FailureKind.DEFINITION),
    (f"{SUBNET}: Rate exceeded (ErrorCode: Throttling)", FailureKind.THROTTLED),
    ("AGENT", FailureKind.OTHER),
    ("MISSING", FailureKind.OTHER),
    ("INACTIVE", FailureKind.OTHER),
    ("something new", FailureKind.OTHER),
]

REFUSALS = [
    # T12, and what EC2's throttles look like
    (Refusal("ThrottlingException", "Rate exceeded"), FailureKind.THROTTLED),
    (
        Refusal("InvalidParameterException", f"{SUBNET}: Rate exceeded (ErrorCode: Throttling)"),
        FailureKind.THROTTLED,
    ),
    (
        Refusal(
            "InvalidParameterException",
            f"{GROUP}: Request limit exceeded. (ErrorCode: RequestLimitExceeded)",
        ),
        FailureKind.THROTTLED,
    ),
    (Refusal("InvalidParameterException", f"{GROUP}: Rate exceeded"), FailureKind.THROTTLED),
    (
        Refusal("InvalidParameterException", f"{GROUP}: Request limit exceeded."),
        FailureKind.THROTTLED,
    ),
    (Refusal("InvalidParameterException", "No such subnet."), FailureKind.DEFINITION),
    (Refusal("ClientException", "TaskDefinition not found."), FailureKind.DEFINITION),
    (Refusal("ClientException", "You reached the limit on the number of tasks"), FailureKind.QUOTA),
    (Refusal("ClientException", SHORT), FailureKind.CAPACITY),
    (Refusal("ClusterNotFoundException"), FailureKind.DEFINITION),
    (Refusal("PlatformUnknownException"), FailureKind.DEFINITION),
    (Refusal("PlatformTaskDefinitionIncompatibilityException"), FailureKind.DEFINITION),
    (Refusal("UnsupportedFeatureException"), FailureKind.DEFINITION),
    (Refusal("BlockedException", "Rate exceeded"), FailureKind.BLOCKED),
    (Refusal("AccessDeniedException", "Not you."), FailureKind.DENIED),
    (Refusal("UnrecognizedClientException"), FailureKind.DENIED),
    (Refusal("ExpiredTokenException"), FailureKind.DENIED),
    (Refusal("InvalidSignatureException"), FailureKind.DENIED),
    (Refusal("Unheard"), FailureKind.OTHER),
]


def launched(wire: Wire, answer: Answer) -> list[FailureKind]:
    wire.on("RunTask", answer)
    return [
        one.kind for one in EcsActions(settings(), wire.clients).launch("thumbs", intent()).failures
    ]


@pytest.mark.parametrize(("reason", "kind"), TEXTS)
@pytest.mark.trap("T14")
def test_failures_under_http_200_have_a_kind(wire: Wire, reason: str, kind: FailureKind) -> None:
    told = [{"reason": reason}, {"reason": reason, "detail": "more", "arn": None}]
    assert launched(wire, {"tasks": [], "failures": told}) == [kind, kind]


def test_the_kind_may_be_in_the_detail_alone(wire: Wire) -> None:
    told = {"tasks": [], "failures": [{"reason": "Failed", "detail": SHORT}]}
    assert launched(wire, told) == [FailureKind.CAPACITY]


@pytest.mark.parametrize(("refusal", "kind"), REFUSALS)
def test_what_is_raised_has_a_kind(wire: Wire, refusal: Refusal, kind: FailureKind) -> None:
    assert launched(wire, refusal) == [kind]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (EndpointConnectionError(endpoint_url="https://ecs"), FailureKind.OTHER),
        (NoRegionError(), FailureKind.DEFINITION),
        (TokenRetrievalError(provider="sso", error_msg="old"), FailureKind.DENIED),
    ],
)
def test_what_never_left_this_computer_has_a_kind(error: Exception, kind: FailureKind) -> None:
    assert kind_of_error(error) is kind


def test_overrides_too_long_for_ecs_are_for_people_to_mend(wire: Wire) -> None:
    chosen = settings({"thumbs": fleet(overrides=Overrides(environment={"A": "x" * 8192}))})
    [failure] = EcsActions(chosen, wire.clients).launch("thumbs", intent()).failures
    assert failure.kind is FailureKind.DEFINITION
