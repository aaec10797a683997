"""Files of the repository that pages link to: each becomes a page of the site, so that it is whole.

Pages link to `../examples/ec2.yaml` as a reader of the repository needs it. The site has only
docs/, and sends nobody elsewhere: what such a link names, a file or a folder, is shown on a page
of its own. mkdocs calls the functions below by their names.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File, InclusionLevel

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

_LINK = re.compile(r"(?<=\]\()(\.\./[^)#\s]+)")
_KINDS = {".yaml": "yaml", ".json": "json", ".toml": "toml", ".py": "python", ".service": "ini"}
_SHOWN = "files"
"""Where they are in the site; no folder of docs/ has that name."""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds a page for everything outside of docs/ that a page links to, where it is there."""
    root = Path(config.config_file_path).parent
    linked = {
        path
        for page in files.documentation_pages()
        for path in _outside(page.content_string, page.src_uri)
    }
    for path in sorted(linked):
        if (root / path).exists():
            files.append(_made(config, path, _shown(root / path, path)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Points links that leave docs/ to those pages."""
    folder = posixpath.dirname(page.file.src_uri)

    def there(link: re.Match[str]) -> str:
        path = _in_repository(link[1], page.file.src_uri)
        return link[1] if path is None else posixpath.relpath(_page_of(path), folder or ".")

    return _LINK.sub(there, markdown)


def _outside(markdown: str, page: str) -> Iterator[str]:
    for link in _LINK.findall(markdown):
        if path := _in_repository(link, page):
            yield path


def _in_repository(link: str, page: str) -> str | None:
    """The path from the repository's root; None where it is one of docs/, or of this site."""
    path = posixpath.normpath(posixpath.join("docs", posixpath.dirname(page), link))
    return None if path.startswith("docs/") else path


def _made(config: MkDocsConfig, path: str, text: str) -> File:
    """Nobody looks for it in the navigation."""
    aside = InclusionLevel.NOT_IN_NAV
    return File.generated(config, _page_of(path), content=text, inclusion=aside)


def _page_of(path: str) -> str:
    return f"{_SHOWN}/{path.removesuffix('.md')}.md"


def _shown(file: Path, path: str) -> str:
    if file.suffix == ".md":
        text = file.read_text(encoding="utf-8")
        return text.replace("](docs/", "](" + "../" * _page_of(path).count("/"))
    inside = sorted(one for one in file.rglob("*") if one.suffix in _KINDS) if file.is_dir() else []
    parts = [f"## {one.relative_to(file)}\n\n{_fenced(one)}" for one in inside]
    body = "\n\n".join(parts) if file.is_dir() else _fenced(file)
    return f"---\nsearch: {{exclude: true}}\n---\n\n# {path}\n\n{body}\n"


def _fenced(file: Path) -> str:
    kind = _KINDS.get(file.suffix, "text")
    return f"````{kind}\n{file.read_text(encoding='utf-8')}\n````"
