"""What is asked about the Lambda function that the controller runs in, if it runs in one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autoscaler.aws.clients import Place
from autoscaler.operations.doctor.account import Account
from autoscaler.operations.doctor.facts import Controller, Told
from autoscaler.operations.doctor.knowing import NotKnownError, NotThereError

_HERE = Place(None)
_DEFAULT_RETRIES, _DEFAULT_AGE = 2, 21600
"""Of asynchronous invocations [Lambda PutFunctionEventInvokeConfig]; the age in seconds."""


@dataclass(frozen=True, slots=True)
class FunctionLooks:
    """Looks at the function and what invokes it; raises as ``FleetLooks`` does."""

    account: Account
    name: str | None

    def all(self) -> dict[str, Callable[[], Any]]:
        """By the names of facts."""
        return {"function": self.function}

    def function(self) -> Controller:
        """As Lambda and whatever invokes it tell."""
        if self.name is None:
            raise NotKnownError("nobody said which function the controller runs in")
        told = self.account.ask(
            _HERE,
            "lambda.get_function_configuration",
            f"look at the function {self.name}",
            absent=["ResourceNotFoundException"],
            FunctionName=self.name,
        )
        invoked = self._invoked()
        return Controller(
            name=self.name,
            timeout=float(told["Timeout"]),
            retries=int(invoked.get("MaximumRetryAttempts", _DEFAULT_RETRIES)),
            event_age=float(invoked.get("MaximumEventAgeInSeconds", _DEFAULT_AGE)),
            schedules=self._schedules(told["FunctionArn"]),
            rules=self._rules(told["FunctionArn"]),
        )

    def _invoked(self) -> Told:
        """How asynchronous invocations are treated; empty where nobody changed that."""
        try:
            told: Told = self.account.ask(
                _HERE,
                "lambda.get_function_event_invoke_config",
                f"look at how {self.name} is invoked",
                absent=["ResourceNotFoundException"],
                FunctionName=self.name,
            )
        except NotThereError:
            return {}
        return told

    def _schedules(self, arn: str) -> Sequence[Told]:
        """EventBridge Scheduler's, whose target it is, with their inputs."""
        doing = f"look for schedules of {self.name}"
        listed = self.account.pages(_HERE, "scheduler.list_schedules", "Schedules", doing)
        return [
            self.account.ask(
                _HERE,
                "scheduler.get_schedule",
                doing,
                Name=one["Name"],
                GroupName=one.get("GroupName", "default"),
            )
            for one in listed
            if one["Target"]["Arn"].startswith(arn)
        ]

    def _rules(self, arn: str) -> Sequence[str]:
        """Names of EventBridge rules whose target it is."""
        answer = self.account.ask(
            _HERE,
            "events.list_rule_names_by_target",
            f"look for rules of {self.name}",
            TargetArn=arn,
        )
        names: Sequence[str] = answer["RuleNames"]
        return names
