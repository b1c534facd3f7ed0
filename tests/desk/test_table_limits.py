"""Tables that take files have a limit that is said: as much is taken, and one more is refused before anything is kept."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from soildesk.core.models import Attachment
from soildesk.kit import imports, tableimport
from soildesk.kit.imports import ImportRefused, Purpose
from soildesk.kit.models import ImportBatch
from soildesk.kit.register import collections
from soildesk.monitoring import reading
from soildesk.monitoring.reading import MB, Ask, FileRefused

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HEAD = "样品编号,分析项目,检测值,单位,检出限\n"


def book(rows: Sequence[Sequence[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        sheet = workbook.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return out.getvalue()


@pytest.mark.django_db
def test_a_register_takes_as_many_rows_as_it_says(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tableimport, "ROW_LIMIT", 3)
    kind = tableimport.kind_of(collections()["unused_land"])
    purpose = Purpose(world.actor("officer"), AT)
    rows = [("编号", "名称"), *((f"W{at}", f"荒地{at}") for at in range(3)), (" ", " "), ("", "")]
    assert sum(imports.preview(kind, book(rows), "三行.xlsx", purpose).counts.values()) == 3
    kept = ImportBatch.objects.count(), Attachment.objects.count()
    with pytest.raises(ImportRefused) as caught:
        imports.preview(kind, book([*rows, ("W3", "荒地3")]), "四行.xlsx", purpose)
    assert caught.value.code == "kit.import.too_many_rows"
    for said in ("四行.xlsx", "有 4 行", "未利用地", "最多 3 行", "拆分"):
        assert said in str(caught.value)
    assert (ImportBatch.objects.count(), Attachment.objects.count()) == kept


def test_a_file_of_a_laboratory_may_be_as_large_as_it_says(tmp_path: Path) -> None:
    path = tmp_path / "结果.csv"
    text = (HEAD + "S1,镉,0.2,mg/kg,0.01\n").encode()
    path.write_bytes(text + b"\n" * (MB - len(text)))
    limits = replace(reading.page_limits(path), file_mb=1)
    with reading.read(path, path.name, Ask(date(2026, 11, 20)), limits) as found:
        assert sum(batch.num_rows for batch in found.batches(10)) == 1
    with path.open("ab") as stream:
        stream.write(b"\n")
    with pytest.raises(FileRefused) as caught, reading.read(path, path.name, Ask(date(2026, 11, 20)), limits):
        pass
    assert caught.value.code == "monitoring.file.too_large"


@pytest.mark.parametrize(
    ("limits", "mb"), [(reading.page_limits, reading.PAGE_FILE_MB), (reading.command_limits, reading.COMMAND_FILE_MB)]
)
def test_page_and_command_each_say_their_limit(limits: Any, mb: int, tmp_path: Path) -> None:
    path = tmp_path / "一千万行.csv"
    path.touch()
    os.truncate(path, mb * MB + 1)  # takes no room on the disk
    with pytest.raises(FileRefused) as caught, reading.read(path, path.name, Ask(date(2026, 11, 20)), limits(path)):
        pass
    for said in (path.name, f"有 {mb} MB", f"超过 {mb} MB", "分成几个文件", "soildesk results import"):
        assert said in caught.value.sentences["zh"]
