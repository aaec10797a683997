"""What a fault does to a call: each wraps whatever would have answered."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from autoscaler.local.ecs.bends import BEND, STRAIGHT, Bend, Shortage
from autoscaler.local.faults import wire
from autoscaler.local.wsgi import json_of, read_body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autoscaler.local.faults.calls import Call
    from autoscaler.local.wsgi import App, Environ, StartResponse


class Effect(Protocol):
    """One kind of fault, with its own settings."""

    def meet(
        self, call: Call, environ: Environ, start_response: StartResponse, behind: App
    ) -> Iterable[bytes]:
        """Answer the call in place of `behind`, or with its help."""


@dataclass(frozen=True, slots=True)
class Throttle:
    """The call is refused in the service's own form: too many requests."""

    def meet(
        self, call: Call, environ: Environ, start_response: StartResponse, behind: App
    ) -> Iterable[bytes]:
        """See Effect."""
        del behind
        return wire.refuse(wire.throttled(call), call, environ, start_response)


@dataclass(frozen=True, slots=True)
class ThrottleByEc2:
    """RunTask is refused in disguise: EC2 throttled ECS, and ECS calls it a wrong parameter."""

    def meet(
        self, call: Call, environ: Environ, start_response: StartResponse, behind: App
    ) -> Iterable[bytes]:
        """See Effect."""
        del behind
        refusal = wire.throttled_by_ec2(_first_subnet(json_of(read_body(environ))))
        return wire.refuse(refusal, call, environ, start_response)


@dataclass(frozen=True, slots=True)
class Fail:
    """The service breaks before it has done anything."""

    status: int = 500

    def meet(
        self, call: Call, environ: Environ, start_response: StartResponse, behind: App
    ) -> Iterable[bytes]:
        """See Effect."""
        del behind
        return wire.refuse(wire.failed(call, self.status), call, environ, start_response)


@dataclass(frozen=True, slots=True)
class FailAfter:
    """The service does what it was asked for, and then breaks."""

    status: int = 500

    def meet(
        self, call: Call, environ: Environ, start_response: StartResponse, behind: App
    ) -> Iterable[bytes]:
        """See Effect."""
        _carry_out(behind, environ)
        return wire.refuse(wire.failed(call, self.status), call, environ, start_response)


@dataclass(frozen=True, slots=True)
class LoseReply:
    """The service does what it was asked for, and the connection breaks before it answers."""

    def meet(
        self, call: Call, environ: Environ, start_response: StartResponse, behind: App
    ) -> Iterable[bytes]:
        """See Effect."""
        del start_response
        _carry_out(behind, environ)
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)  # or it is kept for another request
        raise ConnectionAbortedError(f"a fault lost the reply to {call.action}")


@dataclass(frozen=True, slots=True)
class Delay:
    """The service takes its time: `by` seconds before it does anything."""

    by: float

    def meet(
        self, call: Call, environ: Environ, start_response: StartResponse, behind: App
    ) -> Iterable[bytes]:
        """See Effect."""
        del call
        time.sleep(self.by)
        return behind(environ, start_response)


@dataclass(frozen=True, slots=True)
class Deny:
    """The caller has not the permission."""

    def meet(
        self, call: Call, environ: Environ, start_response: StartResponse, behind: App
    ) -> Iterable[bytes]:
        """See Effect."""
        del behind
        return wire.refuse(wire.denied(call), call, environ, start_response)


@dataclass(frozen=True, slots=True)
class StaleList:
    """ListTasks answers as of `by` seconds ago."""

    by: float

    def meet(
        self, call: Call, environ: Environ, start_response: StartResponse, behind: App
    ) -> Iterable[bytes]:
        """See Effect."""
        del call
        bend = _bend(environ)
        environ[BEND] = replace(bend, stale_by=max(bend.stale_by, self.by))
        return behind(environ, start_response)


@dataclass(frozen=True, slots=True)
class HideNew:
    """Tasks younger than so many seconds are on no list, and MISSING where they are looked up."""

    younger_than: float

    def meet(
        self, call: Call, environ: Environ, start_response: StartResponse, behind: App
    ) -> Iterable[bytes]:
        """See Effect."""
        del call
        bend = _bend(environ)
        environ[BEND] = replace(bend, hide_for=max(bend.hide_for, self.younger_than))
        return behind(environ, start_response)


@dataclass(frozen=True, slots=True)
class Short:
    """RunTask places at most so many tasks a call, and gives a reason for the others."""

    shortage: Shortage

    def meet(
        self, call: Call, environ: Environ, start_response: StartResponse, behind: App
    ) -> Iterable[bytes]:
        """See Effect."""
        del call
        bend = _bend(environ)
        environ[BEND] = replace(bend, shortages=(*bend.shortages, self.shortage))
        return behind(environ, start_response)


def _bend(environ: Environ) -> Bend:
    bend: Bend = environ.get(BEND, STRAIGHT)
    return bend


def _carry_out(behind: App, environ: Environ) -> None:
    answer = behind(environ, lambda *_: None)
    for _ in answer:
        pass
    close = getattr(answer, "close", None)
    if close is not None:
        close()


def _first_subnet(body: dict[str, Any]) -> str:
    network = body.get("networkConfiguration") or {}
    subnets = (network.get("awsvpcConfiguration") or {}).get("subnets") or ["subnet-1"]
    return str(subnets[0])
