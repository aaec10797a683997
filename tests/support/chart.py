"""The chart, rendered by the real helm, which `make tools` fetches: no other version's layout."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from support.chart_schema import CHART, ROOT
from support.programs import missing

CASES = sorted(path.stem.removesuffix("-values") for path in (CHART / "ci").glob("*-values.yaml"))
"""What the value files beside the chart stand for."""

RELEASE, NAMESPACE = "queue-autoscaler", "controllers"


def case(name: str) -> Path:
    """The value file of a case."""
    return CHART / "ci" / f"{name}-values.yaml"


@dataclass(frozen=True)
class Helm:
    """The helm binary, in a house of its own: no user's settings, no cluster."""

    program: str
    house: Path

    @classmethod
    def found(cls) -> Helm:
        """The fetched one, or a skip that says how to fetch it."""
        program = shutil.which("helm", path=ROOT / ".venv" / "tools")
        if program is None:
            missing("helm is not there; `make tools` fetches it")
        return cls(program, Path(tempfile.gettempdir()) / "no-settings-for-helm")

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.house), "KUBECONFIG": "/none"}
        command = [self.program, *map(str, arguments)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def lint(self, *options: str | Path) -> subprocess.CompletedProcess[str]:
        return self.run("lint", "--strict", CHART, *options)

    def template(self, *options: str | Path) -> subprocess.CompletedProcess[str]:
        return self.run("template", RELEASE, CHART, "--namespace", NAMESPACE, *options)

    def rendered(self, *options: str | Path) -> str:
        """All manifests as text."""
        done = self.template(*options)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def manifests(self, *options: str | Path) -> list[dict[str, Any]]:
        """All manifests as values; nothing may be said twice in them."""
        return [one for one in yaml.load_all(self.rendered(*options), _NothingTwice) if one]

    def notes(self, *options: str | Path) -> str:
        """What `helm install` says at its end."""
        where = ("--namespace", NAMESPACE, "--dry-run=client")
        done = self.run("install", RELEASE, CHART, *where, *options)
        assert done.returncode == 0, done.stderr
        return done.stdout.partition("\nNOTES:\n")[2]


def only(kind: str, manifests: list[dict[str, Any]]) -> dict[str, Any]:
    """The one manifest of its kind."""
    (found,) = [one for one in manifests if one["kind"] == kind]
    return found


class _NothingTwice(yaml.SafeLoader):
    """Refuses a key that is there twice: Kubernetes takes the last one and says nothing."""


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    assert len(keys) == len(set(keys)), f"line {node.start_mark.line + 1} has a key twice: {keys}"
    return loader.construct_mapping(node, deep=True)


_NothingTwice.add_constructor("tag:yaml.org,2002:map", _mapping)
