"""Files that cannot be read: each is answered with what, where, what was expected and what to do."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from soilrules.plantext.formats import UnreadableFile, load
from soilrules.plantext.formats.errors import catalogue

CASES = Path(__file__).parents[1] / "cases" / "formats"
SOURCES = Path(__file__).parents[2] / "src"
WORD_XML = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    "<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
)


def refusal(data: bytes, filename: str, **options: int) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        load(data, filename, **options)
    assert filename in str(caught.value)
    assert filename in caught.value.sentence("en")
    return caught.value


def zipped(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def small_docx() -> bytes:
    document = docx.Document()
    document.add_paragraph("一、主要任务")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("data", [b"", b"  \r\n\t ", b"\xef\xbb\xbf"])
def test_empty_file(data: bytes) -> None:
    error = refusal(data, "plan.txt")
    assert error.message_id == "formats.empty"
    assert error.params["size"] == len(data)


def test_fifty_megabytes_are_over_the_limit_and_the_limit_can_be_set() -> None:
    data = "土".encode() * (50 * 1024 * 1024 // 3)
    error = refusal(data, "plan.txt")
    assert (error.message_id, error.params["size_mb"], error.params["limit_mb"]) == ("formats.too_large", "50.0", 20)
    assert refusal(b"x" * 1_100_000, "plan.txt", limit_mb=1).params["limit_mb"] == 1
    assert load("土".encode() * 400_000, "plan.txt", limit_mb=2).text[0] == "土"


def test_scanned_pdf_says_what_to_do() -> None:
    error = refusal((CASES / "scanned.pdf").read_bytes(), "plan.pdf")
    assert (error.message_id, error.params["pages"]) == ("formats.scanned_pdf", 3)
    assert "OCR" in str(error)


@pytest.mark.parametrize(
    ("data", "name"),
    [("<html><body><p>一、主要任务</p></body></html>".encode("gbk"), "html"), (b"{\\rtf1\\ansi\\ansicpg936 \\'d2\\'bb\\'a1\\'a2\\'d6\\'f7\\'d2\\'aa\\'c8\\'ce\\'ce\\'f1\\par}", "rtf")],
    ids=["html", "rtf"],
)  # fmt: skip
def test_a_doc_that_is_really_something_else_is_read_as_such(data: bytes, name: str) -> None:
    assert load(data, f"{name}.doc").text.strip() == "一、主要任务"


def test_bomb_declared_in_the_directory_is_refused_unopened() -> None:
    data = zipped({"word/document.xml": b" " * (80 * 1024 * 1024)})
    error = refusal(data, "plan.docx")
    assert error.message_id == "formats.zip_bomb"
    assert error.params["inflated_mb"] == 80


@pytest.mark.parametrize("part", ["word/document.xml", "xl/workbook.xml"])
def test_bomb_below_the_ratio_is_stopped_at_the_cap(part: str) -> None:
    """Half of it hardly packs, so the ratio is tame, but it inflates to more than is ever read."""
    noise = random.Random(1).randbytes(2 * 1024 * 1024)
    data = zipped({part: noise + b" " * (129 * 1024 * 1024)})
    assert refusal(data, "plan.docx").message_id == "formats.zip_bomb"


def test_bomb_that_lies_about_its_size_is_not_inflated_beyond_it() -> None:
    data = bytearray(zipped({"word/document.xml": b" " * 40_000_000}))
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 1000)
    assert refusal(bytes(data), "plan.docx").message_id == "formats.damaged"


def test_entity_bomb_in_docx_is_refused_before_parsing() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + WORD_XML
    for encoding in ("utf-8", "utf-16"):
        data = zipped({"word/document.xml": bomb.format(text="&b;").encode(encoding)})
        error = refusal(data, "plan.docx")
        assert (error.message_id, error.params["part"]) == ("formats.xml_entities", "word/document.xml")


def test_entity_in_workbook_is_refused_before_parsing() -> None:
    data = zipped({"xl/workbook.xml": b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><workbook/>'})
    assert refusal(data, "plan.xlsx").message_id == "formats.xml_entities"


def test_html_entities_from_files_are_not_fetched() -> None:
    page = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><html><body><p>甲&x;乙</p></body></html>'
    assert Path("/etc/hostname").read_text().strip() not in load(page.encode(), "a.html").text


def test_truncated_office_files() -> None:
    data = small_docx()
    assert refusal(data[: len(data) // 2], "plan.docx").message_id == "formats.damaged"
    old = (CASES / "task_table.doc").read_bytes()
    for length in (600, 3000, 9000):
        assert refusal(old[:length], "plan.doc").message_id == "formats.damaged"
    pdf = (CASES / "plan_text.pdf").read_bytes()
    assert refusal(pdf[:300], "plan.pdf").message_id in ("formats.damaged", "formats.scanned_pdf")


def test_docx_without_a_body_and_docx_without_text() -> None:
    broken = zipped({"word/document.xml": b"<w:document"})
    assert refusal(broken, "plan.docx").message_id == "formats.damaged"
    assert (
        refusal(zipped({"word/document.xml": WORD_XML.format(text=" ").encode()}), "a.docx").message_id
        == "formats.no_text"
    )


def test_random_bytes_are_no_text() -> None:
    data = random.Random(7).randbytes(20_000)
    error = refusal(b"\x01\x02" + data, "plan.txt")
    assert error.message_id == "formats.binary"
    assert str(error.params["head"]).startswith("01 02")


def test_password_protected_pdf_and_office() -> None:
    assert refusal((CASES / "password.pdf").read_bytes(), "plan.pdf").message_id == "formats.encrypted"
    word = bytearray((CASES / "task_table.doc").read_bytes())
    at = word.index(b"\xec\xa5")  # the FIB; bit 8 of its flags says encrypted
    word[at + 0x0B] |= 0x01
    assert refusal(bytes(word), "plan.doc").message_id == "formats.encrypted"


def test_password_protected_docx() -> None:
    """Word puts an encrypted package into an OLE file with a stream named EncryptedPackage."""
    old = (CASES / "task_table.doc").read_bytes()
    plain, locked = "WordDocument".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    at = old.index(plain)
    entry = bytearray(old)
    entry[at : at + len(locked)] = locked
    struct.pack_into("<H", entry, at + 64, len(locked) + 2)
    assert refusal(bytes(entry), "plan.docx").message_id == "formats.encrypted"


def test_word_95_is_named() -> None:
    word = bytearray((CASES / "task_table.doc").read_bytes())
    at = word.index(b"\xec\xa5")
    struct.pack_into("<H", word, at + 2, 0x0068)
    error = refusal(bytes(word), "plan.doc")
    assert (error.message_id, error.params["version"]) == ("formats.old_word", 0x68)


@pytest.mark.parametrize(
    ("head", "kind"), [(b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff\xe0", "JPEG"), (b"RIFF\0\0\0\0WEBP", "WebP")]
)
def test_pictures(head: bytes, kind: str) -> None:
    error = refusal(head + bytes(100) + b"x", "plan.jpg")
    assert (error.message_id, error.params["kind"]) == ("formats.image", kind)


def test_archive_of_files_names_them() -> None:
    error = refusal(zipped({f"方案{n}.docx": b"x" for n in range(5)}), "plans.zip")
    assert (error.message_id, error.params["count"]) == ("formats.archive", 5)
    assert "方案0.docx、方案1.docx" in str(error)
    assert refusal(b"Rar!\x1a\x07\x00" + bytes(50), "plans.rar").message_id == "formats.archive"


@pytest.mark.parametrize(("part", "kind"), [("OFD.xml", "OFD"), ("ppt/presentation.xml", "PowerPoint")])
def test_known_formats_that_are_not_read(part: str, kind: str) -> None:
    error = refusal(zipped({part: b"<x/>"}), "plan.x")
    assert (error.message_id, error.params["kind"]) == ("formats.unsupported", kind)


def test_workbook_with_a_stray_cell_far_away_is_refused_not_filled() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "序号"
    book.active["XFD1048576"] = "x"
    stream = io.BytesIO()
    book.save(stream)
    error = refusal(stream.getvalue(), "plan.xlsx")
    assert (error.message_id, error.params["rows"]) == ("formats.sheet_too_large", 1_048_576)


def test_styled_blanks_far_away_do_not_count() -> None:
    book = openpyxl.Workbook()
    book.active.append(["序号", "任务"])
    book.active.append([1, "排查"])
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    stream = io.BytesIO()
    book.save(stream)
    assert "排查" in load(stream.getvalue(), "plan.xlsx").text


def test_mangled_bytes_never_escape_as_another_error() -> None:
    """Every byte flip either still reads or is refused with a sentence."""
    shuffle = random.Random(11)
    outcomes: list[bool] = []
    for source in [
        small_docx(),
        *((CASES / name).read_bytes() for name in ("task_table.doc", "numbered_list.doc", "numbered_list.rtf")),
    ]:
        for _trial in range(60):
            data = bytearray(source)
            for _flip in range(20):
                data[shuffle.randrange(len(data))] = shuffle.randrange(256)
            try:
                outcomes.append(bool(load(bytes(data), "plan.doc").blocks))
            except UnreadableFile as error:
                outcomes.append(bool(error.sentence("zh")))
    assert outcomes
    assert all(outcomes)


def test_every_message_is_in_both_languages_with_the_same_parameters() -> None:
    for message_id, sentences in catalogue().items():
        assert set(sentences) == {"zh", "en"}, message_id
        assert set(re.findall(r"{(\w+)}", sentences["zh"])) == set(re.findall(r"{(\w+)}", sentences["en"])), message_id
        assert not re.search("[一-鿿]", sentences["en"]), message_id


def test_every_message_is_used_and_every_used_one_exists() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    assert set(re.findall(r'"(formats\.[a-z_]+)"', code)) == set(catalogue())


def test_a_message_without_a_catalogue_entry_is_a_programming_error() -> None:
    with pytest.raises(KeyError, match=r"messages\.yaml"):
        UnreadableFile("formats.unheard_of")
