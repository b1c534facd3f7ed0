"""docs/coverage.csv is complete, and nothing is claimed without a test that exists."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from soildesk import coverage

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def _test_names(path: Path) -> set[str]:
    """Every test of a file as pytest would address it: `test_x` or `TestY::test_x`."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ClassDef):
            names |= {f"{node.name}::{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)}
    return names


def test_every_named_thing_stands_once() -> None:
    ids = coverage.named_ids(DOCS / coverage.NAMED_THINGS)
    figures = coverage.report(coverage.services(DOCS / coverage.COVERAGE), ids)

    assert figures["total"] == len(ids) == len(set(ids)) == 606


def test_every_named_test_exists() -> None:
    claimed = [service for service in coverage.services(DOCS / coverage.COVERAGE) if service.level]
    missing = []
    for service in claimed:
        file, _, name = service.test.partition("::")
        path = ROOT / file
        if not (
            file.startswith("tests/")
            and path.is_file()
            and name.startswith(("test_", "Test"))
            and name in _test_names(path)
        ):
            missing.append(f"{service.id}: {service.test}")

    assert missing == []


def test_only_acts_and_computed_are_served() -> None:
    rows = [
        coverage.Service("a", "", "", ""),
        coverage.Service("b", "kept", "page", "t"),
        coverage.Service("c", "acts", "page", "t"),
        coverage.Service("d", "computed", "measure", "t"),
    ]

    assert coverage.report(rows, "abcd")["served"] == 2


@pytest.mark.parametrize(("given", "named"), [("a", "ab"), ("a", "b"), ("aa", "a")])
def test_ids_that_differ_are_refused(given: str, named: str) -> None:
    rows = [coverage.Service(one, "", "", "") for one in given]

    with pytest.raises(coverage.CoverageUnreadable, match="list each id once"):
        coverage.report(rows, named)


@pytest.mark.parametrize("row", ["x,served,page,tests/t.py::test_a,", "x,acts,,tests/t.py::test_a,", "x,acts,page,,"])
def test_a_level_needs_its_service_and_test(tmp_path: Path, row: str) -> None:
    file = tmp_path / "coverage.csv"
    file.write_text(f"id,level,by,test,note\n{row}\n", encoding="utf-8")

    with pytest.raises(coverage.CoverageUnreadable, match=r"coverage\.csv, line 2"):
        coverage.services(file)


def test_an_installed_package_says_where_to_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(coverage, "__file__", str(tmp_path / "a" / "b" / "c.py"))

    with pytest.raises(coverage.CoverageUnreadable, match="in a clone of SoilDesk"):
        coverage.docs_folder()
