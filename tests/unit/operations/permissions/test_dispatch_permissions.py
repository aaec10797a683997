"""What dispatch needs of AWS, and who needs it."""

from __future__ import annotations

from support.iam.examples import HOME, dispatched

from autoscaler.operations.permissions.grants import Part
from autoscaler.operations.permissions.statement import Statement


def statements(part: Part) -> dict[str, Statement]:
    (grant,) = (one for one in dispatched() if one.part is part)
    return {one.sid: one for one in grant.statements}


def test_a_dispatcher_takes_messages_and_keeps_payloads_under_the_queues_name() -> None:
    for part in (Part.CONTROLLER, Part.LAMBDA):
        told = statements(part)
        assert told["TakeMessages"].resources == (HOME.arn("sqs", "reports"),)
        assert "sqs:ReceiveMessage" in told["TakeMessages"].actions
        assert told["KeepPayloads"].resources == ("arn:aws:s3:::house-payloads/big/reports/*",)
        assert told["KeepPayloads"].actions == ("s3:PutObject",)
        assert told["UseKeys"].actions == ("kms:Decrypt",)


def test_a_task_finishes_its_messages_and_receives_none() -> None:
    told = statements(Part.TASK)

    assert "WorkOnQueues" not in told
    assert told["FinishMessages"].resources == (HOME.arn("sqs", "reports"),)
    assert "sqs:ReceiveMessage" not in told["FinishMessages"].actions
    assert told["FetchOwnPayload"].actions == ("s3:GetObject", "s3:DeleteObject")


def test_whoever_only_looks_takes_no_messages() -> None:
    for part in (Part.DOCTOR, Part.SHADOW):
        assert not {"TakeMessages", "KeepPayloads"} & statements(part).keys()
