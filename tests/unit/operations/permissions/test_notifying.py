"""Who runs the controller may publish to the topics of its notices, and to no other."""

from __future__ import annotations

from dataclasses import replace

from support.iam.examples import HOME, account, installation

from autoscaler.core.notify_settings import NotifySettings, Slack, SnsTopic
from autoscaler.operations.permissions.facts import Wishes
from autoscaler.operations.permissions.grants import Part, grants

TOPIC = HOME.arn("sns", "on-call")


def publishers(notify: NotifySettings) -> dict[Part, list[str]]:
    """The topics that each part may publish to."""
    settings = replace(installation(), notify=notify)
    return {
        one.part: [*statement.resources]
        for one in grants(settings, account(), Wishes())
        for statement in one.statements
        if "sns:Publish" in statement.actions
    }


def test_the_service_and_the_function_publish_to_the_configured_topics_only() -> None:
    notify = NotifySettings({"a": SnsTopic(TOPIC), "b": SnsTopic(TOPIC), "c": Slack("https://x.y")})
    assert publishers(notify) == {Part.CONTROLLER: [TOPIC], Part.LAMBDA: [TOPIC]}


def test_without_a_topic_nobody_does() -> None:
    assert publishers(NotifySettings({"c": Slack("https://x.y")})) == {}
