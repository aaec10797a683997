"""Who a user wants to be told of what goes wrong, validated, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from autoscaler.core.units import Duration, Matching

TOPIC = Matching(
    r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$",
    "a standard topic's ARN, such as arn:aws:sns:eu-west-2:123456789012:on-call",
)
ADDRESS = Matching(
    r"^(https://[^/?#\s@]+|http://(127\.0\.0\.1|\[::1\]|localhost)(:[0-9]+)?)([/?]\S*)?$",
    "an https:// address without user and password; http:// reaches this computer alone",
)
VARIABLE = Matching(r"^[A-Za-z_][A-Za-z0-9_]*$", "the name of an environment variable")


@dataclass(frozen=True, slots=True)
class SnsTopic:
    """Publishes to an SNS topic, in the topic's own region."""

    topic: Annotated[str, TOPIC]
    """Its ARN."""
    type: Literal["sns"] = "sns"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts JSON to an address; an answer from 200 to 299 is a success."""

    url: Annotated[str, ADDRESS] | None = None
    """Where it holds no secret."""
    url_variable: Annotated[str, VARIABLE] | None = None
    """Where it does: the environment variable that has it."""
    secret_variable: Annotated[str, VARIABLE] | None = None
    """The environment variable with the secret that each post is signed with; None: unsigned."""
    type: Literal["webhook"] = "webhook"

    def __post_init__(self) -> None:
        """Refuse none and both."""
        _one_address(self.url, self.url_variable)


@dataclass(frozen=True, slots=True)
class Slack:
    """Posts to a Slack incoming webhook, or to whatever takes the same form."""

    url: Annotated[str, ADDRESS] | None = None
    """Slack's own addresses are secrets: use ``url_variable`` for them."""
    url_variable: Annotated[str, VARIABLE] | None = None
    """The environment variable that has the address."""
    type: Literal["slack"] = "slack"

    def __post_init__(self) -> None:
        """Refuse none and both."""
        _one_address(self.url, self.url_variable)


Place = SnsTopic | Webhook | Slack


@dataclass(frozen=True, slots=True)
class NotifySettings:
    """Who is told when a promise is broken, a breaker opens, money binds or a fleet is held."""

    to: Mapping[str, Place] = field(default_factory=dict)
    """By names that metrics and logs call them by."""
    held_for: Duration = 600.0
    """Seconds a fleet may be held, as something is unknown, before anybody is told."""


def _one_address(url: str | None, variable: str | None) -> None:
    if (url is None) == (variable is None):
        raise ValueError("give one of url and url_variable")
