"""Asks AWS, each question once, whoever wants the answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from botocore.exceptions import ClientError

from autoscaler.aws.clients import Clients, Place
from autoscaler.aws.troubles import CALL_ERRORS, code_of, explain
from autoscaler.operations.doctor.knowing import NotKnownError, NotThereError

_AGAIN = "try it again"


class Account:
    """Answers of read-only calls, kept for as long as one examination takes."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._answers: dict[str, Future[Any]] = {}
        self._lock = threading.Lock()

    @property
    def clients(self) -> Clients:
        """For looks that ticks take as well, as they take them."""
        return self._clients

    def ask(
        self,
        place: Place,
        call: str,
        doing: str,
        *,
        absent: Sequence[str] = (),
        **parameters: Any,
    ) -> Any:
        """The answer to a call such as ``sqs.get_queue_attributes``.

        Args:
            place: where, and as whom.
            call: the client and its method.
            doing: what is said cannot be done, such as ``look at the queue jobs``.
            absent: error codes that mean that it is not there.
            parameters: of the call.

        Raises:
            NotKnownError: AWS could not be asked, or did not answer.
            NotThereError: it answered with one of the codes of ``absent``.
        """
        service, _, method = call.partition(".")

        def asked() -> Any:
            return getattr(self._clients.service(service, place), method)(**parameters)

        return self._once(f"{place} {call} {parameters}", asked, doing, absent)

    def pages(self, place: Place, call: str, key: str, doing: str, **parameters: Any) -> list[Any]:
        """All items under a key of a paged answer; raises as ``ask`` does."""
        service, _, method = call.partition(".")

        def asked() -> list[Any]:
            pages = self._clients.service(service, place).get_paginator(method)
            return [one for page in pages.paginate(**parameters) for one in page.get(key, ())]

        answer: list[Any] = self._once(f"{place} {call} {parameters}", asked, doing, ())
        return answer

    def region(self, place: Place) -> str:
        """The region that a place means, empty if nobody says."""
        return self._clients.region(place.region) or ""

    def _once(self, key: str, asked: Callable[[], Any], doing: str, absent: Sequence[str]) -> Any:
        with self._lock:
            mine = key not in self._answers
            future = self._answers.setdefault(key, Future())
        try:
            if mine:
                _settle(future, asked)
            return future.result()
        except CALL_ERRORS as error:
            if isinstance(error, ClientError) and code_of(error) in absent:
                raise NotThereError(f"cannot {doing}: it is not there") from error
            raise NotKnownError(explain(error, doing, again=_AGAIN)) from error


def _settle(future: Future[Any], asked: Callable[[], Any]) -> None:
    try:
        future.set_result(asked())
    except BaseException as error:
        future.set_exception(error)  # whoever waits must not wait for ever
        raise
