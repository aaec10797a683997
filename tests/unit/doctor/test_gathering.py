"""What answers of AWS are taken for, and what becomes of those that do not come."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from support.doctor.unseen import settings

from autoscaler.aws.clients import Clients, Place
from autoscaler.core.memory import Memory
from autoscaler.core.settings import MemoryInFile, MemoryInProcess
from autoscaler.operations.doctor.account import Account
from autoscaler.operations.doctor.gathering.installation import InstallationLooks
from autoscaler.operations.doctor.gathering.memories import memory
from autoscaler.operations.doctor.gathering.network import NetworkLooks
from autoscaler.operations.doctor.gathering.simulation import Ask, denied
from autoscaler.operations.doctor.knowing import NotKnownError, NotThereError

HERE = Place("eu-west-2")


@dataclass
class Scripted:
    """In place of ``Account``: answers by call, and what was asked."""

    answers: dict[str, Any]
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def ask(self, _place: Place, call: str, _doing: str, **parameters: Any) -> Any:
        self.asked.append((call, parameters))
        return self.answers[call]

    def pages(self, _place: Place, call: str, _key: str, _doing: str, **parameters: Any) -> Any:
        return self.ask(_place, call, _doing, **parameters)

    def region(self, place: Place) -> str:
        return place.region or "eu-west-2"


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetQueueUrl")


def account(answer: Callable[[], Any]) -> Account:
    """With one client, whose every method answers alike."""
    client = SimpleNamespace(get_queue_url=lambda **_: answer())
    clients = SimpleNamespace(service=lambda _name, _place: client)
    return Account(cast("Clients", clients))


def ask(told: Account, name: str = "jobs") -> Any:
    return told.ask(HERE, "sqs.get_queue_url", f"find {name}", absent=["Gone"], QueueName=name)


# ------------------------------------------------------------------------------- asking


def test_a_question_is_asked_once_however_many_want_the_answer() -> None:
    calls: list[int] = []
    together = threading.Barrier(4)

    def answer() -> int:
        calls.append(1)
        return len(calls)

    told, got = account(answer), []

    def want() -> None:
        together.wait()
        got.append(ask(told))

    threads = [threading.Thread(target=want) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert (got, len(calls)) == ([1, 1, 1, 1], 1)
    assert ask(told, "others") == 2


def test_a_refusal_is_kept_as_well_and_tells_what_could_not_be_done() -> None:
    calls: list[int] = []

    def answer() -> None:
        calls.append(1)
        raise refused("AccessDenied")

    told = account(answer)
    for _ in range(2):
        with pytest.raises(NotKnownError, match="cannot find jobs: access to GetQueueUrl"):
            ask(told)
    assert len(calls) == 1


def test_what_is_not_there_is_told_apart_from_what_cannot_be_seen() -> None:
    def gone() -> None:
        raise refused("Gone")

    with pytest.raises(NotThereError, match="cannot find jobs: it is not there"):
        ask(account(gone))


# ---------------------------------------------------------------------------- simulation


def test_asks_that_differ_in_their_resource_only_go_together() -> None:
    told = Scripted({"iam.simulate_principal_policy": []})
    asks = [Ask(HERE, "arn:role/r", ("sqs:A",), f"queue-{n}") for n in range(60)]

    denied(cast("Account", told), [*asks, Ask(HERE, "arn:role/other", ("sqs:A",), "queue-1")])

    assert [len(asked["ResourceArns"]) for _, asked in told.asked] == [50, 10, 1]


def test_whatever_is_not_allowed_is_told_once_with_its_resource() -> None:
    results = [
        {"EvalActionName": "sqs:A", "EvalResourceName": "q", "EvalDecision": decision}
        for decision in ("allowed", "implicitDeny", "explicitDeny")
    ]
    told = Scripted({"iam.simulate_principal_policy": results})

    asks = [Ask(HERE, "arn:role/r", ("sqs:A",), "q")]
    assert denied(cast("Account", told), asks) == ["sqs:A on q"]


def test_a_session_is_simulated_as_the_role_behind_it() -> None:
    arn = "arn:aws:iam::1:role/teams/blue/controller"
    session = "arn:aws:sts::1:assumed-role/controller/somebody"
    told = Scripted(
        {
            "sts.get_caller_identity": {"Arn": session},
            "iam.get_role": {"Role": {"Arn": arn}},
        }
    )
    looks = InstallationLooks(cast("Account", told), settings(), lambda: 0.0, None, [], [])

    assert looks._principal() == arn
    assert told.asked[-1] == ("iam.get_role", {"RoleName": "controller"})


def test_the_clock_is_compared_when_the_answer_came_and_not_later() -> None:
    headers = {"date": "Thu, 01 Jan 1970 00:16:40 GMT"}
    answer = {"Arn": "a", "ResponseMetadata": {"HTTPHeaders": headers}}
    times = iter([1090.0, 5000.0])
    told = Scripted({"sts.get_caller_identity": answer})
    looks = InstallationLooks(cast("Account", told), settings(), lambda: next(times), None, [], [])

    assert (looks.skew(), looks.skew()) == (90.0, 90.0)


# ------------------------------------------------------------------------------ network


def looks(routes: list[dict[str, Any]]) -> NetworkLooks:
    subnet = {
        "SubnetId": "s",
        "VpcId": "v",
        "AvailabilityZone": "a",
        "AvailableIpAddressCount": 9,
    }
    main = {"VpcId": "v", "Associations": [{"Main": True}], "Routes": routes}
    told = Scripted(
        {
            "ec2.describe_subnets": {"Subnets": [subnet]},
            "ec2.describe_route_tables": [main],
            "ec2.describe_vpc_endpoints": [
                {"ServiceName": "com.amazonaws.eu-west-2.ecr.api", "State": "available"},
                {"ServiceName": "com.amazonaws.eu-west-2.sqs", "State": "deleting"},
            ],
        }
    )
    return NetworkLooks(cast("Account", told), settings().fleets["workers"])


EVERYWHERE = {"DestinationCidrBlock": "0.0.0.0/0"}


@pytest.mark.parametrize(
    ("route", "gateway"),
    [
        ({**EVERYWHERE, "GatewayId": "igw-1"}, "igw"),
        ({**EVERYWHERE, "NatGatewayId": "nat-1"}, "nat"),
        ({**EVERYWHERE, "TransitGatewayId": "tgw-1"}, "other"),
        ({**EVERYWHERE, "NatGatewayId": "nat-1", "State": "blackhole"}, None),
        ({"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1"}, "igw"),
        ({"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local"}, None),
    ],
)
def test_the_way_out_is_where_a_default_route_that_works_leads(
    route: dict[str, Any], gateway: str | None
) -> None:
    assert looks([route]).routes()["s"].gateway == gateway


def test_an_endpoint_that_is_being_deleted_is_none() -> None:
    assert looks([]).endpoints() == {"ecr.api"}


# ------------------------------------------------------------------------------ learned


def test_memory_in_a_process_cannot_be_read_from_outside() -> None:
    told = replace(settings(), store=MemoryInProcess())
    with pytest.raises(NotKnownError, match="in its own process"):
        memory(told, cast("Account", None), "workers")


def test_a_damaged_memory_is_told_and_left_where_it_is(tmp_path: Path) -> None:
    told = replace(settings(), store=MemoryInFile(str(tmp_path)))
    assert memory(told, cast("Account", None), "workers") == Memory()

    damaged = tmp_path / "workers.json"
    damaged.write_text("{")
    with pytest.raises(NotKnownError, match="cannot be read"):
        memory(told, cast("Account", None), "workers")
    damaged.write_text('{"version": 1}')
    with pytest.raises(NotKnownError, match=r"the memory of the fleet workers: .* damaged"):
        memory(told, cast("Account", None), "workers")
    assert damaged.read_text() == '{"version": 1}'
