"""Builds the documentation into build/site and checks every link: python docs/build.py [--check].

Pages are the Markdown files of docs/, of the examples and of the clone's root, and the reference pages that
reference.py makes from the code. With --check nothing is kept.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path, PurePosixPath
from posixpath import normpath
from urllib.parse import unquote, urlsplit

import markdown
from markdown.extensions.toc import TocExtension, slugify_unicode
from reference import reference_pages

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("*.md", "docs/**/*.md", "examples/**/*.md", "changes/README.md")
HREF = re.compile(r'(?P<attribute>href|src)="(?P<target>[^"]+)"')
ANCHOR = re.compile(r'\bid="([^"]+)"')
SHELL = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="{up}site.css"></head>
<body><nav><a href="{up}docs/index.html">SoilDesk 净土台</a></nav><main>{body}</main></body></html>
"""
CSS = """body{font:15px/1.65 "Microsoft YaHei","PingFang SC","Noto Sans CJK SC",sans-serif;margin:0;color:#1d2b2f}
nav{background:#0f5257;padding:.6rem 1rem}nav a{color:#fff;text-decoration:none}
main{max-width:60rem;margin:1rem auto 4rem;padding:0 1rem;overflow-wrap:anywhere}
table{border-collapse:collapse;display:block;overflow-x:auto}th,td{border:1px solid #cfd8da;padding:.25rem .5rem;text-align:left}
pre{background:#f3f6f6;padding:.7rem;overflow-x:auto}img{max-width:100%}
"""


@dataclass
class Page:
    """One page: where it comes from, its HTML, the anchors in it and the links out of it."""

    path: PurePosixPath
    html: str
    title: str
    anchors: set[str] = field(default_factory=set)

    def links(self) -> Iterator[str]:
        """Targets of the page that stay inside the clone."""
        for match in HREF.finditer(self.html):
            parts = urlsplit(match["target"])
            if not parts.scheme and not parts.netloc:
                yield match["target"]


def render(path: PurePosixPath, text: str) -> Page:
    """Markdown to a page; headings get readable anchors, Chinese ones too."""
    toc = TocExtension(slugify=slugify_unicode)
    html = markdown.markdown(text, extensions=["tables", "fenced_code", "sane_lists", toc], output_format="html")
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    title = re.sub(r"<[^>]+>", "", heading[1]) if heading else path.stem
    return Page(path, html, title, set(ANCHOR.findall(html)))


def pages() -> dict[PurePosixPath, Page]:
    """Every page by its path in the clone."""
    found = {}
    for pattern in SOURCES:
        for file in sorted(ROOT.glob(pattern)):
            path = PurePosixPath(file.relative_to(ROOT).as_posix())
            found[path] = render(path, file.read_text(encoding="utf-8"))
    for name, text in reference_pages().items():
        path = PurePosixPath("docs/reference") / name
        found[path] = render(path, text)
    return found


def resolve(page: Page, target: str) -> tuple[PurePosixPath, str]:
    """The path in the clone and the anchor a link of `page` points to."""
    parts = urlsplit(target)
    if not parts.path:
        return page.path, unquote(parts.fragment)
    return PurePosixPath(normpath((page.path.parent / unquote(parts.path)).as_posix())), unquote(parts.fragment)


def broken_links(found: dict[PurePosixPath, Page]) -> list[str]:
    """A sentence for every link that leads nowhere."""
    broken = []
    for page in found.values():
        for target in page.links():
            path, anchor = resolve(page, target)
            if path in found:
                if anchor and anchor not in found[path].anchors:
                    broken.append(f"{page.path}: {target}: {path} has no heading #{anchor}.")
            elif not (ROOT / path).is_file():
                broken.append(f"{page.path}: {target}: there is no file {path}.")
    return broken


def write(found: dict[PurePosixPath, Page], site: Path) -> None:
    """Write the pages as HTML, with the files they link to beside them."""
    (site / "site.css").write_text(CSS, encoding="utf-8")
    for page in found.values():
        body = HREF.sub(lambda match, page=page: _as_site_link(match, page, found), page.html)
        language = "en" if page.path.name == "README.md" else "zh-Hans"
        up = "../" * (len(page.path.parts) - 1)
        file = site / page.path.with_suffix(".html")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(SHELL.format(language=language, title=escape(page.title), up=up, body=body), encoding="utf-8")
        for path in {resolve(page, target)[0] for target in page.links()} - set(found):
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / path, site / path)


def _as_site_link(match: re.Match[str], page: Page, found: dict[PurePosixPath, Page]) -> str:
    parts = urlsplit(match["target"])
    if parts.scheme or parts.netloc or not parts.path or resolve(page, match["target"])[0] not in found:
        return match[0]
    return f'{match["attribute"]}="{parts._replace(path=str(PurePosixPath(parts.path).with_suffix(".html"))).geturl()}"'


def main() -> int:
    """Build or check; 1 when a link is broken."""
    parser = argparse.ArgumentParser(description="Build the documentation and check its links.")
    parser.add_argument("--check", action="store_true", help="check only; keep nothing")
    options = parser.parse_args()
    found = pages()
    if broken := broken_links(found):
        sys.stderr.write("".join(f"{sentence}\n" for sentence in broken))
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        site = Path(scratch) if options.check else ROOT / "build" / "site"
        shutil.rmtree(site, ignore_errors=True)
        site.mkdir(parents=True)
        write(found, site)
    if not options.check:
        sys.stdout.write(f"{ROOT / 'build' / 'site' / 'docs' / 'index.html'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
