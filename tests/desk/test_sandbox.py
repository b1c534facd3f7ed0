"""Uploads are read in a limited child process; whatever kills it becomes a sentence."""

from __future__ import annotations

import io
import resource
import zipfile
from pathlib import Path

import pytest

from soildesk.core import sandbox
from soildesk.core.sandbox import parse_in_child
from soilrules.plantext.formats import UnreadableFile, load
from soilrules.plantext.formats.wire import from_wire, to_wire

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases" / "formats"
PLANS = sorted((ROOT / "examples" / "plans").glob("*.txt"))


def wide_docx(paragraphs: int) -> bytes:
    """A Word file of many paragraphs, stored unpacked so that it is no zip bomb."""
    words = "<w:p><w:r><w:t>开展土壤污染隐患排查</w:t></w:r></w:p>" * paragraphs
    main = f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{words}</w:body></w:document>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/document.xml", main)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["task_table.doc", "task_table.rtf", "plan_text.pdf"])
def test_the_child_reads_what_the_parent_would(name: str) -> None:
    data = (CASES / name).read_bytes()
    assert parse_in_child(data, name) == load(data, name)


def test_a_plan_text_costs_less_than_half_a_second() -> None:
    """Processor time of the child with its start: the clock would measure what else the machine does."""
    data = PLANS[0].read_bytes()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    document = parse_in_child(data, PLANS[0].name)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert document == load(data, PLANS[0].name)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


def test_a_refusal_crosses_with_its_parameters() -> None:
    with pytest.raises(UnreadableFile) as caught:
        parse_in_child((CASES / "scanned.pdf").read_bytes(), "扫描件.pdf")
    assert caught.value.message_id == "formats.scanned_pdf"
    assert caught.value.params == {"filename": "扫描件.pdf", "pages": 3}


def test_the_size_limit_is_the_callers() -> None:
    with pytest.raises(UnreadableFile) as caught:
        parse_in_child(b"x" * 1_100_000, "plan.txt", file_mb=1)
    assert caught.value.message_id == "formats.too_large"


def test_too_little_memory_is_said() -> None:
    with pytest.raises(UnreadableFile) as caught:
        parse_in_child(wide_docx(150_000), "plan.docx", memory_mb=150)
    assert caught.value.message_id == "formats.too_much_memory"
    assert caught.value.params["memory_mb"] == 150


def test_too_much_time_is_said() -> None:
    with pytest.raises(UnreadableFile) as caught:
        parse_in_child(wide_docx(200_000), "plan.docx", cpu_seconds=1, memory_mb=2048)
    assert caught.value.message_id == "formats.too_slow"


def test_too_much_output_is_said() -> None:
    with pytest.raises(UnreadableFile) as caught:
        parse_in_child(wide_docx(30_000), "plan.docx", output_mb=1)
    assert caught.value.message_id == "formats.too_much_output"


def test_a_reader_that_breaks_down_is_no_crash_of_the_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "child.py"
    for program, detail in [
        ("raise SystemExit(7)", "code 7"),
        ("import os; os.abort()", "SIGABRT"),
        ("print('{')", "JSON"),
    ]:
        broken.write_text(program, encoding="utf-8")
        monkeypatch.setattr(sandbox, "CHILD", broken)
        with pytest.raises(UnreadableFile) as caught:
            parse_in_child(b"x", "plan.txt")
        assert caught.value.message_id == "formats.reader_failed"
        assert detail in str(caught.value.params["detail"])


def test_the_child_sees_no_secrets_and_cannot_write_large_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SOILDESK_SECRET_KEY", "geheim")
    spy = tmp_path / "child.py"
    spy.write_text("import os, sys, json; print(json.dumps({'unreadable': 'formats.reader_failed', "
                   "'params': {'filename': 'x', 'detail': ' '.join(os.environ)}}))", encoding="utf-8")  # fmt: skip
    monkeypatch.setattr(sandbox, "CHILD", spy)
    with pytest.raises(UnreadableFile) as caught:
        parse_in_child(b"x", "plan.txt")
    assert "SOILDESK" not in str(caught.value.params["detail"])


@pytest.mark.parametrize(
    "wire",
    [
        {"text": "一二", "blocks": [["p", 0, 3, None, ""]]},
        {"text": "一二", "blocks": [["p", 1, 2, None, ""], ["p", 0, 1, None, ""]]},
        {"text": "一二", "blocks": [["t", 0, 2, [[[0, 3, 1, 1]]]]]},
        {"text": "一二", "blocks": [["x", 0, 2, None, ""]]},
    ],
)
def test_spans_outside_the_text_are_not_believed(wire: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"span|kind"):
        from_wire(wire)


def test_wire_keeps_every_block() -> None:
    document = load((CASES / "task_table.doc").read_bytes(), "a.doc")
    assert from_wire(to_wire(document)) == document
