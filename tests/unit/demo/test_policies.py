"""A demo's policies are built-in ones with options that hold, and a quick window beside depth."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest
import yaml
from support import values
from support.configurations import VALID, load_text

from autoscaler import plugins
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.model import Advice
from autoscaler.demo.policies import choose, names
from autoscaler.demo.quick_window import NAME, QuickWindow, install


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {NAME: f"{QuickWindow.__module__}:{QuickWindow.__name__}"}
    monkeypatch.setattr(plugins, "_installed", lambda: table)


@pytest.mark.parametrize("name", names())
def test_what_can_be_chosen_is_built_in_and_configured_as_anybody_would(
    name: str, tmp_path: Path
) -> None:
    document = yaml.safe_load(VALID)
    document["queues"]["thumbnails"]["policies"] = [dict(one) for one in choose(name).policies]

    policies = load_text(tmp_path, yaml.safe_dump(document)).queues["thumbnails"].policies

    assert name in plugins.BUILT_IN
    assert name in policies or NAME in policies


def test_a_policy_there_is_no_demo_with_is_told() -> None:
    with pytest.raises(ConfigurationError, match="no demo with the policy swell; there is one"):
        choose("swell")


def test_another_promise_takes_the_place_of_the_policy_s_own() -> None:
    choice = choose("deadline", 45.0)
    assert (choice.promise, choice.policies[0]["max_age"]) == (45.0, "45s")
    assert choose("deadline").promise == 60.0


@pytest.mark.parametrize(
    ("policy", "seconds", "told"),
    [("depth", 60.0, "only a policy"), ("deadline", 5.0, "take 20 s")],
)
def test_a_promise_that_nobody_makes_or_can_keep_is_told(
    policy: str, seconds: float, told: str
) -> None:
    with pytest.raises(ConfigurationError, match=told):
        choose(policy, seconds)


def test_the_quick_window_is_found_where_it_was_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "plug-ins")
    monkeypatch.syspath_prepend(str(tmp_path / "plug-ins"))

    found = importlib.metadata.entry_points(group=plugins.GROUP, name=NAME)

    assert [point.load() for point in found] == [QuickWindow]


def asked(after: float, visible: int = 1, notes: dict[str, float] | None = None) -> Advice:
    """What a window from 00:02 to 00:04 says so many seconds after its midnight."""
    seen = values.observation(values.reading(visible), now=values.NOW + after)
    return QuickWindow(from_="00:02", to="00:04").advise(seen.of("q", notes))


def test_its_clock_starts_with_the_first_message_and_is_kept_in_its_notes() -> None:
    assert asked(0.0, visible=0).notes is None
    assert asked(0.0).notes == {"midnight": values.NOW}
    assert asked(5.0, visible=0, notes={"midnight": values.NOW}).notes == {"midnight": values.NOW}


@pytest.mark.parametrize(
    ("after", "paused"), [(0.0, False), (3.9, False), (4.0, True), (7.9, True), (8.0, False)]
)
def test_it_pauses_between_its_times_at_thirty_times_the_speed(after: float, paused: bool) -> None:
    advice = asked(after, notes={"midnight": values.NOW})

    assert advice.pause is paused
    assert advice.look_again_at == (values.NOW + 8.0 if paused else None)
