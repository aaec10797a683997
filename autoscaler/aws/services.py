"""The port ``Services`` on ECS, and what Application Auto Scaling does with them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from autoscaler.aws.attempts import doubt_in
from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.kinds import kind_of_error
from autoscaler.aws.scalable_targets import DIMENSION, Target, resource_id, target, written
from autoscaler.aws.troubles import CALL_ERRORS, code_of, explain, unexpected
from autoscaler.core.actions import Failure, Outcome
from autoscaler.core.model import Unknown
from autoscaler.core.service import Service
from autoscaler.core.settings import Settings
from autoscaler.core.suspension import Suspension

if TYPE_CHECKING:
    from mypy_boto3_ecs.type_defs import ServiceTypeDef

MOST_DESCRIBED = 10
"""Services of one DescribeServices call [ECS DescribeServices]."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Services of one cluster; ``fleets`` by the services' names."""

    place: Place
    cluster: str
    fleets: Mapping[str, str]

    def unknown(self, error: Exception, doing: str) -> dict[str, Unknown]:
        names = ", ".join(self.fleets)
        return dict.fromkeys(self.fleets.values(), Unknown(explain(error, f"{doing} {names}")))


class EcsServices:
    """Looks at services, ten a call, and at their scalable targets beside; nothing is raised."""

    def __init__(self, settings: Settings, clients: Clients) -> None:
        self._settings = settings.services
        self._clients = clients

    def seen(self, fleets: Collection[str]) -> Mapping[str, Service | Unknown]:
        """The service of each of these fleets; one whose scaling is unknown is unknown too."""
        batches = list(self._batches(fleets))
        looks: list[Callable[[], Mapping[str, Any]]] = [
            *(partial(self._described, batch) for batch in batches),
            *(partial(self._scaled, batch) for batch in batches),
        ]
        answers = self._clients.parallel(lambda look: look(), looks)
        services = _together(answers[: len(batches)])
        scaled = _together(answers[len(batches) :])
        return {fleet: _whole(services[fleet], scaled.get(fleet)) for fleet in fleets}

    def set_desired(self, fleet: str, count: int) -> Outcome:
        """Have the service keep so many tasks; in doubt where the answer was lost."""
        chosen = self._settings[fleet]
        return self._told(
            lambda: self._clients.ecs(chosen.region, chosen.role).update_service(
                cluster=chosen.cluster, service=chosen.service, desiredCount=count
            ),
            f"set how many tasks {chosen.service} keeps",
        )

    def suspend(self, fleet: str, suspension: Suspension) -> Outcome:
        """Have so much of Application Auto Scaling's hold on the service suspended."""
        chosen = self._settings[fleet]
        place = Place(self._clients.region(chosen.region), chosen.role)
        return self._told(
            lambda: self._clients.service(
                "application-autoscaling", place
            ).register_scalable_target(
                ServiceNamespace="ecs",
                ResourceId=resource_id(chosen.cluster, chosen.service),
                ScalableDimension=DIMENSION,
                SuspendedState=written(suspension),
            ),
            f"suspend or resume Application Auto Scaling of {chosen.service}",
        )

    def _told(self, call: Callable[[], object], doing: str) -> Outcome:
        attempts = self._clients.run_task_attempts
        attempts.forget()
        try:
            call()
        except CALL_ERRORS as error:
            return _refused(error, attempts.doubt, doing)
        return Outcome()

    def _batches(self, fleets: Iterable[str]) -> Iterator[_Batch]:
        """The fleets of each cluster, at most ten at a time."""
        grouped: dict[tuple[Place, str], dict[str, str]] = {}
        for fleet in fleets:
            one = self._settings[fleet]
            place = Place(self._clients.region(one.region), one.role)
            grouped.setdefault((place, one.cluster), {})[one.service] = fleet
        for (place, cluster), named in grouped.items():
            rest = iter(named.items())
            while some := dict(islice(rest, MOST_DESCRIBED)):
                yield _Batch(place, cluster, some)

    def _described(self, batch: _Batch) -> Mapping[str, Service | Unknown]:
        try:
            answer = self._clients.ecs(batch.place.region, batch.place.role).describe_services(
                cluster=batch.cluster, services=list(batch.fleets)
            )
            if "services" not in answer:
                raise unexpected("DescribeServices")
        except CALL_ERRORS as error:
            return batch.unknown(error, "look at the services")
        found = {one.get("serviceName", ""): one for one in answer["services"]}
        for name in found.keys() & batch.fleets:
            self._clients.seen_services.note(batch.fleets[name], found[name])
        return {
            fleet: service(found[name]) if name in found else _missing(name, batch.cluster)
            for name, fleet in batch.fleets.items()
        }

    def _scaled(self, batch: _Batch) -> Mapping[str, Target | Unknown]:
        """What Application Auto Scaling does with each of the services that it has in hand."""
        ids = {resource_id(batch.cluster, name): fleet for name, fleet in batch.fleets.items()}
        try:
            answer = self._clients.service(
                "application-autoscaling", batch.place
            ).describe_scalable_targets(
                ServiceNamespace="ecs", ResourceIds=list(ids), ScalableDimension=DIMENSION
            )
            if "ScalableTargets" not in answer:
                raise unexpected("DescribeScalableTargets")
        except CALL_ERRORS as error:
            return batch.unknown(error, "ask what else scales the services")
        told = ((ids.get(one["ResourceId"]), target(one)) for one in answer["ScalableTargets"])
        return {fleet: what for fleet, what in told if fleet}


def service(told: ServiceTypeDef) -> Service:
    """ECS's description of a service, in the core's words."""
    new = _in_progress(told)
    return Service(
        name=told["serviceName"],
        desired=told["desiredCount"],
        status=told.get("status", "ACTIVE"),
        deployment=new["taskDefinition"].rpartition("/")[2] if new else None,
        deploying_since=new["createdAt"].timestamp() if new else None,
    )


def _in_progress(told: ServiceTypeDef) -> Any:
    """What a deployment that ECS or CodeDeploy is at brings; None: there is none.

    Where one is over a single one is left, and it is completed.
    """
    several: list[Any] = [*(told.get("deployments") or told.get("taskSets") or ())]
    newest = next((one for one in several if one.get("status") == "PRIMARY"), None)
    at_it = len(several) > 1 or (newest or {}).get("rolloutState") == "IN_PROGRESS"
    return newest if at_it else None


def _missing(name: str, cluster: str) -> Unknown:
    return Unknown(f"there is no service {name} in the cluster {cluster}; create it or correct it")


def _together(answers: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {fleet: one for answer in answers for fleet, one in answer.items()}


def _whole(seen: Service | Unknown, scaled: Target | Unknown | None) -> Service | Unknown:
    if isinstance(seen, Unknown) or scaled is None:
        return seen
    if isinstance(scaled, Unknown):
        return scaled
    return replace(seen, scaled_by=scaled.scales, suspension=scaled.suspension)


def _refused(error: Exception, earlier_doubt: str | None, doing: str) -> Outcome:
    doubt = earlier_doubt or doubt_in(error)
    if doubt is not None:
        return Outcome(unsure=f"cannot tell whether this was done ({doing}): {doubt}")
    reason = code_of(error) if isinstance(error, ClientError) else type(error).__name__
    return Outcome(failures=(Failure(reason, explain(error, doing), kind_of_error(error)),))
