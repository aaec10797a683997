"""The configuration in the README is one that loads."""

from __future__ import annotations

import re
from pathlib import Path

from autoscaler.config import load

README = Path(__file__).parents[3] / "README.md"


def test_the_example_of_the_readme_loads(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", README.read_text(), re.DOTALL)
    file = tmp_path / "autoscaler.yaml"
    file.write_text(example)
    settings = load([file], {})
    assert list(settings.queues["thumbnails"].policies) == ["deadline", "cost_window", "budget"]
