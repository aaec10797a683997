"""Fleets on EC2 instances, in a configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.configurations import VALID, changed, load_text, told

from autoscaler.core.instances import Host, Instances, Sidecar
from autoscaler.core.tasks import Provider
from autoscaler.validated import dumps, loads

CLUSTER = "    cluster: pipeline\n"
ON_EC2 = CLUSTER + "    capacity: ec2\n"
IN_GROUP = ON_EC2 + "    instances: {group: workers, type: c6i.large}\n"


def on_ec2(instances: str, text: str = VALID) -> str:
    """A configuration whose first fleet runs on these instances."""
    return text.replace(CLUSTER, f"{ON_EC2}    instances: {instances}\n", 1)


def test_a_fleet_runs_on_the_instances_of_a_group(tmp_path: Path) -> None:
    settings = load_text(tmp_path, on_ec2("{group: workers}"))
    (fleet,) = settings.fleets.values()

    assert fleet.instances == Instances(group="workers")
    assert settings.rulebook().fleets[0].on_demand is Provider.EC2


def test_what_it_is_counted_by_may_be_chosen(tmp_path: Path) -> None:
    text = (
        "{capacity_provider: cp, type: m6i.large, trunking: true, host: {memory: 512}, "
        "sidecar: {per: task}, placement: spread, idle: 10m, price: 0.107}"
    )
    settings = load_text(tmp_path, on_ec2(text))
    (fleet,) = settings.fleets.values()

    assert fleet.instances == Instances(
        capacity_provider="cp",
        type="m6i.large",
        trunking=True,
        host=Host(memory=512),
        sidecar=Sidecar("task", 128, 256),
        placement="spread",
        idle=600.0,
        price=0.107,
    )
    assert loads(dumps(settings)) == settings


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (VALID.replace(CLUSTER, ON_EC2, 1), "instances: this key is required, and missing"),
        (on_ec2("{type: c6i.large}"), "name the Auto Scaling group or the capacity_provider"),
        (
            VALID.replace(CLUSTER, CLUSTER + "    instances: {group: workers}\n", 1),
            "Fargate has no instances",
        ),
        (on_ec2("{group: workers, network: bridge}"), "tasks have no interface of their own"),
        (
            on_ec2("{group: workers}").replace(ON_EC2, ON_EC2 + "    spot: {share: 0.5}\n"),
            "mixed instances policy",
        ),
        (
            on_ec2("{group: workers}").replace(ON_EC2, ON_EC2 + '    platform_version: "1.4.0"\n'),
            "only Fargate has platform versions",
        ),
        (on_ec2("{group: workers, sidecar: {}}"), "sidecar.per: this key is required"),
        (on_ec2("{group: workers, tasks_per_instance: 0}"), "it must be at least 1"),
    ],
)
def test_what_does_not_fit_is_told(tmp_path: Path, text: str, said: str) -> None:
    assert any(said in line for line in told(tmp_path, text))


def test_a_fleet_on_fargate_must_have_subnets(tmp_path: Path) -> None:
    (line,) = told(tmp_path, changed("    subnets: [subnet-1]\n", ""))

    assert line.endswith("subnets: this key is required, and missing")


def test_tasks_that_use_the_instances_address_need_no_subnets(tmp_path: Path) -> None:
    text = on_ec2("{group: workers, network: bridge}", changed("    subnets: [subnet-1]\n", ""))

    (fleet,) = load_text(tmp_path, text).fleets.values()
    assert fleet.subnets == ()
