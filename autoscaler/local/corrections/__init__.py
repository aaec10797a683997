"""Small corrections of moto where it misleads a controller, one a file.

Each is tested against plain moto too: the test that fails when moto is right tells that the
correction can go.
"""

from __future__ import annotations

import importlib
from functools import cache

_AT_ONCE = (
    "dispatch_speed",
    "sqs_speed",
    "sqs_activity",
    "sqs_dead_letters",
    "sqs_timestamps",
    "cloudwatch_queries",
)
_BEFORE = {  # what takes long to import waits until it is wanted: moto's ECS, two seconds
    "ecs": ("cloudformation_ecs", "cloudformation_services", "task_definitions"),
    "cloudformation": (
        "cloudformation_ecs",
        "cloudformation_services",
        "task_definitions",
        "lambda_mappings",
        "auto_scaling_limits",
    ),
    "dynamodb": ("dynamodb_one_at_a_time",),
    "iam": ("iam_simulation",),
    "autoscaling": ("auto_scaling_limits",),
    "awslambda": ("lambda_mappings",),
    "servicequotas": ("service_quotas",),
}


def apply_all() -> None:
    """Correct the moto of this process, but for what waits for its service."""
    for name in _AT_ONCE:
        _apply(name)


def apply_before(service: str) -> None:
    """Correct what a service of moto must find corrected before its first request."""
    for name in _BEFORE.get(service, ()):
        _apply(name)


@cache
def _apply(name: str) -> None:
    """Correct once; some corrections belong before two services."""
    importlib.import_module(f"autoscaler.local.corrections.{name}").apply()
