"""The port of dispatch's launches: RunTask with a payload, which lies in S3 where it is long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.crew import EcsCrew
from autoscaler.aws.launches import EcsActions
from autoscaler.aws.mailbox import Mailbox
from autoscaler.aws.run_task import overrides_of
from autoscaler.aws.troubles import CALL_ERRORS, explain
from autoscaler.core.actions import Failure, FailureKind, Intent, Launch, Outcome
from autoscaler.core.dispatch_settings import DispatchSettings, Payloads
from autoscaler.core.ports import Pace
from autoscaler.core.settings import FleetSettings, Settings
from autoscaler.core.tasks import Provider
from autoscaler.dispatch.messages import Group
from autoscaler.dispatch.naming import object_key, token
from autoscaler.dispatch.payload import MOST_INLINE, NOTE, PAYLOAD, length, note, pointer, written
from autoscaler.dispatch.ports import Carrier

_PACED = Failure(
    "no launch now", "launch_rate or the time of this round is used up", FailureKind.LATE
)


class CarrierLaunches:
    """Starts the tasks of one queue's messages, each with its group's payload.

    ``offloaded`` is called for each payload that was put into S3.
    """

    def __init__(
        self,
        settings: Settings,
        clients: Clients,
        mailbox: Mailbox,
        crew: EcsCrew,
        pace: Pace,
        offloaded: Callable[[], None],
    ) -> None:
        self._settings, self._clients, self._mailbox = settings, clients, mailbox
        self._crew, self._pace, self._offloaded = crew, pace, offloaded
        queue = settings.queues[mailbox.name]
        self._fleet, self._chosen = queue.fleet, queue.dispatch or DispatchSettings()

    def start(self, group: Group, token: str, n: int, provider: Provider) -> Outcome:
        """Start a group's task under its token; repeating it starts none a second time."""
        now = self._crew.now()
        if self._pace.take(self._fleet, provider, 1, now) < 1:
            return Outcome(failures=(_PACED,), turned_away=True)
        intent = Intent(token, int(now), n, Launch(provider, 1), now)
        try:
            changed = self._with_payload(group, intent)
        except CALL_ERRORS as error:
            why = explain(error, "put a payload into S3", "it is tried again")
            return Outcome(failures=(Failure("payload not kept", why),), turned_away=True)
        if isinstance(changed, Failure):
            return Outcome(failures=(changed,), turned_away=True)
        asked = replace(self._settings, fleets={self._fleet: changed})
        outcome = EcsActions(asked, self._clients).launch(self._fleet, intent)
        for arn in outcome.tasks:
            self._crew.accepted(Carrier(arn, provider, frozenset(one.id for one in group)))
        return outcome

    def _with_payload(self, group: Group, intent: Intent) -> FleetSettings | Failure:
        """The fleet with the payload in its environment, or with where it was put."""
        text, ack = written(group, self._chosen.ack), self._chosen.ack
        told = {NOTE: note(group, self._mailbox.url, ack)}
        inline = self._fleet_with({**told, PAYLOAD: text})
        come_to = length(overrides_of(inline, intent))
        if come_to <= MOST_INLINE:
            return inline
        kept = self._chosen.payloads
        if kept is None:
            return Failure(
                "payload too long",
                f"its overrides would come to {come_to:,} characters and ECS takes 8,192; name a "
                "bucket in the queue's dispatch.payloads",
                FailureKind.DEFINITION,
            )
        return self._fleet_with({**told, PAYLOAD: self._put(kept, group, text)})

    def _put(self, kept: Payloads, group: Group, text: str) -> str:
        """Keep a payload, encrypted; the same under the same key for whoever repeats a launch."""
        named = token(self._settings.installation, self._fleet, group, 0)
        key = object_key(kept.prefix, self._mailbox.url.rpartition("/")[2], group, named)
        fleet = self._settings.fleets[self._fleet]
        s3: Any = self._clients.service("s3", Place(self._clients.region(fleet.region), fleet.role))
        s3.put_object(
            Bucket=kept.bucket,
            Key=key,
            Body=text.encode(),
            ContentType="application/json",
            ServerSideEncryption="AES256",
        )
        self._offloaded()
        return pointer(kept.bucket, key)

    def _fleet_with(self, environment: Mapping[str, str]) -> FleetSettings:
        fleet = self._settings.fleets[self._fleet]
        both = {**fleet.overrides.environment, **environment}
        return replace(fleet, overrides=replace(fleet.overrides, environment=both))
