"""Every trouble is one sentence that says what to do."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    InvalidRegionError,
    MetadataRetrievalError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProfileNotFound,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)
from botocore.parsers import ResponseParserError

from autoscaler.aws.troubles import explain, throttled, unexpected
from autoscaler.core.errors import ConfigurationError

URL = "http://127.0.0.1:9/"


def refused(code: str, said: str = "Said so.", status: int = 400) -> ClientError:
    answer = {
        "Error": {"Code": code, "Message": said},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "ListTasks")


SET = (
    "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the task or "
    "function a role"
)
LOOK = "check the network, the region and AWS_ENDPOINT_URL"
SENTENCES = [
    # what is wrong with the place as a whole
    (NoCredentialsError(), f"no AWS credentials were found; {SET}"),
    (
        PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
        f"half of the AWS credentials is missing; {SET}",
    ),
    (
        CredentialRetrievalError(provider="role", error_msg="nobody answers"),
        (
            "the AWS credentials could not be got: Error when retrieving credentials from role: "
            f"nobody answers; {SET}"
        ),
    ),
    (
        MetadataRetrievalError(error_msg="nobody answers"),
        f"the AWS credentials could not be got: Error retrieving metadata: nobody answers; {SET}",
    ),
    (
        NoRegionError(),
        "no AWS region is set; set AWS_REGION, or region in the configuration",
    ),
    (
        InvalidRegionError(region_name="eu west"),
        (
            "Provided region_name 'eu west' doesn't match a supported format; "
            "write the region like eu-west-2"
        ),
    ),
    (
        ProfileNotFound(profile="x"),
        "The config profile (x) could not be found; correct AWS_PROFILE, or leave it unset",
    ),
    (
        UnauthorizedSSOTokenError(),
        "the AWS sign-in is no longer valid; run `aws sso login`",
    ),
    (
        TokenRetrievalError(provider="sso", error_msg="old"),
        (
            "the AWS sign-in is no longer valid (Error when retrieving token from sso: old); "
            "run `aws sso login`"
        ),
    ),
    (
        EndpointConnectionError(endpoint_url=URL),
        f'Could not connect to the endpoint URL: "{URL}"; {LOOK}',
    ),
    (
        ConnectTimeoutError(endpoint_url=URL),
        f'Connect timeout on endpoint URL: "{URL}"; {LOOK}',
    ),
    (
        ProxyConnectionError(proxy_url=URL),
        f'Failed to connect to proxy URL: "{URL}"; check HTTPS_PROXY and NO_PROXY',
    ),
    (
        SSLError(endpoint_url=URL, error="self-signed"),
        (
            f"SSL validation failed for {URL} self-signed; check AWS_CA_BUNDLE and this computer's "
            "clock"
        ),
    ),
    (
        refused("ExpiredTokenException"),
        "the AWS credentials have expired (Said so); renew them",
    ),
    (
        refused("RequestExpired"),
        "AWS finds the time of the request wrong (Said so); set this computer's clock",
    ),
    (
        refused("InvalidClientTokenId", status=403),
        f"AWS does not accept the credentials (InvalidClientTokenId: Said so); {SET}",
    ),
    (ConfigurationError("the house burns; put it out"), "the house burns; put it out"),
    # what is wrong with one call
    (
        refused("AWS.SimpleQueueService.NonExistentQueue"),
        "cannot do it: there is no such queue; create it, or correct its name, account and region",
    ),
    (
        refused("QueueDoesNotExist"),
        "cannot do it: there is no such queue; create it, or correct its name, account and region",
    ),
    (
        refused("ClusterNotFoundException"),
        (
            "cannot do it: there is no such cluster; create it, or correct its name, account and "
            "region"
        ),
    ),
    (
        refused("AccessDeniedException", "User u may not: ecs:ListTasks."),
        (
            "cannot do it: access to ListTasks is denied (User u may not: ecs:ListTasks); "
            "allow it to the credentials in use"
        ),
    ),
    (
        refused("ThrottlingException", "Rate exceeded"),
        "cannot do it: AWS throttles ListTasks (Rate exceeded); the next tick asks again",
    ),
    (
        refused("ServerException", status=500),
        "cannot do it: AWS failed on its side (ServerException: Said so); the next tick asks again",
    ),
    (refused("Other", "A\n b."), "cannot do it: ListTasks answered Other: A b"),
    (
        ReadTimeoutError(endpoint_url=URL),
        "cannot do it: AWS did not answer in time; the next tick asks again",
    ),
    (
        ConnectionClosedError(endpoint_url=URL),
        "cannot do it: the connection was lost; the next tick asks again",
    ),
    (
        ResponseParserError("<html>"),
        f"cannot do it: the answer is not one of AWS; {LOOK}",
    ),
    (
        ParamValidationError(report="Invalid type"),
        "cannot do it: Parameter validation failed: Invalid type; correct the configuration",
    ),
    (
        unexpected("ListTasks"),
        f"cannot do it: the answer to ListTasks is not one of AWS; {LOOK}",
    ),
    (
        HTTPClientError(error="broken"),
        "cannot do it: An HTTP Client raised an unhandled exception: broken",
    ),
]


@pytest.mark.parametrize(("error", "sentence"), SENTENCES)
def test_it_reads(error: Exception, sentence: str) -> None:
    assert explain(error, "do it") == sentence


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ThrottlingException", "Rate exceeded"),
        ("RequestThrottled", ""),
        (
            "InvalidParameterException",
            (
                "Error retrieving subnet information for [subnet-1]: Rate exceeded "
                "(ErrorCode: Throttling)"
            ),
        ),
        (
            "InvalidParameterException",
            (
                "Error retrieving security group information for [sg-1]: Request limit exceeded. "
                "(ErrorCode: RequestLimitExceeded)"
            ),
        ),
    ],
)
@pytest.mark.trap("T12")
def test_throttling_is_known_in_each_of_its_disguises(code: str, said: str) -> None:
    assert throttled(refused(code, said))


def test_another_invalid_parameter_is_no_throttling() -> None:
    assert not throttled(refused("InvalidParameterException", "No such subnet."))
