"""Container images built and run for real, by buildah: neither an engine nor a registry is needed.

The base image cannot be pulled where there is no registry. A Debian of the same release, with
the same Python, is made from the mirror that apt is configured with, and stands in under the
base image's name.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from support.processes import descendants
from support.programs import missing, program

ROOT = Path(__file__).parents[2]
BASE = "docker.io/library/python:3.13-slim-trixie"
RELEASE = "trixie"
KEPT = ROOT / "build" / f"{RELEASE}.tar"
PACKAGES = "python3,python3-venv,ca-certificates"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
AUTHORITIES = "etc/ssl/certs/ca-certificates.crt"
"""Where Debian keeps whom it trusts; the build trusts whom this computer trusts."""
INDEX = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST")

# A mount namespace of its own, the root in it read-only, and the image's user. $1 is the root,
# $2 what is seen as /mnt, $3 the user; the program and its arguments follow.
READ_ONLY = """
set -e
mount --bind "$1" "$1"
mount --bind "$2" "$1/mnt"
mount -o remount,bind,ro "$1/mnt"
mount -o remount,bind,ro "$1"
root=$1 user=$3
shift 3
exec chroot --userspec="$user" "$root" "$@"
"""


@dataclass(frozen=True)
class Buildah:
    """buildah with a storage of its own below one folder."""

    home: Path

    @cached_property
    def _command(self) -> list[str]:
        found = program("buildah", package="buildah")
        store = [f"--root={self.home / 'store'}", f"--runroot={self.home / 'run'}"]
        for driver in ("overlay", "vfs"):
            command = [found, f"--storage-driver={driver}", *store]
            if not subprocess.run([*command, "info"], capture_output=True, check=False).returncode:
                return command
        return missing("buildah can store images neither by overlay nor by vfs here")

    def __call__(self, *arguments: str, cwd: Path | None = None) -> str:
        """Its standard output; it must succeed."""
        done = subprocess.run(
            [*self._command, *arguments], cwd=cwd, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def base(self) -> None:
        """Put a Debian under the base image's name; it is made once and kept until `make clean`."""
        if not KEPT.exists():
            _make_debian(self.home / "debian", KEPT)
        made = self("from", "scratch")
        self("add", "--quiet", made, str(KEPT), "/")
        told = [f"{name}={os.environ[name]}" for name in INDEX if name in os.environ]
        self("config", *(f"--env={pair}" for pair in (f"PATH={PATH}", *told)), made)
        self("commit", "--quiet", "--disable-compression", made, BASE)

    def build(self, target: str) -> Image:
        """Build a target of the Dockerfile, as a container engine would."""
        how = [
            "--isolation=chroot",
            "--pull-never",
            "--network=host",
            "--format=docker",
            "--layers",
        ]
        self("bud", *how, f"--target={target}", f"--tag={target}", ".", cwd=ROOT)
        return Image(self, target)

    def away(self) -> None:
        """Unmount and remove all that is stored."""
        self("rm", "--all")
        shutil.rmtree(self.home, ignore_errors=True)


@dataclass(frozen=True)
class Image:
    """An image that was built, and how it wants to be run."""

    buildah: Buildah
    name: str

    @cached_property
    def config(self) -> dict[str, Any]:
        """User, Env, Entrypoint, Cmd, Healthcheck and so on, as an engine reads them."""
        told: dict[str, Any] = json.loads(self.buildah("inspect", "--type=image", self.name))
        config: dict[str, Any] = told["Docker"]["config"]
        return config

    def write(self, file: Path) -> None:
        """Write it as an archive that engines load."""
        file.unlink(missing_ok=True)
        self.buildah("push", self.name, f"docker-archive:{file}:queue-autoscaler-{self.name}")

    def command(self, *arguments: str) -> list[str]:
        """What is executed: the entry point with these arguments, or its own."""
        return [*self.config["Entrypoint"], *(arguments or self.config["Cmd"])]

    @cached_property
    def root(self) -> str:
        """The root folder of a container of this image."""
        return self.buildah("mount", self.buildah("from", "--pull-never", self.name))

    def run(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], **more: Any
    ) -> subprocess.Popen[str]:
        """Start a command as the image's user, its root read-only, a folder as /mnt."""
        own = dict(pair.split("=", 1) for pair in self.config["Env"])
        inside = ["env", "--ignore-environment"]
        inside += [f"{key}={value}" for key, value in {**own, **environment}.items()]
        enter = [program("unshare", package="util-linux"), "--mount", "sh", "-c", READ_ONLY, "sh"]
        where = [self.root, str(folder), self.config["User"]]
        return subprocess.Popen([*enter, *where, *inside, *command], text=True, **more)


@contextmanager
def storage(home: Path) -> Iterator[Buildah]:
    """A storage that is gone afterwards."""
    if os.geteuid():
        missing("building images in a chroot needs root")
    buildah = Buildah(home)
    try:
        yield buildah
    finally:
        buildah.away()


def _make_debian(folder: Path, kept: Path) -> None:
    make = [program("debootstrap", package="debootstrap"), "--variant=minbase"]
    _run([*make, f"--include={PACKAGES}", RELEASE, str(folder), _mirror()])
    (folder / "usr/local/bin/python").symlink_to("../../bin/python3")
    shutil.copyfile(Path("/") / AUTHORITIES, folder / AUTHORITIES)
    kept.parent.mkdir(exist_ok=True)
    half = kept.with_suffix(".half")
    _run(["tar", "--create", f"--file={half}", f"--directory={folder}", "."])
    half.rename(kept)
    shutil.rmtree(folder)


def _mirror() -> str:
    """Where this computer gets its Debian from."""
    asked = ["--format", "$(REPO_URI) $(ORIGIN)", "Created-By: Packages"]
    told = _run([program("apt-get", package="apt"), "indextargets", *asked])
    mirrors = [line.split()[0] for line in told.splitlines() if line.endswith(" Debian")]
    return mirrors[0] if mirrors else missing("apt knows no mirror of Debian; try apt-get update")


def _run(command: Sequence[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def terminate(process: subprocess.Popen[str]) -> int:
    """SIGTERM to what runs, as an engine sends it to a container's first process."""
    assert not descendants(process.pid), "the first process should be the program itself"
    process.send_signal(signal.SIGTERM)
    return process.wait(20)


def build_all(folder: Path, targets: Sequence[str]) -> None:
    """Write these targets of the Dockerfile into a folder, on the base's stand-in."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        storage(Path(home)) as buildah,
    ):
        buildah.base()
        for target in targets:
            buildah.build(target).write(folder / f"{target}.tar")


if __name__ == "__main__":
    build_all(Path(sys.argv[1]), sys.argv[2:])
