"""What went wrong at AWS, as one sentence that says what to do."""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
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
    SSOError,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError

from autoscaler.core.errors import AutoscalerError, ObservationError

CALL_ERRORS = (BotoCoreError, ClientError, ResponseParserError, AutoscalerError)
"""All that an AWS call raises when it fails; anything else is a mistake in this program."""

_THROTTLES = frozenset(
    {
        "EC2ThrottledException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
# EC2's throttles reach ECS's callers within an InvalidParameterException's text.
_DISGUISED_THROTTLES = (
    "(ErrorCode: Throttling)",
    "RequestLimitExceeded",
    "Rate exceeded",
    "Request limit exceeded",
)

_MISSING = {
    # SQS's code is the old one; the class's name comes where the protocol is the new one only.
    "AWS.SimpleQueueService.NonExistentQueue": "queue",
    "QueueDoesNotExist": "queue",
    "ClusterNotFoundException": "cluster",
    "ResourceNotFoundException": "table",
}
_DENIALS = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException"})
_WRONG_CLOCK = frozenset({"RequestExpired", "RequestTimeTooSkewed"})
_WRONG_CREDENTIALS = frozenset(
    {
        "AuthFailure",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)

_NO_CREDENTIALS = (
    CredentialRetrievalError,
    MetadataRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

_SET_CREDENTIALS = (
    "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the task or "
    "function a role"
)
_NOT_GOT = f"the AWS credentials could not be got: {{error}}; {_SET_CREDENTIALS}"
_NEXT_TICK = "the next tick asks again"
_CHECK_ENDPOINT = "check the network, the region and AWS_ENDPOINT_URL"

_OF_THE_PLACE: tuple[tuple[type[Exception], str], ...] = (
    (NoCredentialsError, f"no AWS credentials were found; {_SET_CREDENTIALS}"),
    (PartialCredentialsError, f"half of the AWS credentials is missing; {_SET_CREDENTIALS}"),
    (NoRegionError, "no AWS region is set; set AWS_REGION, or region in the configuration"),
    (InvalidRegionError, "{error}; write the region like eu-west-2"),
    (ProfileNotFound, "{error}; correct AWS_PROFILE, or leave it unset"),
    (SSOError, "the AWS sign-in is no longer valid; run `aws sso login`"),
    (TokenRetrievalError, "the AWS sign-in is no longer valid ({error}); run `aws sso login`"),
    (CredentialRetrievalError, _NOT_GOT),
    (MetadataRetrievalError, _NOT_GOT),
    (EndpointConnectionError, f"{{error}}; {_CHECK_ENDPOINT}"),
    (ConnectTimeoutError, f"{{error}}; {_CHECK_ENDPOINT}"),
    (ProxyConnectionError, "{error}; check HTTPS_PROXY and NO_PROXY"),
    (SSLError, "{error}; check AWS_CA_BUNDLE and this computer's clock"),
)

_OF_THE_CALL: tuple[tuple[type[Exception], str], ...] = (
    (ReadTimeoutError, "AWS did not answer in time; {again}"),
    (ConnectionClosedError, "the connection was lost; {again}"),
    (ResponseParserError, f"the answer is not one of AWS; {_CHECK_ENDPOINT}"),
    (ParamValidationError, "{error}; correct the configuration"),
)


def explain(error: Exception, doing: str, again: str = _NEXT_TICK) -> str:
    """Say why AWS could not be asked to do something (``read the queue q``), and what to do.

    What is wrong with the place as a whole, such as credentials, is said without the doing, so
    that it reads the same wherever it shows. ``again`` is said of what passes by itself.
    """
    if isinstance(error, ClientError):
        return _refusal(error, doing, again)
    for kind, text in _OF_THE_PLACE:
        if isinstance(error, kind):
            return text.format(error=_clean(error))
    for kind, text in _OF_THE_CALL:
        if isinstance(error, kind):
            return f"cannot {doing}: {text.format(error=_clean(error), again=again)}"
    if isinstance(error, AutoscalerError) and not isinstance(error, ObservationError):
        return str(error)
    return f"cannot {doing}: {_clean(error)}"


def throttled(error: ClientError) -> bool:
    """Whether AWS said to come back later, in whichever of its ways."""
    return code_of(error) in _THROTTLES or says_throttled(message_of(error))


def says_throttled(text: str) -> bool:
    """Whether a text of AWS is a throttle in disguise."""
    return any(mark in text for mark in _DISGUISED_THROTTLES)


def denied(error: Exception) -> bool:
    """Whether permissions or credentials are what is wrong."""
    if isinstance(error, ClientError):
        return code_of(error) in _DENIALS | _EXPIRED | _WRONG_CLOCK | _WRONG_CREDENTIALS
    return isinstance(error, _NO_CREDENTIALS)


def code_of(error: ClientError) -> str:
    """The error's code; empty where the answer had none."""
    return error.response.get("Error", {}).get("Code", "")


def message_of(error: ClientError) -> str:
    """AWS's own words, without the full stop; empty where the answer had none."""
    return _clean(error.response.get("Error", {}).get("Message", ""))


def unexpected(operation: str) -> ObservationError:
    """For an answer without what AWS always sends: some other server gave it."""
    return ObservationError(f"the answer to {operation} is not one of AWS; {_CHECK_ENDPOINT}")


def _refusal(error: ClientError, doing: str, again: str) -> str:
    code, said = code_of(error), message_of(error)
    if code in _EXPIRED:
        return f"the AWS credentials have expired ({said}); renew them"
    if code in _WRONG_CLOCK:
        return f"AWS finds the time of the request wrong ({said}); set this computer's clock"
    if code in _WRONG_CREDENTIALS:
        return f"AWS does not accept the credentials ({code}: {said}); {_SET_CREDENTIALS}"
    return f"cannot {doing}: {_refused_call(error, code, said, again)}"


def _refused_call(error: ClientError, code: str, said: str, again: str) -> str:
    if throttled(error):
        return f"AWS throttles {error.operation_name} ({said}); {again}"
    if code in _DENIALS:
        return (
            f"access to {error.operation_name} is denied ({said}); "
            "allow it to the credentials in use"
        )
    if code in _MISSING:
        missing = _MISSING[code]
        return f"there is no such {missing}; create it, or correct its name, account and region"
    if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
        return f"AWS failed on its side ({code}: {said}); {again}"
    return f"{error.operation_name} answered {code}: {said}"


def _clean(text: object) -> str:
    return " ".join(str(text).split()).removesuffix(".")
