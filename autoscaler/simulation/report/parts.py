"""What a bill is made of, and what people call it."""

from __future__ import annotations

from autoscaler.core.tasks import Provider

CONTROL = "control"
"""What the looks at the queue cost: requests, empty receives and metrics."""
PARTS = {
    Provider.FARGATE.value: "Fargate",
    Provider.FARGATE_SPOT.value: "Fargate Spot",
    Provider.EC2.value: "EC2",
    CONTROL: "requests and metrics",
}
