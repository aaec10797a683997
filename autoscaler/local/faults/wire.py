"""AWS's own refusals, in the form each service's protocol gives them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from autoscaler.local.wsgi import answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autoscaler.local.faults.calls import Call
    from autoscaler.local.wsgi import Environ, StartResponse


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error answer: HTTP status, AWS's code, a sentence."""

    status: int
    code: str
    message: str


_TOO_FAST = Refusal(400, "Throttling", "Rate exceeded")  # the common form; some have their own
_THROTTLES = {
    "ecs": Refusal(400, "ThrottlingException", "Rate exceeded"),
    "sqs": Refusal(403, "RequestThrottled", "The request is throttled."),
    "dynamodb": Refusal(
        400,
        "ProvisionedThroughputExceededException",
        "The level of configured provisioned throughput for the table was exceeded. Consider "
        "increasing your provisioning level with the UpdateTable API.",
    ),
    "ec2": Refusal(503, "RequestLimitExceeded", "Request limit exceeded."),
    "s3": Refusal(503, "SlowDown", "Please reduce your request rate."),
}
_FAILURES = {
    "ecs": "ServerException",
    "dynamodb": "InternalServerError",
    "cloudwatch": "InternalServiceError",
    "ec2": "InternalError",
    "s3": "InternalError",
}
_DENIALS = {
    "ecs": (400, "AccessDeniedException"),
    "dynamodb": (400, "AccessDeniedException"),
    "ec2": (403, "UnauthorizedOperation"),
}


def throttled(call: Call) -> Refusal:
    """Return the answer to a caller that asks too often."""
    return _THROTTLES.get(call.service, _TOO_FAST)


def throttled_by_ec2(subnet: str) -> Refusal:
    """Return what RunTask answers when ECS itself was throttled by EC2: a wrong parameter."""
    message = (
        f"Error retrieving subnet information for [{subnet}]: Rate exceeded (ErrorCode: Throttling)"
    )
    return Refusal(400, "InvalidParameterException", message)


def failed(call: Call, status: int) -> Refusal:
    """Return the answer of a service that broke."""
    code = _FAILURES.get(call.service, "InternalFailure")
    return Refusal(status, code, "The request failed because of an unknown error on the server.")


def denied(call: Call) -> Refusal:
    """Return the answer to a caller without the permission."""
    status, code = _DENIALS.get(call.service, (403, "AccessDenied"))
    message = (
        f"User: arn:aws:iam::123456789012:user/local is not authorized to perform: {call.action} "
        "because no identity-based policy allows the action"
    )
    return Refusal(status, code, message)


def refuse(
    refusal: Refusal, call: Call, environ: Environ, start_response: StartResponse
) -> Iterable[bytes]:
    """Send a refusal in the protocol the request was made in."""
    if environ.get("HTTP_X_AMZ_TARGET"):
        return _as_json(refusal, call, start_response)
    body = _as_xml(refusal, call.service).encode()
    return answer(start_response, refusal.status, body, "text/xml")


def _as_json(refusal: Refusal, call: Call, start_response: StartResponse) -> Iterable[bytes]:
    headers = {"x_amzn_ErrorType": refusal.code}
    if call.service in ("sqs", "cloudwatch"):  # they spoke the query protocol once
        side = "Sender" if refusal.status < 500 else "Receiver"
        headers["x_amzn_query_error"] = f"{refusal.code};{side}"
    text = json.dumps({"__type": refusal.code, "message": refusal.message})
    return answer(start_response, refusal.status, text.encode(), **headers)


def _as_xml(refusal: Refusal, service: str) -> str:
    side = "Sender" if refusal.status < 500 else "Receiver"
    error = f"<Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message>"
    if service == "s3":
        return f"<Error>{error}</Error>"
    if service == "ec2":
        return f"<Response><Errors><Error>{error}</Error></Errors></Response>"
    return f"<ErrorResponse><Error><Type>{side}</Type>{error}</Error></ErrorResponse>"
