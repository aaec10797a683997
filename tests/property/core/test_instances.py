"""Tasks on EC2 instances, over every type of the table that ships."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autoscaler.aws.instance_types import instance_types
from autoscaler.core.instances import (
    Bound,
    Host,
    Instances,
    Sidecar,
    TaskNeed,
    fit,
    fit_of_any,
    instances_for,
    interfaces_for_tasks,
)

types = st.sampled_from(sorted(instance_types().values(), key=lambda one: one.name))
needs = st.builds(TaskNeed, st.integers(0, 16_384), st.integers(1, 65_536))
sidecars = st.builds(
    Sidecar, st.sampled_from(["task", "instance"]), st.integers(0, 2048), st.integers(0, 4096)
)
chosen = st.builds(
    Instances,
    group=st.just("workers"),
    network=st.sampled_from(["awsvpc", "bridge", "host"]),
    trunking=st.booleans(),
    host=st.builds(Host, st.integers(0, 1024), st.integers(0, 4096)),
    sidecar=st.none() | sidecars,
)
tasks = st.integers(0, 5000)


def taken(count, need, instances):
    """CPU units and MiB that so many tasks, their sidecars and the host take of an instance."""
    sidecar = instances.sidecar or Sidecar("task", 0, 0)
    of_them = count if sidecar.per == "task" else 1
    cpu = instances.host.cpu + count * need.cpu + of_them * sidecar.cpu
    return cpu, instances.host.memory + count * need.memory + of_them * sidecar.memory


def holds(kind, count, need, instances):
    """Whether an instance has room for so many tasks, counted without the code under test."""
    cpu, memory = taken(count, need, instances)
    asks_for_cpu = cpu > taken(0, need, instances)[0]
    if memory > kind.memory or (asks_for_cpu and cpu > 1024 * kind.vcpus):
        return False
    trunked = kind.trunked_tasks if instances.trunking else None
    most = kind.interfaces - 1 if trunked is None else trunked
    return instances.network != "awsvpc" or count <= most


@given(types, needs, chosen)
def test_an_instance_is_never_promised_to_more_tasks_than_it_has_room_for(kind, need, instances):
    room = fit(kind, need, instances).tasks
    assert room == 0 or holds(kind, room, need, instances)


@given(types, needs, chosen)
def test_one_task_more_would_have_no_room(kind, need, instances):
    assert not holds(kind, fit(kind, need, instances).tasks + 1, need, instances)


@given(types, needs, chosen)
def test_what_binds_is_what_the_next_task_lacks(kind, need, instances):
    room = fit(kind, need, instances)
    cpu, memory = taken(room.tasks + 1, need, instances)
    lacks = {
        Bound.CPU: cpu > 1024 * kind.vcpus,
        Bound.MEMORY: memory > kind.memory,
        Bound.INTERFACES: room.tasks >= interfaces_for_tasks(kind, trunking=instances.trunking),
    }
    assert lacks[room.bound]


@given(types, needs, st.integers(0, 4096), st.integers(0, 4096), chosen)
def test_larger_tasks_never_fit_in_larger_numbers(kind, need, more_cpu, more_memory, instances):
    larger = TaskNeed(need.cpu + more_cpu, need.memory + more_memory)
    assert fit(kind, larger, instances).tasks <= fit(kind, need, instances).tasks


@given(st.lists(types, min_size=1, max_size=5), needs, chosen)
def test_a_mixed_group_is_counted_by_its_smallest_instance(kinds, need, instances):
    rooms = [fit(kind, need, instances).tasks for kind in kinds]
    assert fit_of_any(kinds, need, instances).tasks == min(rooms)


def test_a_group_of_no_known_type_has_no_figure():
    assert fit_of_any([], TaskNeed(256, 512), Instances(group="workers")) is None


@given(tasks, st.integers(1, 120))
def test_the_instances_hold_all_tasks_and_one_fewer_would_not(count, per_instance):
    needed = instances_for(count, per_instance)
    assert needed * per_instance >= count
    assert needed == 0 or (needed - 1) * per_instance < count


@given(tasks, st.integers(1, 120))
def test_a_task_more_never_needs_fewer_instances(count, per_instance):
    more = instances_for(count + 1, per_instance) - instances_for(count, per_instance)
    assert more in (0, 1)


@given(types)
def test_trunking_never_takes_interfaces_away(kind):
    assert interfaces_for_tasks(kind, trunking=True) >= interfaces_for_tasks(kind, trunking=False)
