"""The documentation hangs together, and whatever is registered is explained in it."""

from __future__ import annotations

import csv
import importlib.util
import re
import sys
from pathlib import Path, PurePosixPath
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """docs/build.py as a module."""
    sys.path.insert(0, str(DOCS))
    try:
        spec = importlib.util.spec_from_file_location("docs_build", DOCS / "build.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules["docs_build"] = module
        spec.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(DOCS))


@pytest.fixture(scope="module")
def pages(build: ModuleType) -> dict[PurePosixPath, object]:
    """Every page, the generated ones too."""
    return build.pages()


def test_no_link_leads_nowhere(build: ModuleType, pages: dict[PurePosixPath, object]) -> None:
    assert build.broken_links(pages) == []


def test_a_broken_link_is_found(build: ModuleType) -> None:
    page = build.render(PurePosixPath("docs/x.md"), "# 标题\n\n[a](nowhere.md) [b](#标题) [c](#其他)")

    assert [sentence.split(": ")[1] for sentence in build.broken_links({page.path: page})] == ["nowhere.md", "#其他"]


def test_the_site_is_written_with_the_files_it_links_to(
    build: ModuleType, pages: dict[PurePosixPath, object], tmp_path: Path
) -> None:
    build.write(pages, tmp_path)

    index = (tmp_path / "docs" / "index.html").read_text(encoding="utf-8")
    assert 'href="howto/read-a-plan.html"' in index
    assert (tmp_path / "docs" / "glossary.csv").is_file()


def test_every_decision_is_in_the_index() -> None:
    index = (DOCS / "decisions" / "index.md").read_text(encoding="utf-8")
    records = sorted(path.name for path in (DOCS / "decisions").glob("[0-9]*.md"))

    assert records
    assert [name for name in records if f"]({name})" not in index] == []


def test_every_permission_is_on_its_page(pages: dict[PurePosixPath, object]) -> None:
    from soildesk.core.permissions import registered

    html = pages[PurePosixPath("docs/reference/permissions.md")].html
    assert registered()
    assert [name for name in registered() if name not in html] == []


def test_every_measure_is_on_its_page_and_says_what_it_asks(pages: dict[PurePosixPath, object]) -> None:
    from soildesk.kit.measures import measures

    html = pages[PurePosixPath("docs/reference/measures.md")].html
    assert [name for name, one in measures().items() if name not in html or not one.description] == []


def test_every_command_says_what_it_does(pages: dict[PurePosixPath, object]) -> None:
    html = pages[PurePosixPath("docs/reference/commands.md")].html

    for command in (
        "plan read",
        "plan import",
        "plan list",
        "plan export",
        "audit verify",
        "coverage",
        "backup",
        "restore",
    ):
        assert re.search(rf"soildesk {command}</h2>\s*<p>\w", html), command


def test_every_setting_the_desk_reads_is_explained() -> None:
    source = (ROOT / "src" / "soildesk" / "settings.py").read_text(encoding="utf-8")
    docstring = source.split('"""')[1]

    assert set(re.findall(r'"(SOILDESK_\w+)"', source)) <= set(re.findall(r"SOILDESK_\w+", docstring))


def test_every_table_says_what_it_holds() -> None:
    from django.apps import apps

    models = [m for m in apps.get_models(include_auto_created=False) if m.__module__.startswith("soildesk.")]
    assert [m.__name__ for m in models if not m.__doc__ or m.__doc__.startswith(f"{m.__name__}(")] == []


def test_the_glossary_names_each_thing_once() -> None:
    with (DOCS / "glossary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert all(row["zh"] and row["en"] for row in rows)
    assert len({row["zh"] for row in rows}) == len({row["en"] for row in rows}) == len(rows)


def test_base_is_contained_in_dev() -> None:
    pinned = {
        name: set(re.findall(r"^(\S+==\S+) ", (ROOT / "requirements" / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("base.txt", "dev.txt")
    }

    assert len(pinned["base.txt"]) > 20
    assert pinned["base.txt"] <= pinned["dev.txt"]
