"""What could not be looked at is never called well."""

from __future__ import annotations

from support.doctor.unseen import facts, fleet_facts, queue_facts

from autoscaler.operations.doctor.checks import EVERY
from autoscaler.operations.doctor.checks.consumers import of_lambda, of_service
from autoscaler.operations.doctor.checks.queues import encrypted
from autoscaler.operations.doctor.checks.tasks import fail_to_start
from autoscaler.operations.doctor.examination import examine, has_problem
from autoscaler.operations.doctor.facts import LambdaConsumer
from autoscaler.operations.doctor.knowing import Absent

CONFIGURATION_TELLS = {
    "dispatch-visibility",  # no queue launches per message
    "mapping-reports-failures",
    "payload-bucket",
    "payload-lifecycle",
    "memory-not-shared",
    "mode-consumers",  # no queue has modes
    "mode-cut-short",
    "no-tasks-allowed",
    "overrides-too-long",
    "promise-out-of-reach",  # no policy promises anything
    "season-not-followed",
    "public-subnet-without-address",  # the fleet has public addresses
    "spot-platform",  # the fleet has no Spot
    "spot-quota",
    "spot-without-fallback",
    "task-size",  # nothing is overridden
}


def test_where_nothing_was_seen_only_what_the_configuration_tells_is_judged() -> None:
    fleet = fleet_facts({"assign_public_ip": True})

    verdicts = examine(facts(fleets=(fleet,)), EVERY)

    judged = {one.check.id for one in verdicts if one.state != "unknown"}
    assert judged == CONFIGURATION_TELLS
    blind = next(one for one in verdicts if one.check.id == "queue-encrypted").unknown
    assert [(one.subject, one.why) for one in blind] == [("queue jobs", "nobody looked")]


def test_of_two_queues_the_one_that_was_seen_is_judged_and_the_other_is_unknown() -> None:
    seen = queue_facts(attributes={"SqsManagedSseEnabled": "false"})
    other = queue_facts(name="other")

    (verdict,) = examine(facts(queues=(seen, other)), [encrypted])

    assert [one.subject for one in verdict.findings] == ["queue jobs"]
    assert [one.subject for one in verdict.unknown] == ["queue other"]
    assert verdict.state == "advice"


def test_what_was_found_stays_found_when_a_later_fact_is_unknown() -> None:
    consumers = [LambdaConsumer("one", on=True, timeout=3.0)]
    (verdict,) = examine(facts(queues=(queue_facts(lambdas=consumers),)), [of_lambda])

    assert has_problem([verdict])


def test_an_answer_that_lacks_what_aws_always_sends_is_unknown() -> None:
    fleet = fleet_facts(definition={"revision": 1}, services=[])

    (verdict,) = examine(facts(fleets=(fleet,)), [of_service])

    assert [one.why for one in verdict.unknown] == ["the answer of AWS has no 'family'"]


def test_what_is_absent_is_not_taken_for_fine_by_others() -> None:
    fleet = fleet_facts(stopped=Absent("there is no active cluster c"))

    (verdict,) = examine(facts(fleets=(fleet,)), [fail_to_start])

    assert verdict.state == "unknown"
    assert verdict.unknown[0].why == "there is no active cluster c"
