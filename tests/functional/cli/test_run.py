"""`autoscaler run` as a process: ticks, reloads, metrics, a clean end."""

from __future__ import annotations

import signal
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from support.processes import wait_for
from support.services import running
from support.sites import Site


def test_it_ticks_serves_metrics_and_ends_cleanly_on_sigterm(site: Site) -> None:
    site.send(15)
    with running(site, site.write()) as service:
        wait_for(lambda: len(service.events("decided")) >= 2, "two decisions")

        assert len(site.tasks()) == 2
        metrics = service.get("/metrics")
        assert 'autoscaler_tasks_target{fleet="workers"} 2.0' in metrics
        assert "autoscaler_tick_period_seconds 1.0" in metrics
        assert "_created" not in metrics
        assert service.get("/healthz") == "ok\n"

        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(15) == 0
        assert service.events("stopped")


def test_a_changed_file_is_taken_over_and_a_bad_one_keeps_the_old(site: Site) -> None:
    config = site.write()
    with running(site, config) as service:
        wait_for(lambda: service.events("decided"), "a decision")

        Path(config).write_text("fleets: [")
        refused = wait_for(lambda: service.events("reload_refused"), "a refusal")
        assert "autoscaler.yaml" in str(refused[0]["why"])
        before = len(service.events("decided"))
        wait_for(lambda: len(service.events("decided")) > before, "a decision on the old file")

        jobs = site.config["queues"]["jobs"]
        site.write(queues={"renamed": jobs})
        wait_for(lambda: service.events("reloaded"), "a reload")
        wait_for(lambda: 'queue="renamed"' in service.get("/metrics"), "the new queue's series")
        metrics = service.get("/metrics")

    assert 'queue="jobs"' not in metrics
    assert 'autoscaler_config_reloads_total{outcome="refused"} 1.0' in metrics


def test_sighup_reloads(site: Site) -> None:
    with running(site, site.write()) as service:
        wait_for(lambda: service.events("decided"), "a decision")

        service.process.send_signal(signal.SIGHUP)

        wait_for(lambda: service.events("reloaded"), "a reload")


def test_a_queue_that_vanishes_while_it_runs_is_held_and_said(site: Site) -> None:
    with running(site, site.write()) as service:
        wait_for(lambda: service.events("decided"), "a decision")

        site.sqs.delete_queue(QueueUrl=site.url)

        held = wait_for(lambda: service.events("held"), "a held tick")
    assert held[0]["launched"] == 0
    assert site.cluster in str(held[0]["troubles"])


def test_asked_to_be_reachable_from_elsewhere_it_says_what_follows(site: Site) -> None:
    with running(site, site.write(), "--host", "0.0.0.0") as service:
        (said,) = wait_for(lambda: service.events("status_server"), "what it says")

        assert said["level"] == "warning"
        assert "no token is set" in str(said["access"])
        assert service.get("/healthz") == "ok\n"
        with pytest.raises(urllib.error.HTTPError, match="401"):
            service.get("/metrics")
