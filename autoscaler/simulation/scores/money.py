"""What a run's tasks and its control would have cost, in US dollars."""

from __future__ import annotations

from collections.abc import Mapping

from autoscaler.core.cost import OwnPrices, TaskSize, tariff
from autoscaler.core.upkeep import METRIC, METRICS_A_QUEUE, REQUEST
from autoscaler.simulation.knobs import Knobs
from autoscaler.simulation.run import PROVIDERS, Run


def bill_by_provider(run: Run) -> dict[str, float]:
    """Billed task-seconds of the providers that tasks ran on."""
    billed, provider = run.tasks.billed_seconds, run.tasks.provider
    return {
        one.value: float(billed[provider == number].sum())
        for number, one in enumerate(PROVIDERS)
        if (provider == number).any()
    }


def cost(bill: Mapping[str, float], knobs: Knobs, own: OwnPrices | None = None) -> float | None:
    """Dollars for task-seconds by provider; None: one of the providers has no known price."""
    size = TaskSize(knobs.vcpus, knobs.gigabytes)
    prices = tariff(size, knobs.region, own).per_second
    if any(name not in prices for name, seconds in bill.items() if seconds):
        return None
    return sum(seconds * prices[name] for name, seconds in bill.items() if seconds)


_METRICS = "metrics"
"""Among the API calls: how many metrics GetMetricData was asked for, which is what it bills."""


def control_cost(run: Run) -> float:
    """Dollars for looking: the controller's and the empty-handed workers' requests, and metrics.

    The receives and deletions that did work are left out: any way to scale takes them.
    """
    looks = run.api_calls.get("GetQueueAttributes", 0) + run.minutes.empty_receives.sum()
    asked = run.api_calls.get("GetMetricData", 0) * METRICS_A_QUEUE
    return float(looks * REQUEST + run.api_calls.get(_METRICS, asked) * METRIC)


def api_calls(run: Run) -> int:
    """Requests of the controller to AWS."""
    return sum(count for operation, count in run.api_calls.items() if operation != _METRICS)
