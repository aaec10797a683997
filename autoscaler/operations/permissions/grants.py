"""What each role of an installation needs: a policy and who may take the role."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from autoscaler.core.settings import Settings
from autoscaler.operations.permissions import (
    acting,
    examining,
    function,
    inside,
    looking_at,
    people,
    trust,
)
from autoscaler.operations.permissions.facts import DefinitionFacts, Facts, Site, Wishes
from autoscaler.operations.permissions.statement import Statement, numbered, policy
from autoscaler.operations.permissions.subject import Subject, at_home, everything, in_role


class Part(StrEnum):
    """Who needs permissions."""

    CONTROLLER = "controller"
    LAMBDA = "lambda"
    SCHEDULER = "scheduler"
    FLEET_ROLE = "fleet-role"
    TASK = "task"
    EXECUTION = "execution"
    OPERATOR = "operator"
    DOCTOR = "doctor"
    SHADOW = "shadow"
    SENDER = "sender"


PURPOSES = {
    Part.CONTROLLER: "the controller as a service: `autoscaler run` and `autoscaler tick`",
    Part.LAMBDA: "the controller as a Lambda function, its logs included",
    Part.SCHEDULER: "the schedule that invokes the function",
    Part.FLEET_ROLE: "the role that the controller assumes for fleets that name one",
    Part.TASK: "the worker inside a task; what its handler calls is yours to add",
    Part.EXECUTION: "ECS, to start a task: images, logs, secrets",
    Part.OPERATOR: "people at the command line",
    Part.DOCTOR: "`autoscaler doctor`, which reads and changes nothing",
    Part.SHADOW: "`autoscaler run --shadow` and its report, which read and change nothing",
    Part.SENDER: "whoever sends messages by `autoscaler send`",
}


@dataclass(frozen=True, slots=True)
class Grant:
    """The permissions of one role. ``role`` is its ARN where it is there already."""

    part: Part
    statements: Sequence[Statement]
    trust: trust.Trust
    site: Site
    fleets: tuple[str, ...] = ()
    """That it is for; empty: for the whole installation."""
    role: str | None = None

    @property
    def policy(self) -> dict[str, Any]:
        """As IAM takes it."""
        return policy(self.statements)

    @property
    def reasons(self) -> dict[str, str]:
        """Why each statement is there, by its Sid."""
        return {one.sid: one.why for one in numbered(self.statements)}

    @property
    def trust_policy(self) -> dict[str, Any]:
        """Who may take the role."""
        return self.trust.document(self.site)


def grants(
    settings: Settings, facts: Facts, wishes: Wishes, host: trust.Trust | None = None
) -> list[Grant]:
    """Every role's, in the order of `Part`. ``host`` runs the controller; None: ECS."""
    own, home = at_home(settings, facts), facts.home
    runs_on = host or trust.EcsTasks()
    return [
        Grant(Part.CONTROLLER, _service(own), runs_on, home),
        Grant(Part.LAMBDA, _function(own, wishes), trust.LambdaFunction(), home),
        Grant(Part.SCHEDULER, function.invoking(home, wishes), trust.Scheduler(), home),
        *_fleet_roles(settings, facts),
        *_task_roles(settings, facts, wishes),
        Grant(Part.OPERATOR, people.operating(settings, facts), trust.People(), home),
        Grant(Part.DOCTOR, examining.examining(settings, facts), trust.People(), home),
        Grant(Part.SHADOW, _shadow(own), runs_on, home),
        Grant(
            Part.SENDER, inside.sending(everything(settings, facts), wishes), trust.People(), home
        ),
    ]


def _tick(subject: Subject) -> list[Statement]:
    """What a tick calls in one role; without fleets there is nothing to look at."""
    return [*looking_at.looking(subject), *acting.launching(subject)] if subject.names else []


def _installation(subject: Subject) -> list[Statement]:
    settings, facts = subject.settings, subject.facts
    told = acting.notifying(settings)
    return [*acting.memory(settings, facts), *acting.assuming(settings), *told]


def _service(own: Subject) -> list[Statement]:
    start = looking_at.start(own) if own.names else []
    table = acting.check_table(own.settings, own.facts)
    return [*_tick(own), *start, *_installation(own), *table]


def _shadow(own: Subject) -> list[Statement]:
    """What a service looks at; it launches nothing, and its memory is not in AWS."""
    looks = [*looking_at.looking(own), *looking_at.start(own)] if own.names else []
    return [*looks, *acting.assuming(own.settings)]


def _function(own: Subject, wishes: Wishes) -> list[Statement]:
    return [
        *_tick(own),
        *(looking_at.prices(own) if own.names else ()),
        *_installation(own),
        *function.around(own.facts.home, wishes),
    ]


def _fleet_roles(settings: Settings, facts: Facts) -> Iterator[Grant]:
    roles = dict.fromkeys(fleet.role for fleet in settings.every_fleet.values() if fleet.role)
    for role in roles:
        subject = in_role(settings, facts, role)
        statements = [*_tick(subject), *looking_at.start(subject)]
        site = facts.fleets[subject.names[0]]
        yield Grant(
            Part.FLEET_ROLE, statements, trust.Controller(facts.home), site, subject.names, role
        )


def _task_roles(settings: Settings, facts: Facts, wishes: Wishes) -> Iterator[Grant]:
    for role, names in _shared(settings, facts, lambda one: one.task_role):
        subject = Subject(settings, facts, names)
        statements = inside.working(subject, wishes)
        yield Grant(Part.TASK, statements, trust.EcsTasks(), facts.fleets[names[0]], names, role)
    for role, names in _shared(settings, facts, lambda one: one.execution_role):
        subject = Subject(settings, facts, names)
        yield Grant(
            Part.EXECUTION,
            inside.starting(subject),
            trust.EcsTasks(),
            facts.fleets[names[0]],
            names,
            role,
        )


def _shared(
    settings: Settings, facts: Facts, role_of: Callable[[DefinitionFacts], str | None]
) -> Iterator[tuple[str | None, tuple[str, ...]]]:
    """Roles that are there, each with the fleets that share it; a fleet without one is alone."""
    found: dict[tuple[str | None, str], list[str]] = {}
    for name in settings.every_fleet:
        definition = facts.definitions.get(name)
        role = role_of(definition) if definition else None
        found.setdefault((role, "" if role else name), []).append(name)
    for (role, _), names in found.items():
        yield role, tuple(names)
