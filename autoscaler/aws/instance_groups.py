"""The port ``InstanceGroups`` on Auto Scaling and ECS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.container_instances import ContainerInstances
from autoscaler.aws.group_kinds import kinds_of, purchase
from autoscaler.aws.task_needs import TaskNeeds
from autoscaler.aws.troubles import CALL_ERRORS, explain, unexpected
from autoscaler.core.errors import ObservationError
from autoscaler.core.instance_groups import Group, Instance, Move, Step, StepTaken
from autoscaler.core.instances import Instances
from autoscaler.core.model import Unknown
from autoscaler.core.settings import FleetSettings

GOING = frozenset({"Terminating", "Terminating:Wait", "Terminating:Proceed", "Terminated"})
"""Lifecycle states of instances on their way out [EC2 Auto Scaling, instance lifecycle]."""


class NoSuchGroupError(ObservationError):
    """AWS says that a group is not there."""


class NoGroup(Unknown):
    """Stands for a group that is not there."""


class AwsInstanceGroups:
    """Looks at a fleet's group and changes it; nothing is raised.

    Needs ``autoscaling:DescribeAutoScalingGroups`` and what it calls below, for fleets with
    ``capacity: ec2`` whose settings name a group.
    """

    def __init__(self, fleets: Mapping[str, FleetSettings], clients: Clients) -> None:
        self._fleets = fleets
        self._clients = clients
        self._needs = TaskNeeds(clients)

    def seen(self, fleet: str) -> Group | Unknown | None:
        """A fleet's group as it is now; None: the fleet has none that is ours to scale."""
        settings = self._fleets.get(fleet)
        chosen = settings.instances if settings else None
        if settings is None or chosen is None or chosen.group is None:
            return None
        try:
            return self._group(fleet, settings, chosen, chosen.group)
        except NoSuchGroupError as error:
            return NoGroup(str(error))
        except CALL_ERRORS as error:
            return Unknown(explain(error, f"look at the instances of the fleet {fleet}"))

    def _group(self, fleet: str, settings: FleetSettings, chosen: Instances, name: str) -> Group:
        place = Place(self._clients.region(settings.region), settings.role)
        told = self._described(place, name)
        in_cluster = ContainerInstances(self._clients, place, settings.cluster)
        managed_by = in_cluster.manager_of(name)
        if managed_by:
            return _group(told, chosen, (), managed_by=managed_by)
        known = in_cluster.by_instance()
        instances = tuple(_instance(one, known) for one in told["Instances"])
        kinds, unknown = kinds_of(told, chosen, self._clients, place)
        need = self._needs.of(fleet, settings)
        if isinstance(need, Unknown):
            return _group(told, chosen, instances, kinds=kinds, unknown=(*unknown, need.why))
        return _group(told, chosen, instances, kinds=kinds, need=need, unknown=unknown)

    def _described(self, place: Place, name: str) -> Mapping[str, Any]:
        answer = self._clients.service("autoscaling", place).describe_auto_scaling_groups(
            AutoScalingGroupNames=[name]
        )
        if "AutoScalingGroups" not in answer:
            raise unexpected("DescribeAutoScalingGroups")
        for told in answer["AutoScalingGroups"]:
            if told["AutoScalingGroupName"] == name:
                return dict(told)
        raise NoSuchGroupError(
            f"there is no Auto Scaling group {name}; create it, or correct the fleet's "
            "instances.group and region"
        )

    # ------------------------------------------------------------------------------ change

    def take(self, fleet: str, group: Group, step: Step) -> StepTaken:
        """Do one thing to the group; doing it again changes nothing more."""
        settings = self._fleets[fleet]
        try:
            said = self._take(settings, group, step)
        except CALL_ERRORS as error:
            said = explain(error, f"{step.move.value} the group {group.name}")
        return StepTaken(step, done=not said, said=said)

    def _take(self, settings: FleetSettings, group: Group, step: Step) -> str:
        """Why it was not done; empty: it was."""
        place = Place(self._clients.region(settings.region), settings.role)
        scaling = self._clients.service("autoscaling", place)
        if step.move is Move.GROW:
            scaling.set_desired_capacity(
                AutoScalingGroupName=group.name,
                DesiredCapacity=step.desired,
                HonorCooldown=False,
            )
            return ""
        arn = next(one.arn for one in group.instances if one.id == step.instance)
        in_cluster = ContainerInstances(self._clients, place, settings.cluster)
        if step.move is not Move.TERMINATE:
            return in_cluster.change(arn or "", "DRAINING" if step.move is Move.DRAIN else "ACTIVE")
        if doubt := in_cluster.doubt_about(arn or ""):
            return doubt
        scaling.terminate_instance_in_auto_scaling_group(
            InstanceId=step.instance, ShouldDecrementDesiredCapacity=True
        )
        return ""


def _group(
    told: Mapping[str, Any], chosen: Instances, instances: tuple[Instance, ...], **known: Any
) -> Group:
    return Group(
        name=told["AutoScalingGroupName"],
        desired=told["DesiredCapacity"],
        least=told["MinSize"],
        most=told["MaxSize"],
        instances=instances,
        chosen=chosen,
        purchase=purchase(told),
        **known,
    )


def _instance(told: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> Instance:
    state = told["LifecycleState"]
    seen = known.get(told["InstanceId"], {})
    return Instance(
        id=told["InstanceId"],
        in_service=state == "InService",
        going=state in GOING,
        protected=told.get("ProtectedFromScaleIn", False),
        arn=seen.get("containerInstanceArn"),
        status=seen.get("status"),
        connected=seen.get("agentConnected", False),
        tasks=sum(_counts(seen)) if seen else None,
    )


def _counts(seen: Mapping[str, Any]) -> Iterator[int]:
    """Tasks that are to run, whether they do yet or not [ECS ContainerInstance]."""
    yield seen["runningTasksCount"]
    yield seen["pendingTasksCount"]
