"""Candidates in the user's own configuration, or in a fresh one."""

from __future__ import annotations

from pathlib import Path

from support.configurations import VALID, changed
from support.tuning import base

from autoscaler.config import load
from autoscaler.simulation.tune.base import Base, fresh
from autoscaler.simulation.tune.candidates import Candidate

CANDIDATE = Candidate(
    [
        {"type": "backlog", "acceptable_wait": "4m30s", "work": "20s"},
        {"type": "age_steps", "steps": [{"from": "5m", "add": 2}], "breaches": 2},
    ],
    {"period": "1m", "max_launches_per_tick": 25},
)
TWO_QUEUES = f"""{VALID}
  others:
    queue: others
    fleet: thumbnailers
    policies: [{{type: depth}}]
"""


def rewritten(found: Base, directory: Path) -> Path:
    file = directory / "tuned.yaml"
    file.write_text(found.text(), encoding="utf-8")
    return file


def test_the_file_that_comes_out_is_what_was_simulated(tmp_path: Path) -> None:
    found = base(tmp_path).with_(CANDIDATE)

    assert load([rewritten(found, tmp_path)], {}) == found.settings


def test_policies_are_replaced_and_all_else_stays(tmp_path: Path) -> None:
    before = base(tmp_path).settings

    after = base(tmp_path).with_(CANDIDATE).settings

    assert [*after.queues["thumbnails"].policies] == ["backlog", "age_steps"]
    assert after.period == 60.0
    assert after.fleets["thumbnailers"].limits.max_tasks == 10
    assert after.fleets["thumbnailers"].limits.max_launches_per_tick == 25
    assert after.fleets["thumbnailers"].subnets == before.fleets["thumbnailers"].subnets


def test_every_value_says_whether_the_user_or_the_search_chose_it(tmp_path: Path) -> None:
    text = base(tmp_path).with_(CANDIDATE).text()

    assert f"cluster: pipeline  # {tmp_path}/autoscaler.yaml:4" in text
    assert "acceptable_wait: 4m30s  # chosen by tune" in text


def test_policies_of_the_users_that_only_bound_stay_beside_what_is_found(tmp_path: Path) -> None:
    bounds = ["{type: budget, dollars: 5}", "{type: forecast}", "{type: warm, tasks: 1}"]
    text = VALID + "".join(f"      - {one}\n" for one in bounds)

    policies = base(tmp_path, text).with_(CANDIDATE).settings.queues["thumbnails"].policies

    assert [*policies] == ["backlog", "age_steps", "budget", "forecast", "warm"]


def test_what_the_user_has_written_is_not_searched(tmp_path: Path) -> None:
    found = base(tmp_path)

    assert not found.is_free("max_tasks")
    assert found.is_free("max_launches_per_tick")
    assert found.is_free("period")
    assert not base(tmp_path, changed("installation", "period: 2m\ninstallation")).is_free("period")


def test_what_other_queues_have_to_live_with_is_not_searched(tmp_path: Path) -> None:
    found = base(tmp_path, TWO_QUEUES, "thumbnails")

    assert not found.is_free("period")
    assert not found.is_free("max_launches_per_tick")


def test_a_fresh_one_is_valid_as_it_is_and_says_what_to_fill_in(tmp_path: Path) -> None:
    found = fresh("jobs of.july")

    assert found.queue == found.settings.installation == "jobs-of-july"
    assert found.settings.queues[found.queue].queue == "jobs of.july"
    assert all(found.is_free(each) for each in ("period", "max_tasks", "max_launches_per_tick"))
    assert "container: worker  # FILL IN" in found.text()
    after = found.with_(CANDIDATE)
    assert load([rewritten(after, tmp_path)], {}) == after.settings
