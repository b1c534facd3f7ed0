"""What an uploaded Office file may not carry: macros, foreign objects, links that are fetched, fields that read other files.

Bombs, document types and entities are refused by `soilrules.plantext.formats.archive`.
"""

from __future__ import annotations

import re

from soildesk.kit.letters.refused import Refused
from soilrules.plantext.formats.archive import Package

ACTIVE = re.compile(
    r"vbaProject|vbaData|/activeX/|/embeddings/|macrosheets|/ctrlProps/|externalLinks/|connections\.xml", re.I
)
RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>", re.I)
CHUNK = re.compile(rb"/(aFChunk|subDocument)[\"']", re.I)
INSTRUCTION = re.compile(rb"<w:instrText\b[^>]*>([^<]*)</w:instrText>|\bw:instr=\"([^\"]*)\"")
READS_FILES = re.compile(
    r"\b(INCLUDETEXT|INCLUDEPICTURE|INCLUDE|DDEAUTO|DDE|LINK|IMPORT|DATABASE|MACROBUTTON|RD|AUTOTEXT)\b", re.I
)


def checked(data: bytes, name: str) -> Package:
    """The file as an archive that holds nothing active; raises Refused or UnreadableFile."""
    package = Package.open(data, name)
    package.measure()
    if active := next((one for one in package.names if ACTIVE.search(one)), None):
        raise Refused("active", name=name, part=active)
    if b"macroEnabled" in package.read("[Content_Types].xml"):
        raise Refused("active", name=name, part="[Content_Types].xml")
    for part in package.names:
        if part.endswith(".rels"):
            _relations(package, part, name)
        elif part.startswith("word/") and part.endswith(".xml"):
            _fields(package, part, name)
    return package


def _relations(package: Package, part: str, name: str) -> None:
    for relation in RELATION.findall(package.read(part)):
        if CHUNK.search(relation):
            raise Refused("active", name=name, part=part)
        if re.search(rb"TargetMode\s*=\s*[\"']External", relation, re.I) and b"/hyperlink" not in relation:
            target = re.search(rb"Target\s*=\s*[\"']([^\"']*)", relation)
            raise Refused("external", name=name, target=(target[1] if target else b"").decode("utf-8", "replace")[:120])


def _fields(package: Package, part: str, name: str) -> None:
    told = b" ".join(first or second for first, second in INSTRUCTION.findall(package.read(part)))
    joined = told.decode("utf-8", "replace")
    # Word puts an instruction together from any number of runs: joined without blanks it is the same word
    if found := READS_FILES.search(joined) or READS_FILES.search(joined.replace(" ", "")):
        raise Refused("field", name=name, field=found[1].upper())
