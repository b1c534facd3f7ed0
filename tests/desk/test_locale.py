"""Every word of the pages has its English, and the compiled catalogue is the written one."""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import gettext as translated
from django.utils.translation import override
from django.utils.translation.template import templatize

SOURCE = Path(__file__).parents[2] / "src/soildesk"
CATALOGUE = SOURCE / "locale/en/LC_MESSAGES"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CALLS = {
    "_",
    "_t",
    "_l",
    "gettext",
    "gettext_lazy",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "gettext_noop",
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdrf]|%(?!%)[sd]")


def written() -> dict[str, str]:
    """The catalogue as it stands in django.po: msgid → msgstr (singular forms)."""
    entries: dict[str, str] = {}
    for block in (CATALOGUE / "django.po").read_text(encoding="utf-8").split("\n\n"):
        parts: dict[str, str] = {}
        key = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            if match := re.match(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) (".*")$', line):
                key = match[1].replace("[0]", "")
                parts[key] = ast.literal_eval(match[2])
            elif key and line.startswith('"'):
                parts[key] += ast.literal_eval(line)
        if "msgid" in parts:
            entries[parts["msgid"]] = parts.get("msgstr", "")
    return entries


def in_python() -> Iterator[tuple[str, str]]:
    """(file, msgid) of every marked string in the code."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in CALLS or not node.args:
                continue
            if isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                yield str(path.relative_to(SOURCE)), node.args[0].value


def in_templates() -> Iterator[tuple[str, str]]:
    """(file, msgid) of every marked string in the templates."""
    call = re.compile(r"""\b(?:gettext|_)\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
    for path in SOURCE.rglob("*.html"):
        for match in call.finditer(templatize(path.read_text(encoding="utf-8"))):
            yield str(path.relative_to(SOURCE)), ast.literal_eval(match[1])


def test_every_marked_word_has_its_english() -> None:
    known = written()
    marked = [*in_python(), *in_templates()]
    assert len(marked) > 300
    missing = {f"{file}: {text}" for file, text in marked if text and not known.get(text)}
    assert not missing, f"{len(missing)} without English; run bin/messages and translate: {sorted(missing)[:10]}"


def test_english_keeps_every_placeholder_and_no_chinese() -> None:
    faults = []
    for source, english in written().items():
        if not source or not english:
            continue
        if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(english)):
            faults.append(f"placeholders differ: {source} → {english}")
        if len(CHINESE.findall(english)) > len(CHINESE.findall(source)) / 2:
            faults.append(f"not English: {source} → {english}")
    assert faults == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    stale = [
        source for source, english in written().items() if english and source and compiled.gettext(source) != english
    ]
    assert stale == [], "django.mo is older than django.po: run bin/messages"


def test_the_switch_changes_the_words() -> None:
    with override("en"):
        assert translated("今日") == "Today"
    with override("zh-hans"):
        assert translated("今日") == "今日"


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("templates/**/*.html")), ids=lambda path: path.name)
def test_no_template_says_chinese_outside_the_catalogue(path: Path) -> None:
    if path.name == "gallery.html":  # samples of parts, for those who build pages
        return
    text = path.read_text(encoding="utf-8")
    for pattern in (
        r"{%\s*blocktrans(late)?\b.*?{%\s*endblocktrans(late)?\s*%}", r"{%.*?%}", r"{#.*?#}", r"{{.*?}}", r"<!--.*?-->",
        r'<span lang="zh-CN">.*?</span>',
    ):  # fmt: skip
        text = re.sub(pattern, "", text, flags=re.S)
    left = CHINESE.findall(re.sub(r"[：、，。（）“”—·]", "", text))
    assert left == [], f"{path.name}: {''.join(left)[:60]} stands outside translate tags"
