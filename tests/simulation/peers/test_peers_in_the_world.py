"""What peers are known for, seen in the simulated world."""

from __future__ import annotations

import numpy as np
import pytest

from autoscaler.simulation.knobs import Knobs, Metrics, QueueKnobs, StartUp
from autoscaler.simulation.peers.hands import HANDS
from autoscaler.simulation.peers.options import Options
from autoscaler.simulation.peers.registry import PEERS
from autoscaler.simulation.run import Run, TaskEnd
from autoscaler.simulation.simulate import simulate
from autoscaler.simulation.trace import Trace

SLOW_START = StartUp(unbilled=0.0, billed=45.0)


def burst(messages: int, work: float, seconds: float = 1.0) -> Trace:
    return Trace("burst", np.zeros(messages), np.full(messages, work), seconds)


def trickle(messages: int, every: float, work: float) -> Trace:
    arrivals = np.arange(float(messages)) * every
    return Trace("trickle", arrivals, np.full(messages, work), messages * every)


def run(
    name: str,
    trace: Trace,
    options: Options,
    knobs: Knobs | None = None,
    hands: str = "ours",
    phase: float = 0.0,
) -> Run:
    peer = PEERS[name]
    world = peer.world(knobs or Knobs(drain=7_200.0), HANDS[hands])
    return simulate(trace, world, peer(options), seed=1, phase=phase, subject=name)


def unfinished(found: Run) -> int:
    return int(np.isnan(found.messages.finished_at).sum())


def duplicates(found: Run) -> int:
    return int((found.messages.receives - 1).sum())


def task_minutes(found: Run) -> float:
    return float((found.tasks.left_at - found.tasks.launched_at).sum()) / 60


def ended(found: Run, end: TaskEnd) -> int:
    return int((found.tasks.end == end).sum())


def most_at_once(found: Run) -> int:
    moments = found.tasks.launched_at
    alive = (moments[:, None] >= found.tasks.launched_at) & (moments[:, None] < found.tasks.left_at)
    return int(alive.sum(axis=1).max())


def blueprint(trace: Trace, visibility: float, most: int, name: str, phase: float = 0.0) -> Run:
    """Its own worker, on a queue of this visibility; a task takes 45 s to come up."""
    queue = QueueKnobs(visibility=visibility, max_receives=1_000_000)
    knobs = Knobs(start_up=SLOW_START, queue=queue)
    return run(name, trace, Options(max_tasks=most), knobs, "own", phase)


@pytest.mark.parametrize(
    ("work", "visibility", "most", "launches", "processed", "minutes"),
    [
        (20, 30, 50, 30, 200, 92.0),
        (20, 900, 50, 10, 100, 41.8),
        (60, 30, 50, 50, 500, 542.5),
        (60, 900, 50, 10, 100, 108.5),
        (20, 900, 10, 10, 100, 41.8),
    ],
)
def test_the_blueprint_launches_what_its_published_replica_launched(
    work, visibility, most, launches, processed, minutes
):
    """A burst of 100. Duplicates and minutes agree where the visibility suffices.

    Where it does not, they depend on what happens first when tasks that started in one call are
    done in one instant: here the first to be done receives what the others have not yet deleted.
    """
    found = blueprint(burst(100, work), visibility, most, "blueprint")
    assert (len(found.tasks), unfinished(found)) == (launches, 0)
    if visibility == 900:
        assert 100 + duplicates(found) == processed
        assert task_minutes(found) == pytest.approx(minutes, rel=0.01)
    else:
        assert processed <= 100 + duplicates(found) < 1.5 * processed


@pytest.mark.parametrize(
    ("name", "launches", "minutes"),
    [("blueprint", 30, 148.5), ("blueprint-minus-running", 3, 122.6)],
)
def test_on_a_trickle_ten_times_fewer_launches_with_running_tasks_taken_off(
    name, launches, minutes
):
    found = blueprint(trickle(360, 10, 20), 900, 50, name, phase=1.0)
    assert len(found.tasks) == launches
    assert task_minutes(found) == pytest.approx(minutes, rel=0.02)


def test_the_blueprint_ramps_to_its_maximum_while_a_backlog_shows():
    found = blueprint(burst(100, 60), 30, 50, "blueprint")
    assert found.tasks.launched_at.tolist() == [
        120.0 * look for look in range(5) for _ in "0123456789"
    ]


def test_as_coded_the_blueprint_starts_nothing_for_more_than_100_messages():
    found = run("blueprint-as-coded", burst(101, 20), Options(max_tasks=50))
    assert (len(found.tasks), unfinished(found)) == (0, 101)
    assert found.launch_failures == 11 * found.ticks
    assert unfinished(run("blueprint-as-coded", burst(100, 20), Options(max_tasks=50))) == 0


def test_as_shipped_most_of_a_large_launch_is_spot_and_a_trickle_none():
    large = run("blueprint", burst(1_000, 20), Options())
    small = run("blueprint", trickle(20, 60, 5), Options())
    assert np.bincount(large.tasks.provider)[:2].tolist() == [3, 7]
    assert set(small.tasks.provider.tolist()) == {0}


def test_keda_jobs_default_and_accurate_launch_the_same_for_a_burst_and_eager_fills_the_maximum():
    trace, options = burst(60, 300), Options(queue_length=1, max_tasks=100)
    by_default, accurate, eager = (
        run(name, trace, options) for name in ("keda-job", "keda-job-accurate", "keda-job-eager")
    )
    assert (len(by_default.tasks), len(accurate.tasks)) == (60, 60)
    assert most_at_once(eager) == 100


def test_keda_jobs_accurate_with_in_flight_counted_launches_one_for_each_job_at_work():
    trace, options = burst(10, 300), Options(queue_length=1, max_tasks=100)
    as_advised = run("keda-job-accurate", trace, options)
    as_shipped = run("keda-job-accurate-as-shipped", trace, options)
    assert len(as_advised.tasks) == 10
    assert len(as_shipped.tasks) > 50


def test_kedas_hpa_kills_pods_at_work_and_their_messages_are_received_again():
    """Twenty messages of 10 to 29 minutes: as the queue empties, working pods are surplus."""
    work = 600.0 + 60.0 * np.arange(20)
    trace = Trace("long", np.zeros(20), work, 1.0)
    found = run("keda-hpa", trace, Options(queue_length=1), Knobs(drain=86_400.0), "own")
    assert ended(found, TaskEnd.STOPPED) > 0
    assert duplicates(found) > 0
    assert found.tasks.busy_seconds.sum() > work.sum() + 600
    assert unfinished(found) == 0


def test_a_worker_that_gives_back_what_it_cannot_finish_loses_less_time_to_a_kill():
    trace = Trace("long", np.zeros(20), 600.0 + 60.0 * np.arange(20), 1.0)
    knobs = Knobs(queue=QueueKnobs(visibility=1_800.0))
    ours, own = (
        run("keda-hpa", trace, Options(queue_length=1), knobs, hands) for hands in ("ours", "own")
    )
    assert ours.messages.finished_at.mean() < own.messages.finished_at.mean()


@pytest.mark.parametrize("name", ["target-tracking", "copilot"])
def test_target_tracking_cannot_leave_none(name):
    found = run(name, burst(50, 20), Options(min_tasks=0, promise=20.0, mean_work=20.0))
    assert (len(found.tasks), unfinished(found)) == (0, 50)


def test_target_tracking_from_one_task_waits_for_its_metric_and_three_minutes():
    """Minutes become visible 90 s after their end, so the third shows at 270 s."""
    found = run("target-tracking", burst(400, 20), Options(promise=60.0, mean_work=20.0))
    later = found.tasks.launched_at[found.tasks.launched_at > 0]
    assert later.min() == 300.0
    assert unfinished(found) == 0


def test_copilot_publishes_itself_and_is_two_minutes_faster():
    found = run("copilot", burst(400, 20), Options(promise=60.0, mean_work=20.0))
    assert found.tasks.launched_at[found.tasks.launched_at > 0].min() == 120.0


def test_without_datapoints_target_tracking_holds():
    knobs = Knobs(metrics=Metrics(gaps=1.0), drain=3_600.0)
    found = run("target-tracking", burst(400, 20), Options(promise=60.0, mean_work=20.0), knobs)
    assert len(found.tasks) == 1


def test_cdk_never_scales_on_50_messages():
    found = run("cdk", burst(50, 60), Options(max_tasks=50))
    assert (len(found.tasks), unfinished(found)) == (1, 0)


def test_cdk_scales_on_150_and_two_are_the_most_as_shipped():
    assert most_at_once(run("cdk", burst(150, 60), Options())) == 2
    assert most_at_once(run("cdk", burst(150, 60), Options(max_tasks=50))) > 2


def test_watchbot_grows_a_tenth_every_five_minutes_and_kills_nothing_in_hand():
    found = run("watchbot", burst(120, 300), Options(max_tasks=40), hands="own")
    starts = np.unique(found.tasks.launched_at)
    assert np.diff(starts).min() >= 300.0
    assert len(found.tasks) == 4 * len(starts)
    assert (duplicates(found), unfinished(found)) == (0, 0)


def test_watchbot_churns_on_a_message_every_quarter_of_an_hour():
    """Each wakes it after its metric, it works for seconds and goes ten quiet minutes later."""
    found = run("watchbot", trickle(12, 1_200, 5), Options(max_tasks=10), hands="own")
    assert len(found.tasks) >= 12
    assert ended(found, TaskEnd.STOPPED) >= 11
    assert float(found.tasks.billed_seconds.mean()) > 100 * 5.0


def test_step_scaling_kills_what_is_in_hand_once_nothing_waits():
    found = run("step-scaling", burst(1, 3_600), Options(), Knobs(drain=14_400.0), "own")
    assert ended(found, TaskEnd.STOPPED) > 0
    assert duplicates(found) > 0


def test_buildkites_agents_leave_after_ten_idle_minutes():
    found = run("buildkite", burst(3, 60), Options(), hands="own")
    stayed = found.tasks.left_at - found.tasks.usable_at
    assert len(found.tasks) == 3
    assert stayed.tolist() == pytest.approx([660.0] * 3, abs=25.0)


def test_buildkite_with_scale_in_kills_builds():
    work = np.array([120.0, 3_000.0, 3_000.0])
    trace = Trace("builds", np.zeros(3), work, 1.0)
    found = run("buildkite-both-ways", trace, Options(), hands="own")
    assert ended(found, TaskEnd.STOPPED) > 0


def test_a_static_fleet_costs_its_tasks_for_as_long_as_the_world_lasts():
    found = run("static", trickle(60, 60, 20), Options(always_on=3))
    assert len(found.tasks) == 3
    assert found.tasks.billed_seconds.sum() == pytest.approx(3 * (found.seconds - 15.0), abs=3)
    assert found.seconds < 3_600 + 120


def test_kedas_custom_example_never_starts_a_job_for_five_messages():
    """They are worth one job, and one is taken off."""
    assert unfinished(run("keda-job-custom", burst(5, 20), Options())) == 5
    assert unfinished(run("keda-job-custom", burst(6, 20), Options())) == 0


@pytest.mark.parametrize("name", sorted(PEERS.keys() - {"keda-job-custom"}))
@pytest.mark.parametrize("hands", sorted(HANDS))
def test_every_peer_finishes_a_plain_hour_with_every_worker_and_twice_alike(name, hands):
    trace = trickle(120, 30, 20)
    knobs = Knobs(queue=QueueKnobs(visibility=900.0))
    found = run(name, trace, Options(), knobs, hands)
    again = run(name, trace, Options(), knobs, hands)
    assert unfinished(found) == 0
    assert found.tasks.billed_seconds.tolist() == again.tasks.billed_seconds.tolist()
    assert found.messages.started_at.tolist() == again.messages.started_at.tolist()


def test_one_driver_for_two_runs_gives_twice_the_same():
    driver, trace = PEERS["keda-hpa"](), burst(40, 60)
    first, second = (
        simulate(trace, Knobs(), driver, seed=1, subject="keda-hpa").tasks.left_at.tolist()
        for _ in range(2)
    )
    assert first == second
