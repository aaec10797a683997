"""Small corrections of moto where it misleads a controller, one a file.

Each is tested against plain moto too: the test that fails when moto is right tells that the
correction can go.
"""

from __future__ import annotations

from autoscaler.local.corrections import (
    cloudwatch_queries,
    sqs_activity,
    sqs_speed,
    sqs_timestamps,
)


def apply_all() -> None:
    """Correct the moto of this process."""
    sqs_speed.apply()
    sqs_activity.apply()
    sqs_timestamps.apply()
    cloudwatch_queries.apply()
