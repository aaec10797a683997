"""Calls the hooks beside the loop, in order, and survives what they raise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias, cast

from autoscaler.worker.caught import Caught
from autoscaler.worker.errors import LastingError, PassingError, UserError
from autoscaler.worker.faults import describe
from autoscaler.worker.handlers import load
from autoscaler.worker.hooks import Event, Hook, Worker
from autoscaler.worker.message import Message
from autoscaler.worker.ports import Bench, Report

Step: TypeAlias = Literal["received", "started", "done", "failed", "given_back"]


def load_hooks(names: Sequence[str], worker: Worker) -> tuple[Hook, ...]:
    """Return the hooks that these factories make; raises UserError."""
    return tuple(_made(name, worker) for name in names)


def _made(name: str, worker: Worker) -> Hook:
    factory = cast("Callable[[Worker], Hook]", load(name, what="hook"))
    caught = Caught()
    with caught:
        return factory(worker)
    error = cast("BaseException", caught.error)
    raise UserError(
        f"the hook {name} cannot be made ({describe(error, '')['error']}); "
        "its factory is called with the worker and returns a hook"
    ) from error


@dataclass(slots=True)
class Hooks:
    """Every hook of a worker; `clock` gives seconds since 1970."""

    hooks: Sequence[Hook]
    bench: Bench
    report: Report
    clock: Callable[[], float]
    under_way: int = 0

    @property
    def settled(self) -> bool:
        """Whether all that happened was told."""
        return self.under_way == 0

    def tell(
        self,
        step: Step,
        message: Message,
        seconds: float | None = None,
        error: str | None = None,
        again_in_seconds: int | None = None,
    ) -> None:
        """Tell every hook, soon; see `Event` for the arguments."""
        if self.hooks:
            event = Event(message, self.clock(), seconds, error, again_in_seconds)
            for hook in self.hooks:
                self._call(hook, step, partial(_told, hook, step, event))

    def close(self) -> None:
        """Tell every hook that there will be no more."""
        for hook in self.hooks:
            self._call(hook, "close", hook.close)

    def _call(self, hook: Hook, step: str, job: Callable[[], None]) -> None:
        self.under_way += 1
        self.bench.call("hooks", partial(_raised, job), partial(self._called, hook, step), _never)

    def _called(self, hook: Hook, step: str, error: BaseException | None) -> None:
        self.under_way -= 1
        if error is not None:
            self.report("hook_failed", hook=type(hook).__name__, step=step, **describe(error, ""))


def _told(hook: Hook, step: Step, event: Event) -> None:
    getattr(hook, step)(event)


def _raised(job: Callable[[], None]) -> BaseException | None:
    caught = Caught()
    with caught:
        job()
    return caught.error


def _never(error: PassingError | LastingError) -> None:
    """Take no error: what a hook raises is its call's result."""
    raise error
