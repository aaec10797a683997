"""What a task on EC2 needs of an instance, and what share of the instance's price that is."""

from __future__ import annotations

import pytest

from autoscaler.aws.instance_tariffs import instance_tariff
from autoscaler.aws.kinds import kind_of_text
from autoscaler.aws.task_needs import need_of
from autoscaler.core.actions import FailureKind
from autoscaler.core.cost import Tariff
from autoscaler.core.instances import Instances, TaskNeed
from autoscaler.core.model import Unknown
from autoscaler.core.settings import Overrides

NEED = TaskNeed(256, 512)


@pytest.mark.parametrize(
    ("told", "overrides", "need"),
    [
        ({"cpu": "512", "memory": "1024"}, Overrides(), TaskNeed(512, 1024)),
        ({"cpu": "512", "memory": "1024"}, Overrides(cpu=256, memory=300), TaskNeed(256, 300)),
        (
            {
                "containerDefinitions": [
                    {"cpu": 100, "memory": 600, "memoryReservation": 400},
                    {"memory": 128},
                ]
            },
            Overrides(),
            TaskNeed(100, 528),
        ),
    ],
    ids=["its own", "overridden", "of its containers"],
)
def test_a_task_needs_what_ecs_sets_aside_for_it(told, overrides, need) -> None:
    assert need_of(told, overrides) == need


def test_a_task_without_memory_is_unknown() -> None:
    found = need_of({"family": "worker"}, Overrides())
    assert isinstance(found, Unknown)
    assert "worker has no memory" in found.why


def test_a_task_costs_its_share_of_a_full_instance() -> None:
    chosen = Instances(group="workers", type="c6i.large", network="host", price=0.36)
    priced = instance_tariff(chosen, NEED)  # 3 GiB for tasks of half a GiB
    assert isinstance(priced, Tariff)
    assert priced.per_second == {"EC2": pytest.approx(0.36 / 6 / 3600)}
    assert priced.estimates == ("EC2",)


@pytest.mark.parametrize(
    ("chosen", "need", "said"),
    [
        (Instances(group="workers", type="c6i.large"), NEED, "give instances.price"),
        (Instances(group="workers", price=0.1), NEED, "give instances.type"),
        (Instances(group="workers", price=0.1, type="c6i.large"), Unknown("denied"), "denied"),
    ],
    ids=["no price", "no type", "no need"],
)
def test_without_a_price_or_a_number_of_tasks_it_is_unknown(chosen, need, said) -> None:
    found = instance_tariff(chosen, need)
    assert isinstance(found, Unknown)
    assert said in found.why


@pytest.mark.parametrize(
    "text",
    [
        "RESOURCE:CPU",
        "RESOURCE:MEMORY",
        "RESOURCE:ENI",
        "No Container Instances were found in your cluster.",
    ],
)
def test_no_room_on_instances_is_a_want_of_capacity_and_no_mistake(text) -> None:
    assert kind_of_text(text) is FailureKind.CAPACITY
