"""What was told, what is not there and what could not be looked at, kept apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from autoscaler.core.model import Unknown

T = TypeVar("T")


class Absent(Unknown):
    """Stands for what AWS says is not there."""


class NotKnownError(Exception):
    """Something needed could not be looked at; the text says why."""


class NotThereError(NotKnownError):
    """AWS says it is not there."""


def known(fact: T | Unknown) -> T:
    """The fact itself.

    Raises:
        NotKnownError: it is unknown, so that no check can take that for an answer.
    """
    if isinstance(fact, Absent):
        raise NotThereError(fact.why)
    if isinstance(fact, Unknown):
        raise NotKnownError(fact.why)
    return fact


def told(look: Callable[[], T]) -> T | Unknown:
    """What looking gives, or why it could not be seen."""
    try:
        return look()
    except NotThereError as error:
        return Absent(str(error))
    except NotKnownError as error:
        return Unknown(str(error))
    except KeyError as error:  # AWS always sends it: some other server answered
        return Unknown(f"the answer has no {error}; check the region and AWS_ENDPOINT_URL")
