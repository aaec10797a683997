"""The site of docs/: whole, with no dead link, and nothing in it is fetched from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from support.docs_site import ROOT, build

PAGES = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
FETCHED = {"img": "src", "script": "src", "iframe": "src", "source": "src", "use": "href"}
_LOADS = {"stylesheet", "preload", "preconnect", "dns-prefetch", "icon", "manifest"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("site")
    done = build(into)
    assert done.returncode == 0, done.stdout
    return into


class _Fetched(HTMLParser):
    """The addresses from which a browser fetches without being asked."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "link" and _LOADS & set(told.get("rel", "").split()):
            self.addresses.append(told["href"])
        if address := told.get(FETCHED.get(tag, "")):
            self.addresses.append(address)


def fetched(site: Path) -> Iterator[str]:
    for page in site.rglob("*.html"):
        reader = _Fetched()
        reader.feed(page.read_text(encoding="utf-8"))
        yield from reader.addresses
    for sheet in site.rglob("*.css"):
        yield from re.findall(r"url\(([^)]*)\)|@import ([^;]*)", sheet.read_text(encoding="utf-8"))


def test_every_page_is_built_and_none_fetches_from_elsewhere(site: Path) -> None:
    names = {page.replace("README.md", "index.md")[:-3] + ".html" for page in PAGES}
    assert [name for name in names if not (site / name).is_file()] == []

    elsewhere = re.compile(r"['\"]?(https?:)?//")
    addresses = {"".join(address) for address in fetched(site)}
    assert len(addresses) > 10
    assert [one for one in addresses if elsewhere.match(one)] == []


def test_files_that_pages_link_to_are_in_the_site(site: Path) -> None:
    page = (site / "ec2.html").read_text(encoding="utf-8")
    assert 'href="files/examples/ec2.yaml.html"' in page

    shown = (site / "files" / "examples" / "ec2.yaml.html").read_text(encoding="utf-8")
    assert "installation" in shown
    folder = (site / "files" / "deploy" / "ecs.html").read_text(encoding="utf-8")
    titles = re.findall(r"<h2[^>]*>([^<]*)<", folder)
    assert titles == sorted(one.name for one in (ROOT / "deploy" / "ecs").iterdir())


def test_what_would_be_dead_or_not_found_ends_the_build(tmp_path: Path) -> None:
    pages = tmp_path / "docs"
    pages.mkdir()
    (pages / "README.md").write_text("# One\n\n[no](nowhere.md), [nor](lost.md#here)\n")
    (pages / "lost.md").write_text("# Lost\n\n[gone](../examples/gone.yaml)\n")
    configuration = tmp_path / "mkdocs.yml"
    hook = ROOT / "deploy" / "site" / "linked_files.py"
    configuration.write_text(
        f"INHERIT: {ROOT / 'mkdocs.yml'}\nnav: [README.md]\ndocs_dir: docs\nhooks: [{hook}]\n"
    )

    said = build(tmp_path / "site", configuration)

    warnings = [line for line in said.stdout.splitlines() if line.startswith("WARNING")]
    assert said.returncode != 0
    assert "'nowhere.md'" in said.stdout
    assert "anchor '#here'" in said.stdout
    assert "gone.yaml" in said.stdout
    assert "- lost.md" in said.stdout
    assert len(warnings) == 4, said.stdout
