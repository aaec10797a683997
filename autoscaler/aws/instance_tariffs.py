"""What a task on EC2 costs: a share of its instance, as the instance is what is billed."""

from __future__ import annotations

from autoscaler.aws.instance_types import instance_types
from autoscaler.core.cost import Tariff, TaskSize
from autoscaler.core.instances import Instances, TaskNeed, fit
from autoscaler.core.model import Unknown
from autoscaler.core.tasks import Provider


def instance_tariff(chosen: Instances, need: TaskNeed | Unknown) -> Tariff | Unknown:
    """A full instance's share of one of its tasks; an estimate, as an instance may be emptier."""
    if chosen.price is None:
        return Unknown(
            "what tasks on EC2 cost is unknown: instances are billed, not tasks; give "
            "instances.price, in US dollars for an hour of one instance"
        )
    if isinstance(need, Unknown):
        return need
    per_instance = chosen.tasks_per_instance or _fitting(chosen, need)
    if not per_instance:
        return Unknown(
            "what tasks on EC2 cost is unknown without how many an instance takes; give "
            "instances.type, or instances.tasks_per_instance"
        )
    return Tariff(
        size=TaskSize(need.cpu / 1024, need.memory / 1024),
        per_second={Provider.EC2.value: chosen.price / per_instance / 3600},
        estimates=(Provider.EC2.value,),
    )


def _fitting(chosen: Instances, need: TaskNeed) -> int:
    """Of the type that is configured; what a group launches is not looked at for a price."""
    kind = instance_types().get(chosen.type or "")
    return fit(kind, need, chosen).tasks if kind else 0
