"""What the chart makes of its value files, kept to be looked at in reviews.

After a wanted change ``PYTHONPATH=tests python -m support.golden_chart`` writes them anew.
"""

from __future__ import annotations

from pathlib import Path

from support.chart import CASES, Helm, case
from support.chart_schema import ROOT

GOLDEN = ROOT / "tests" / "tools" / "golden"

COPIES = {"prometheusrule.yaml": "\nspec:\n", "dashboard.yaml": "\ndata:\n"}
"""By template, what the copy of a file comes after."""


def file(name: str) -> Path:
    """The kept render of a case."""
    return GOLDEN / f"{name}.yaml"


def render(helm: Helm, name: str) -> str:
    """All manifests, and the notes below, as comments."""
    values = ("--values", case(name))
    manifests = "---\n".join(map(_short, helm.rendered(*values).split("---\n")))
    notes = "".join(f"# {line}".rstrip() + "\n" for line in helm.notes(*values).splitlines())
    return f"{manifests}---\n# NOTES\n{notes}"


def _short(manifest: str) -> str:
    """Without the long copies of files that have tests of their own."""
    for template, content in COPIES.items():
        if f"/templates/{template}\n" in manifest:
            return manifest.partition(content)[0] + content
    return manifest


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for name in CASES:
        file(name).write_text(render(Helm.found(), name), encoding="utf-8")


if __name__ == "__main__":
    main()
