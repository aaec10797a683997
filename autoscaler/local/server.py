"""The server of the local AWS: moto, our ECS in front of it, on 127.0.0.1 and nowhere else."""

from __future__ import annotations

import importlib
import re
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

from moto.iam.models import get_account_id_from
from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from autoscaler.local import corrections
from autoscaler.local.control import Control
from autoscaler.local.ecs.agent import AGENT, AgentEndpoint
from autoscaler.local.ecs.api import EcsTasks
from autoscaler.local.ecs.catalog import MotoCatalog
from autoscaler.local.ecs.desk import DESK
from autoscaler.local.ecs.endpoint import EcsEndpoint
from autoscaler.local.ecs.engine import Engine
from autoscaler.local.ecs.lifecycle import Lifecycle
from autoscaler.local.ecs.model import Place
from autoscaler.local.ecs.processes import LocalRunner
from autoscaler.local.environment import container_environment
from autoscaler.local.faults.force import Faults
from autoscaler.local.mappings import TOGGLING
from autoscaler.local.orphans import Guard
from autoscaler.local.publisher import Publisher
from autoscaler.local.refusals import Refusals
from autoscaler.local.scalable_targets import ScalableTargets

if TYPE_CHECKING:
    from pathlib import Path

    from autoscaler.local.settings import LocalSettings
    from autoscaler.local.wsgi import App, Environ

_USED_BY_MOST = ("sqs", "ecs", "s3", "cloudwatch")
HOST = "127.0.0.1"
_SCOPE = re.compile(r"Credential=([^/]+)/[^/]+/([^/]+)/")

# head and body of an answer are two writes; with Nagle's algorithm the second waits 40 ms for an
# acknowledgement. And a demo makes thousands of requests: none of them is worth a line.
_Handler = type(
    "_Handler",
    (MotoRequestHandler,),
    {"disable_nagle_algorithm": True, "log_request": lambda *_: None},
)


class Server:
    """The local AWS inside this process; it answers from its making on, until `stop`."""

    def __init__(self, settings: LocalSettings, data_dir: Path) -> None:
        self.logs_dir = data_dir / "logs"
        self.logs_dir.mkdir(parents=True, exist_ok=True)
        self._region = settings.region
        TOGGLING.seconds = settings.mapping_toggle
        corrections.apply_all()
        self._http = _listen(settings.port)
        self.endpoint_url = f"http://{HOST}:{self._http.socket.getsockname()[1]}"
        self._guard = Guard()
        self._tasks = EcsTasks(MotoCatalog(), self._lifecycle(settings), time.time)
        DESK.answer = self._tasks.answer
        self._faults = Faults(settings.script(), time.monotonic)
        self._engine = Engine(self._tasks, self._faults.interrupt)
        self._http.app = self._assemble()
        self._publisher = Publisher(
            settings.metrics_period, settings.region, self.logs_dir, settings.metrics_early
        )
        self._engine.start()
        self._publisher.start()
        threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
        threading.Thread(target=self._serve, name="http", daemon=True).start()

    def stop(self) -> None:
        """Close the port, end every task."""
        self._http.shutdown()
        self._http.server_close()
        self._publisher.stop()
        self._engine.stop()
        self._guard.close()

    def _serve(self) -> None:
        self._http.serve_forever(poll_interval=0.05)  # how long `stop` waits for it, at most

    def _lifecycle(self, settings: LocalSettings) -> Lifecycle:
        environment = container_environment(self.endpoint_url, settings.region)
        agents = f"{self.endpoint_url}{AGENT}"
        runner = LocalRunner(self.logs_dir, environment, self._guard, agents)
        return Lifecycle(settings.delays, runner)

    def _assemble(self) -> App:
        moto = Refusals(DomainDispatcherApplication(_create_app))
        scaling = ScalableTargets(self._tasks, self._place_of, moto)
        ecs = EcsEndpoint(self._tasks, self._engine.wake, self._place_of, scaling)
        wake = self._engine.wake
        control = Control(self._tasks, self._faults, wake, self._faults.before(ecs))
        return AgentEndpoint(self._tasks, wake, control)

    def _place_of(self, environ: Environ) -> Place:
        """Read account and region from the signature, as moto does."""
        scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        key, region = scope.groups() if scope else ("", self._region)
        return Place(get_account_id_from(key), region)


def _listen(port: int) -> Any:
    """Bind here and not in werkzeug, which ends the process when the port is taken."""
    try:
        bound = socket.create_server((HOST, port), backlog=128)
    except OSError as problem:
        raise OSError(
            f"port {port} cannot be used ({problem.strerror}); choose another, or 0 for any"
        ) from problem
    with bound:
        return make_server(
            HOST, port, _nothing, threaded=True, request_handler=_Handler, fd=bound.fileno()
        )


def _create_app(service: str) -> Any:
    corrections.apply_before(service)
    return create_backend_app(service)


def _warm_up() -> None:
    """Import now what the first request to a service would wait for, two seconds for ECS."""
    for service in _USED_BY_MOST:
        importlib.import_module(f"moto.{service}.responses")


def _nothing(_environ: Environ, _start_response: Any) -> list[bytes]:
    """Stand in until the port, and with it the endpoint the tasks are told, is known."""
    return []
