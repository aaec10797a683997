"""A first configuration, with comments, for a queue and the tasks that are to work on it."""

from __future__ import annotations

import re

from autoscaler.aws.addresses import queue_address
from autoscaler.config.writing import inline
from autoscaler.operations.existing import Existing, Network

FILL_IN = "FILL IN the ids of subnets that reach SQS, ECR and CloudWatch"

_FILE = """\
# Written by `autoscaler init` from {source}.
# `autoscaler config check --aws` tells whether all of it is there, and `autoscaler plan` what a
# tick would do. The container must drain the queue and exit, as `autoscaler worker` does.
version: 1
installation: {installation}  # owns the tasks it launches: keep it once it is in use
period: 2m  # between two looks at the queue
store: {{type: file, path: autoscaler-memory}}  # dynamodb, with its table, for several replicas

fleets:
  {fleet}:
{region}    cluster: {cluster}
    task_definition: {family}  # its newest active revision, now {revision}: {size}
    container: {container}  # works on the queue{beside}
{network}    spot: {{share: {spot_share}}}  # of tasks on Fargate Spot: 0.8 is four of five
    limits: {{max_tasks: 10, max_launches_per_tick: 10}}

queues:
  {queue_name}:
    queue: {queue}
    fleet: {fleet}
    policies:
      - {{type: depth, messages_per_task: 10}}  # a task for every ten messages
"""


def first_file(queue: str, existing: Existing) -> str:
    """The text of the file; a line to be filled in where no network is known."""
    name = _key(queue_address(queue).name)
    fleet = _key(existing.family)
    return _FILE.format(
        source=existing.source,
        installation=inline(fleet[:64]),
        fleet=inline(fleet),
        region=f"    region: {inline(existing.region)}\n" if existing.region else "",
        cluster=inline(existing.cluster),
        family=inline(existing.family),
        revision=existing.revision,
        size=existing.size,
        container=inline(existing.container),
        beside=f"; beside it: {', '.join(existing.beside)}" if existing.beside else "",
        network=_network(existing.network),
        spot_share=existing.spot_share,
        queue_name=inline(name),
        queue=inline(queue),
    )


def _network(network: Network) -> str:
    if not network.subnets:
        return f"    subnets: []  # {FILL_IN}\n"
    lines = [f"    subnets: {inline(list(network.subnets))}  # {network.source}\n"]
    if network.security_groups:
        lines.append(f"    security_groups: {inline(list(network.security_groups))}\n")
    lines.append(f"    assign_public_ip: {inline(network.assign_public_ip)}\n")
    return "".join(lines)


def _key(name: str) -> str:
    """A name that can be a key, a variable's part and an installation."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)
