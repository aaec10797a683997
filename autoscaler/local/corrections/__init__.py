"""Small corrections of moto where it misleads a controller, one a file.

Each is tested against plain moto too: the test that fails when moto is right tells that the
correction can go.
"""

from __future__ import annotations

import importlib

_AT_ONCE = (
    "dispatch_speed",
    "sqs_speed",
    "sqs_activity",
    "sqs_timestamps",
    "cloudwatch_queries",
)
_WITH_ECS = "cloudformation_ecs"  # moto's ECS takes two seconds to import
_USES_ECS = ("ecs", "cloudformation")


def apply_all() -> None:
    """Correct the moto of this process, but for ECS."""
    for name in _AT_ONCE:
        _apply(name)


def apply_before(service: str) -> None:
    """Correct what a service of moto must find corrected before its first request."""
    if service in _USES_ECS:
        _apply(_WITH_ECS)


def _apply(name: str) -> None:
    importlib.import_module(f"autoscaler.local.corrections.{name}").apply()
