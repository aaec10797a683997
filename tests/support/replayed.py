"""A folder as a user of the simulation has it: a configuration and an hour of a queue's history."""

from __future__ import annotations

from pathlib import Path

CONFIG = """\
version: 1
installation: test
period: 2m
fleets:
  workers:
    region: eu-west-2
    cluster: pipeline
    task_definition: queue-proc
    container: worker
    subnets: [subnet-1]
    limits: {max_tasks: MOST}
queues:
  jobs: {queue: jobs, fleet: workers, policies: [{type: depth, messages_per_task: SHARE}]}
"""
SERVICE = """\
version: 1
installation: test
fleets:
  workers: {run: service, region: eu-west-2, cluster: pipeline, service: workers}
queues:
  jobs: {queue: jobs, fleet: workers, policies: [{type: depth, messages_per_task: 5}]}
"""
ARRIVALS = tuple(37.0 * number for number in range(60))


def write_folder(at: Path) -> Path:
    """Files autoscaler.yaml, eager.yaml, service.yaml, hour.csv and idle.csv.

    The messages of the last tell no work.
    """
    (at / "autoscaler.yaml").write_text(CONFIG.replace("MOST", "10").replace("SHARE", "5"))
    (at / "eager.yaml").write_text(CONFIG.replace("MOST", "20").replace("SHARE", "1"))
    (at / "service.yaml").write_text(SERVICE)
    rows = (f"{arrival},{20 + number % 7}" for number, arrival in enumerate(ARRIVALS))
    (at / "hour.csv").write_text("\n".join(("arrival_s,work_s", *rows, "")))
    (at / "idle.csv").write_text("arrival_s\n1\n2\n3\n")
    return at
