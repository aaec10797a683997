"""What a node makes of rendered manifests, as far as processes go.

A container's very command, variables and mounted files, below a root of its own. No image, no
network and no other user: the program is this checkout's, and its status port is a free one.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.chart import only
from support.processes import wait_for

Manifest = Mapping[str, Any]


@dataclass
class Pod:
    """One pod of a Deployment, or a CronJob, among some manifests.

    `root` is all it sees of the disk.
    """

    manifests: list[dict[str, Any]]
    root: Path
    injected: Mapping[str, str]
    """What EKS adds to its variables."""
    secrets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    kind: str = "Deployment"

    def __post_init__(self) -> None:
        owner = only(self.kind, self.manifests)["spec"]
        self.spec = owner.get("jobTemplate", {"spec": owner})["spec"]["template"]["spec"]
        (self.container,) = self.spec["containers"]
        self.mounts = {one["name"]: one["mountPath"] for one in self.container["volumeMounts"]}
        self.log = self.root / "stderr"
        for volume in self.spec["volumes"]:
            self.path(self.mounts[volume["name"]]).mkdir(parents=True, exist_ok=True)
            for name, text in self._files(volume).items():
                (self.path(self.mounts[volume["name"]]) / name).write_text(text)

    def path(self, inside: str) -> Path:
        """Where a path of the container is."""
        return Path(self.rooted(inside))

    def rooted(self, text: str) -> str:
        """A text of the container, its paths below the root."""
        paths = sorted(map(re.escape, self.mounts.values()), key=len, reverse=True)
        return re.sub("|".join(paths), lambda found: f"{self.root}{found[0]}", text)

    def _files(self, volume: Manifest) -> dict[str, str]:
        if "configMap" in volume:
            data = self._config_map(volume["configMap"]["name"])["data"]
            return {name: self.rooted(text) for name, text in data.items()}
        if "secret" in volume:
            held = self.secrets[volume["secret"]["secretName"]]
            return {item["path"]: held[item["key"]] for item in volume["secret"]["items"]}
        return {}

    def _config_map(self, name: str) -> Manifest:
        maps = [one for one in self.manifests if one["kind"] == "ConfigMap"]
        (found,) = [one for one in maps if one["metadata"]["name"] == name]
        return found

    @property
    def environment(self) -> dict[str, str]:
        """The variables of the container; nothing of a user's of this computer."""
        own = {one["name"]: self.rooted(one["value"]) for one in self.container.get("env", ())}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        basic = {"PATH": path, "HOME": "/none", "TMPDIR": str(self.path(self.mounts["tmp"]))}
        return basic | {"AWS_EC2_METADATA_DISABLED": "true"} | dict(self.injected) | own

    @property
    def command(self) -> list[str]:
        """As the container has it, on a free port where it has one."""
        if "ports" not in self.container:
            return [*self.container["command"], *self.container.get("args", ())]
        port = f"--port={self.container['ports'][0]['containerPort']}"
        given = [*self.container["command"], *self.container["args"]]
        assert port in given
        return [self.rooted("--port=0" if one == port else one) for one in given]

    def run(self) -> subprocess.CompletedProcess[str]:
        """Run it to its end, as a Job does."""
        return subprocess.run(
            self.command, env=self.environment, capture_output=True, text=True, check=False
        )

    @contextmanager
    def running(self) -> Iterator[Pod]:
        with self.log.open("w") as log:
            self.process = subprocess.Popen(self.command, env=self.environment, stderr=log)
        try:
            yield self
        finally:
            self.process.kill()
            self.process.wait()

    def ends(self) -> int:
        """Ask it to end as Kubernetes does, in the time that it has; its exit status."""
        self.process.terminate()
        return self.process.wait(self.spec["terminationGracePeriodSeconds"])

    def execute(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """As `kubectl exec` does."""
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False
        )

    def events(self, name: str) -> list[dict[str, Any]]:
        lines = [line for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [one for one in map(json.loads, lines) if one["event"] == name]

    def healthy(self) -> bool:
        """Whether all probes find it so."""
        names = ("startupProbe", "readinessProbe", "livenessProbe")
        paths = {self.container[name]["httpGet"]["path"] for name in names}
        return all(self.get(path)[0] == 200 for path in paths)

    def get(self, path: str, token: str | None = None) -> tuple[int, str]:
        (started,) = wait_for(lambda: self.events("started"), "the service")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(f"http://127.0.0.1:{started['port']}{path}", None, headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
