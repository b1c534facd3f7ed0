"""A file into a source of rows whose layout is understood, or a refusal that says what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from soilrules.labtables import workbook
from soilrules.labtables.blocks import blocks
from soilrules.labtables.delimited import DELIMITERS, Delimited, encoding_of, opened
from soilrules.labtables.document import open_document
from soilrules.labtables.findings import LabTableRefused
from soilrules.labtables.header import headers
from soilrules.labtables.layout import Layout
from soilrules.labtables.parquet import MAGIC, Parquet
from soilrules.labtables.source import Row, Source
from soilrules.labtables.understanding import understand
from soilrules.plantext.formats.archive import CELLS_LIMIT, MB, Package
from soilrules.plantext.formats.errors import UnreadableFile
from soilrules.plantext.formats.sniff import HEAD, OLE, ZIP, Kind, kind_of

WORKBOOK_MB = 64  # packed
BLOCKS_MB = 32  # a larger file is one table: looking for further headers in it is a pass of its own
COLUMNS_LIMIT = 5_000
_REASONS = {"encrypted", "image", "archive", "zip_bomb", "xml_entities", "unsupported", "sheet_too_large"}
_STRUCK_PAGE = re.compile(rb"<(?:s|strike|del)[\s>]|text-decoration\s*:[^;}]*line-through", re.I)
_SHOWN = 12  # headings in a refusal


def open_table(data: Path | bytes, name: str, sheet: str | None) -> list[tuple[Source, Layout]]:
    """The rows of a file and what they mean, block by block; `sheet` names one of a workbook. Raises LabTableRefused."""
    with opened(data) as stream:
        head = stream.read(HEAD)
    if not head.strip(b" \r\n\t\0\xef\xbb\xbf"):
        raise LabTableRefused("empty", name=name)
    try:
        if _is_document(data, name, head):
            return _document(_content(data, name), name)
        source, layout = _opened(data, name, head, sheet)
    except UnreadableFile as error:
        raise _refusal(error, name) from error
    if not any(row.number > layout.after for row in source.head()):
        raise LabTableRefused("no_rows", name=name, headings=_shown(layout.headings), row=layout.after)
    about = source.about
    layout = replace(layout, kind=about.kind, sheet=about.sheet, encoding=about.encoding, delimiter=about.delimiter)
    size = len(data) if isinstance(data, bytes) else data.stat().st_size
    if about.kind == "parquet" or size > BLOCKS_MB * MB:
        return [(source, one) for one in (layout, *layout.further)]
    return blocks(source, layout)


def _opened(data: Path | bytes, name: str, head: bytes, sheet: str | None) -> tuple[Source, Layout]:
    if head.startswith(MAGIC):
        return _sure(Parquet(data, name), name)
    if head.startswith((*ZIP, OLE)):
        return _workbook(data, name, sheet)
    kind = kind_of(head, name)
    if kind is not Kind.TEXT:
        raise _unsupported(name, kind)
    return _text(data, name)


def _is_document(data: Path | bytes, name: str, head: bytes) -> bool:
    """Whether the tables stand in a text: a Word file, or a web page as systems of laboratories write for Excel."""
    if head.startswith(ZIP):
        return kind_of(_content(data, name), name) is Kind.DOCX
    return not head.startswith((MAGIC, OLE)) and kind_of(head, name) in (Kind.HTML, Kind.MHT)


def _document(content: bytes, name: str) -> list[tuple[Source, Layout]]:
    if not content.startswith(ZIP) and _STRUCK_PAGE.search(content):
        raise LabTableRefused("struck_page", name=name)
    return open_document(content, name)


def _content(data: Path | bytes, name: str) -> bytes:
    """The whole file, where it is not too large to be opened at once."""
    size = len(data) if isinstance(data, bytes) else data.stat().st_size
    if size > WORKBOOK_MB * MB:
        raise LabTableRefused("workbook_too_large", name=name, size=f"{size / MB:.0f}", limit=WORKBOOK_MB)
    return data if isinstance(data, bytes) else data.read_bytes()


def _unsupported(name: str, kind: Kind) -> LabTableRefused:
    """The refusal of a known format that is not read, with the next step for it."""
    known = {Kind.DOC: "old_word", Kind.RTF: "old_word", Kind.PDF: "pdf"}.get(kind)
    return LabTableRefused(known or "unsupported", name=name, kind=kind.upper())


def _refusal(error: UnreadableFile, name: str) -> LabTableRefused:
    """The same reason in words about tables."""
    reason = error.message_id.removeprefix("formats.")
    params = {key: value for key, value in error.params.items() if key != "filename"}
    if reason == "sheet_too_large":
        params["limit"] = CELLS_LIMIT  # there told in tens of thousands
    if reason in _REASONS:
        return LabTableRefused(reason, name=name, **params)
    return LabTableRefused("damaged", name=name, kind=str(params.get("kind", "")), detail=str(params.get("detail", "")))


def _workbook(data: Path | bytes, name: str, sheet: str | None) -> tuple[Source, Layout]:
    content = _content(data, name)
    kind = kind_of(content, name)
    if kind not in (Kind.XLSX, Kind.XLS):
        raise _unsupported(name, kind)
    if kind is Kind.XLSX:
        Package.open(content, name).measure()
    sheets = workbook.sheets_of(content, name)
    if not sheets:
        raise LabTableRefused("empty", name=name)
    understood = {one.name: layout for one in sheets if (layout := understand(one.head()))}
    chosen = next((one for one in sheets if one.name == sheet), None) if sheet else None
    if sheet and chosen is None:
        raise LabTableRefused("no_such_sheet", name=name, sheet=sheet, sheets=_shown([one.name for one in sheets]))
    chosen = chosen or next((one for one in sheets if one.name in understood), sheets[0])
    if chosen.name not in understood:
        raise _not_understood(chosen.head(), name)
    others = tuple(one for one in understood if one != chosen.name)
    return workbook.with_formulas(content, name, chosen, others), understood[chosen.name]


def _text(data: Path | bytes, name: str) -> tuple[Source, Layout]:
    encoding = encoding_of(data, name)
    sources = [Delimited(data, name, encoding, delimiter) for delimiter in DELIMITERS]
    widest = max(_widest(one.head()) for one in sources)
    if widest > COLUMNS_LIMIT:
        raise LabTableRefused("too_many_columns", name=name, columns=widest, limit=COLUMNS_LIMIT)
    understood = [(layout.score, source, layout) for source in sources if (layout := understand(source.head()))]
    if not understood and (spaced := _spaced(data, encoding)):
        return _text(spaced, name)
    if not understood:
        raise _not_understood(max((one.head() for one in sources), key=_widest), name)
    _, source, layout = max(understood, key=lambda one: one[0])
    return source, layout


def _spaced(data: Path | bytes, encoding: tuple[str, int]) -> bytes:
    """A short text whose columns are set apart by blanks, with tabs instead; nothing where it is none."""
    with opened(data) as stream:
        raw = stream.read(MB + 1)
    text = raw[encoding[1] :].decode(encoding[0], "replace") if len(raw) <= MB else ""
    return re.sub(r"(?<=\S) {2,}(?=\S)", "\t", text).encode() if re.search(r"\S {2,}\S", text) else b""


def _widest(rows: Sequence[Row]) -> int:
    return max((len(row.cells) for row in rows), default=0)


def _sure(source: Source, name: str) -> tuple[Source, Layout]:
    layout = understand(source.head())
    if layout is None:
        raise _not_understood(source.head(), name)
    return source, layout


def _not_understood(rows: Sequence[Row], name: str) -> LabTableRefused:
    """What was found instead of headings, and what is missing."""
    best = max(headers(rows), key=lambda one: one.score, default=None)
    if best is None or best.score < 1:
        first = max(rows, key=lambda row: len({cell for cell in row.cells if cell.strip()}), default=Row(1, ()))
        return LabTableRefused("not_a_table", name=name, row=first.number, headings=_shown(first.cells))
    roles = {one.role for one in best.columns}
    missing = "no_result_column" if "analyte" in roles else "no_analyte_column"
    return LabTableRefused(missing, name=name, row=best.rows[-1].number, headings=_shown(best.printed))


def _shown(texts: Sequence[str]) -> str:
    said = [" ".join(text.split())[:30] for text in texts if text.strip()]
    return "、".join(said[:_SHOWN]) + ("……" if len(said) > _SHOWN else "")
