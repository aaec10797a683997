"""Readings: counts are numbers or unknown, and unknown says why."""

from __future__ import annotations

from typing import Any

import pytest
from support.aws_settings import fleet, settings
from support.wire import Answer, Page, Refusal, Wire

from autoscaler.aws.queues import SqsQueues
from autoscaler.core.model import Minute, Reading

NOW = 1_700_000_040.0
URL = "https://sqs.eu-west-2.amazonaws.com/111122223333/pictures-queue"
COUNTS = {
    "Attributes": {
        "ApproximateNumberOfMessages": "41",
        "ApproximateNumberOfMessagesNotVisible": "7",
        "ApproximateNumberOfMessagesDelayed": "3",
    }
}
NO_METRICS = {"MetricDataResults": []}
MISSING = Refusal(
    "com.amazonaws.sqs#QueueDoesNotExist",
    "The specified queue does not exist.",
    old_code="AWS.SimpleQueueService.NonExistentQueue",
)


def nothing_known(body: dict[str, Any]) -> Answer:
    return {
        "MetricDataResults": [
            {"Id": query["Id"], "StatusCode": "Complete", "Timestamps": [], "Values": []}
            for query in body["MetricDataQueries"]
        ]
    }


def read(wire: Wire, queue: str = "pictures-queue", **fleet_options: Any) -> Reading:
    chosen = settings({"thumbs": fleet(**fleet_options)}, {"pictures": queue})
    return SqsQueues(chosen, wire.clients).read(["pictures"], NOW)["pictures"]


@pytest.fixture
def quiet(wire: Wire) -> Wire:
    """A queue with counts and nothing in CloudWatch."""
    return (
        wire.on("GetQueueUrl", {"QueueUrl": URL})
        .on("GetQueueAttributes", COUNTS)
        .on("GetMetricData", nothing_known)
    )


@pytest.mark.trap("T2")
def test_counts_are_numbers_though_sqs_sends_text(quiet: Wire) -> None:
    assert read(quiet) == Reading("pictures", NOW, visible=41, in_flight=7, delayed=3)


@pytest.mark.trap("T2")
def test_exactly_the_counts_and_the_dead_letter_queue_are_asked_for(quiet: Wire) -> None:
    """Without names SQS would answer with nothing, and All costs it more."""
    read(quiet)
    assert quiet.bodies("GetQueueAttributes") == [
        {"QueueUrl": URL, "AttributeNames": [*COUNTS["Attributes"], "RedrivePolicy"]}
    ]


def test_a_queues_url_is_asked_for_once(quiet: Wire) -> None:
    queues = SqsQueues(settings(), quiet.clients)
    queues.read(["pictures"], NOW)
    queues.read(["pictures"], NOW)
    assert quiet.bodies("GetQueueUrl") == [{"QueueName": "pictures-queue"}]


def test_a_url_that_could_not_be_got_is_asked_for_again(quiet: Wire) -> None:
    quiet.on("GetQueueUrl", MISSING, {"QueueUrl": URL})
    queues = SqsQueues(settings(), quiet.clients)
    assert queues.read(["pictures"], NOW)["pictures"].visible is None
    assert queues.read(["pictures"], NOW)["pictures"].visible == 41


def test_an_arns_account_and_region_are_honoured(quiet: Wire) -> None:
    read(quiet, "arn:aws:sqs:us-east-2:999988887777:theirs")
    assert quiet.bodies("GetQueueUrl") == [
        {"QueueName": "theirs", "QueueOwnerAWSAccountId": "999988887777"}
    ]
    assert all("us-east-2" in url for url in quiet.urls)


def test_a_url_is_used_as_it_is_in_its_own_region(quiet: Wire) -> None:
    url = "https://sqs.us-west-1.amazonaws.com/111122223333/pictures"
    read(quiet, url)
    assert quiet.bodies("GetQueueUrl") == []
    assert quiet.bodies("GetQueueAttributes")[0]["QueueUrl"] == url
    assert all("us-west-1" in url for url in quiet.urls)


def test_a_queue_known_by_name_is_in_its_fleets_region(quiet: Wire) -> None:
    read(quiet, region="eu-north-1")
    assert all("eu-north-1" in url for url in quiet.urls)


@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        (MISSING, "cannot read the queue pictures-queue: there is no such queue; create it"),
        (Refusal("QueueDoesNotExist"), "there is no such queue; create it"),
        (Refusal("AccessDeniedException", "Not you."), "is denied (Not you)"),
        (Refusal("RequestThrottled", "Rate exceeded"), "AWS throttles GetQueueAttributes"),
        (Refusal("InvalidClientTokenId", "?", 403), "AWS does not accept the credentials"),
        (Page("<html>Welcome</html>"), "is not one of AWS; check the network"),
        (Page("<html>Oops</html>", 502), "AWS failed on its side"),
    ],
)
def test_a_queue_that_cannot_be_read_says_why(quiet: Wire, refusal: Answer, says: str) -> None:
    quiet.on("GetQueueAttributes", refusal)
    reading = read(quiet)
    assert (reading.visible, reading.in_flight, reading.delayed) == (None, None, None)
    assert says in (reading.trouble or "")


def test_one_count_that_sqs_left_out_is_unknown_not_zero(quiet: Wire) -> None:
    quiet.on("GetQueueAttributes", {"Attributes": {"ApproximateNumberOfMessages": "5"}})
    reading = read(quiet)
    assert (reading.visible, reading.in_flight, reading.delayed) == (5, None, None)
    assert reading.trouble


def test_an_answer_without_a_url_is_no_url(quiet: Wire) -> None:
    quiet.on("GetQueueUrl", {})
    assert "not one of AWS" in (read(quiet).trouble or "")


def test_one_queues_trouble_is_not_anothers(quiet: Wire) -> None:
    def answer(body: dict[str, Any]) -> Answer:
        return MISSING if body["QueueUrl"].endswith("gone") else COUNTS

    quiet.on("GetQueueAttributes", answer)
    chosen = settings(queues={"here": URL, "gone": "https://sqs.eu-west-2.amazonaws.com/1/gone"})
    readings = SqsQueues(chosen, quiet.clients).read(["here", "gone"], NOW)
    assert (readings["here"].visible, readings["here"].trouble) == (41, None)
    assert (readings["gone"].visible, bool(readings["gone"].trouble)) == (None, True)


def test_counts_stay_when_cloudwatch_cannot_be_asked(quiet: Wire) -> None:
    quiet.on("GetMetricData", Refusal("AccessDenied", "Not you."))
    reading = read(quiet)
    assert (reading.visible, reading.minutes) == (41, ())
    assert "access to GetMetricData is denied" in (reading.trouble or "")


def test_minutes_stay_when_sqs_cannot_be_asked(quiet: Wire) -> None:
    def one_minute(body: dict[str, Any]) -> Answer:
        points = {"StatusCode": "Complete", "Timestamps": [NOW - 120], "Values": [9.0]}
        return {"MetricDataResults": [{"Id": q["Id"], **points} for q in body["MetricDataQueries"]]}

    quiet.on("GetMetricData", one_minute).on("GetQueueAttributes", MISSING)
    reading = read(quiet)
    assert reading.minutes == (Minute(NOW - 60, 9.0, 9.0, 9.0),)
    assert reading.visible is None


def test_the_same_trouble_of_both_services_is_told_once(quiet: Wire) -> None:
    expired = Refusal("ExpiredTokenException", "Old.")
    quiet.on("GetQueueAttributes", expired).on("GetMetricData", expired)
    assert read(quiet).trouble == "the AWS credentials have expired (Old); renew them"


def test_missing_credentials_are_told_and_nothing_is_sent(
    quiet: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert "no AWS credentials were found; set AWS_PROFILE" in (read(quiet).trouble or "")
    assert quiet.asked == []


def test_an_endpoint_that_is_no_address_is_told(
    quiet: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "nonsense")
    assert read(quiet).trouble == (
        "Invalid endpoint: nonsense; write AWS_ENDPOINT_URL like https://host:port, "
        "or leave it unset"
    )
