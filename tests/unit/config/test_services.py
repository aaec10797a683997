"""A fleet that is a service: written beside the others, with its own keys and no other's."""

from __future__ import annotations

from pathlib import Path

import pytest

from autoscaler.config.completing import completed
from autoscaler.config.document import document
from autoscaler.config.loading import load, written_tree
from autoscaler.config.understood import understood
from autoscaler.config.writing import written
from autoscaler.core.errors import ConfigurationError
from autoscaler.core.rules import Limits
from autoscaler.core.service import ScaleIn, ScaleOut, ServiceRules
from autoscaler.core.settings import Settings
from autoscaler.core.suspension import WhenScaled
from autoscaler.validated import dumps, loads

BOTH = """
version: 1
installation: house
fleets:
  thumbs: {cluster: c, task_definition: t, container: x, subnets: [subnet-1]}
  workers:
    run: service
    cluster: c
    service: workers
    limits: {max_tasks: 4}
    scale_in: {stabilization: 10m, cooldown: 0s, protected: true}
    scale_out: {cooldown: 1m}
queues:
  pictures: {queue: p, fleet: thumbs, policies: [{type: depth}]}
  films: {queue: f, fleet: workers, policies: [{type: depth}]}
  songs: {queue: s, fleet: workers, policies: [{type: depth}]}
"""


def loaded(tmp_path: Path, text: str, **environ: str) -> Settings:
    file = tmp_path / "one.yaml"
    file.write_text(text, encoding="utf-8")
    return load([file], environ)


def test_fleets_of_both_kinds_stand_side_by_side(tmp_path: Path) -> None:
    settings = loaded(tmp_path, BOTH)
    assert set(settings.fleets) == {"thumbs"}
    assert set(settings.services) == {"workers"}
    assert list(settings.every_fleet) == ["thumbs", "workers"]


def test_its_rules_say_how_it_is_steered_and_by_which_queues(tmp_path: Path) -> None:
    _, rules = loaded(tmp_path, BOTH).rulebook().fleets
    assert rules.service == ServiceRules(ScaleIn(600.0, 0.0, protected=True), ScaleOut(60.0))
    assert rules.queue_names == {"films", "songs"}
    assert rules.limits == Limits(max_tasks=4)


def test_a_variable_goes_over_its_keys(tmp_path: Path) -> None:
    variable = {"AUTOSCALER_FLEETS__WORKERS__SCALE_IN__COOLDOWN": "3m"}
    settings = loaded(tmp_path, BOTH, **variable)
    assert settings.services["workers"].scale_in.cooldown == 180.0


def test_what_was_left_out_is_shown_as_it_counts(tmp_path: Path) -> None:
    loaded(tmp_path, BOTH)
    shown = written(completed(written_tree([tmp_path / "one.yaml"], {}), document()))
    workers = shown.partition("workers:")[2].partition("queues:")[0]
    assert "max_launches_per_tick: 10  # default" in workers
    assert "subnets" not in workers


def test_it_is_told_in_a_sentence(tmp_path: Path) -> None:
    said = understood(loaded(tmp_path, BOTH))["fleets"]["workers"]
    assert said == (
        "0 to 4 tasks of the service workers in the cluster c, "
        "fewer only after 10 min in which fewer were wanted"
    )


def test_it_survives_its_validated_form(tmp_path: Path) -> None:
    settings = loaded(tmp_path, BOTH)
    assert loads(dumps(settings)) == settings


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("service: workers", "spot: {}", "fleets.workers.service: this key is required"),
        ("service: workers", "service: a/b", "a service's name: letters, digits, - and _"),
        ("scale_in:", "scale_inn:", "there is no such key; did you mean scale_in?"),
        ("scale_in:", "subnets:", "fleets.workers.subnets: there is no such key"),
        ("stabilization: 10m", "stabilization: soon", "'soon' is not a duration"),
        ("run: service", "run: 5", "fleets.workers.run: 5 is a number to YAML, where text"),
        (
            "queues:",
            "  two: {run: service, cluster: c, service: workers}\nqueues:",
            "fleets.two.service: the fleet workers is this service; let its queues name",
        ),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError) as told:
        loaded(tmp_path, BOTH.replace(old, new, 1))
    assert sentence in str(told.value)


SUSPEND = BOTH.replace("service: workers", "service: workers\n    when_scaled_by_others: suspend")


def test_what_is_suspended_needs_a_memory_that_lasts(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as told:
        loaded(tmp_path, SUSPEND)
    assert "fleets.workers.when_scaled_by_others: what is suspended must be" in str(told.value)
    with pytest.raises(ConfigurationError):
        loaded(tmp_path, SUSPEND + "store: {type: memory}\n")
    kept = loaded(tmp_path, SUSPEND + f"store: {{type: file, path: {tmp_path}}}\n")
    assert kept.services["workers"].steering.when_scaled_by_others is WhenScaled.SUSPEND
    assert loads(dumps(kept)) == kept


def test_one_name_in_two_clusters_is_two_services(tmp_path: Path) -> None:
    more = "  two: {run: service, cluster: d, service: workers}\nqueues:\n"
    more += "  birds: {queue: b, fleet: two, policies: [{type: depth}]}"
    assert set(loaded(tmp_path, BOTH.replace("queues:", more, 1)).services) == {"workers", "two"}
