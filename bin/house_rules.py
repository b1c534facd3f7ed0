"""House rules no ready-made linter knows; each says file, line, what is wrong and what to do instead.

Run by bin/check over the files git knows or would take.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = {".py", ".html", ".md", ".toml", ".yaml", ".yml", ".sh", ".js", ".css", ".csv", ".txt", ".po", ""}
LINES_PER_FILE = 500
POSITIONAL_PARAMETERS = 5


@dataclass(frozen=True)
class LineRule:
    """A pattern that may not occur in files whose path matches `where`."""

    where: str
    pattern: str
    advice: str


LINE_RULES = [
    LineRule(
        r"^src/.*\.(py|html)$",
        r"(法|法典|条例|办法|规定)》?\s*第[一二三四五六七八九十百千0-9]+条|\b[Aa]rt(icle|\.)\s*[0-9]+",
        "an article number in code: cite a legal basis from the rule data",
    ),
    LineRule(
        r"^(?!bin/house_rules\.py$)",
        r"(?<![\w.])/(root|work|home/\w+)/|[A-Z]:\\Users\\|\.\./shared\b",
        "a path of one machine: name it relative to the clone or by a setting",
    ),
    LineRule(r"^(src|tests|docs)/", r"[\"'(\s]/tmp/", "a fixed temporary folder: use tempfile or tmp_path"),
    LineRule(
        r"^src/(?!.*static/vendor/).*\.(html|css|js|mjs)$",
        r"(src|href)=[\"']https?://|url\(\s*[\"']?https?://|from\s+[\"']https?://|@import\s+[\"']https?://",
        "an asset from another host: intranets have no CDN, vendor it",
    ),
    LineRule(
        r"^src/.*\.html$",
        r"\sstyle=[\"']|\son[a-z]+=[\"']|<style\b|<script(?![^>]*\bsrc=)(?![^>]*application/json)",
        "inline style or script: the content security policy refuses it, use a static file",
    ),
    LineRule(
        r"^src/soilrules/.*\.py$",
        r"\b(date\.today|datetime\.(now|today|utcnow)|time\.time)\(",
        "a clock in the rules: take the day as an argument",
    ),
    LineRule(
        r"^(src|tests|bin|docs)/(?!house_rules).*\.py$", r"#.*\b(TODO|FIXME|XXX)\b", "an open end: do it or file it"
    ),
    LineRule(r"^requirements/.*\.txt$", r"https?://|--(extra-)?index-url|--find-links", "an index URL in a lock file"),
]


def tracked() -> list[Path]:
    """Text files git knows or would take, relative to the clone."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    paths = (Path(name) for name in listed.split("\0") if name)
    return [path for path in paths if path.suffix in TEXT and (ROOT / path).is_file()]


def by_line(path: Path, text: str) -> Iterator[str]:
    """Findings of the rules that look at one line at a time."""
    rules = [(re.compile(rule.pattern), rule.advice) for rule in LINE_RULES if re.search(rule.where, path.as_posix())]
    for number, line in enumerate(text.splitlines(), 1):
        yield from (f"{path}:{number}: {advice}" for pattern, advice in rules if pattern.search(line))


def positional(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many parameters a caller may give by position, without self and cls."""
    names = [argument.arg for argument in function.args.posonlyargs + function.args.args]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def by_shape(path: Path, text: str) -> Iterator[str]:
    """Findings about the size of a Python file and the parameters of its functions."""
    if (lines := text.count("\n")) > LINES_PER_FILE:
        yield f"{path}: {lines} lines, at most {LINES_PER_FILE}: split it by noun"
    if path.parts[0] == "tests":  # pytest fills parameters by name
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and positional(node) > POSITIONAL_PARAMETERS:
            yield (
                f"{path}:{node.lineno}: {node.name} takes {positional(node)} positional parameters, "
                f"at most {POSITIONAL_PARAMETERS}: make the others keyword-only or one value"
            )


def findings() -> Iterator[str]:
    """Every breach of a house rule."""
    for path in tracked():
        text = (ROOT / path).read_text(encoding="utf-8", errors="replace")
        yield from by_line(path, text)
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield from by_shape(path, text)


if __name__ == "__main__":
    found = list(findings())
    sys.stderr.write("".join(f"{line}\n" for line in found))
    sys.exit(bool(found))
