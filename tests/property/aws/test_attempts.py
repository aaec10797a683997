"""Whatever happens to the attempts of a launch, a refusal is never told of tasks that run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import SimpleNamespace
from unittest import mock

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st
from support.aws_settings import intent, settings
from support.wire import Page, Refusal, Wire

from autoscaler.aws.launches import EcsActions

URL = "https://ecs.eu-west-2.amazonaws.com/"
HARMLESS = [
    Refusal("ThrottlingException", "Rate exceeded"),
    Refusal("AccessDeniedException"),
    Refusal("Unheard", status=429),
    EndpointConnectionError(endpoint_url=URL),
]
DOUBTFUL = [
    Refusal("ServerException", status=500),
    ReadTimeoutError(endpoint_url=URL),
    Page("<html>Bad gateway</html>", 502),
]
STARTED = {"tasks": [{"taskArn": "t1"}, {"taskArn": "t2"}], "failures": []}
ENVIRONMENT = {
    "AWS_REGION": "eu-west-2",
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nothing",
    "AWS_MAX_ATTEMPTS": "4",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    pause = SimpleNamespace(sleep=lambda seconds: None)
    with mock.patch.dict(os.environ, ENVIRONMENT), mock.patch("botocore.endpoint.time", pause):
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL"):
            os.environ.pop(name, None)
        scripted = Wire()
        yield scripted
        scripted.clients.close()


@given(ends=st.lists(st.sampled_from([*HARMLESS, *DOUBTFUL, STARTED]), min_size=1, max_size=4))
def test_refused_means_that_no_attempt_can_have_launched(wire: Wire, ends: list[object]) -> None:
    wire.asked.clear()
    wire.on("RunTask", *ends)
    outcome = EcsActions(settings(), wire.clients).launch("thumbs", intent())
    happened = (ends + [ends[-1]] * 4)[: len(wire.asked)]
    if happened[-1] == STARTED:
        assert outcome.tasks == ("t1", "t2")
    elif any(end in DOUBTFUL for end in happened):
        assert outcome.unsure
    else:
        assert outcome.failures
        assert outcome.unsure is None
