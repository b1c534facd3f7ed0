"""Paragraph styles of a Word file: which are headings, which carry a list number, which are a table of contents."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from soilrules.plantext.formats.numbering import ListRef, W, value_of

HEADING_NAME = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.I)
CONTENTS_NAME = re.compile(r"^(?:toc|目录)\s*[1-9]$", re.I)
BODY_LEVEL = 9  # w:outlineLvl of body text
CHAIN = 20  # basedOn links followed, so that a ring of styles ends


@dataclass(frozen=True)
class Style:
    """What a paragraph inherits from its style."""

    heading_level: int | None = None  # 1 outermost
    list_ref: ListRef | None = None
    contents: bool = False  # a line of an automatic table of contents


@dataclass
class Styles:
    """Styles by id."""

    elements: dict[str, etree._Element] = field(default_factory=dict)
    known: dict[str, Style] = field(default_factory=dict)

    @classmethod
    def parse(cls, root: etree._Element | None) -> Styles:
        if root is None:
            return cls()
        return cls({item.get(f"{W}styleId", ""): item for item in root.iterfind(f"{W}style")})

    def of(self, style_id: str | None) -> Style:
        """The style of `style_id` with what it inherits; unknown ids are plain."""
        if style_id is None:
            return Style()
        if style_id not in self.known:
            self.known[style_id] = self._resolve(style_id)
        return self.known[style_id]

    def _resolve(self, style_id: str) -> Style:
        heading: int | None = None
        list_id = level = None
        contents = False
        settled = False
        for item in self._chain(style_id):
            name = value_of(item, f"{W}name") or ""
            contents = contents or bool(CONTENTS_NAME.match(name))
            if not settled:
                heading, settled = heading_of(item, name)
            numbered = item.find(f"{W}pPr/{W}numPr")
            list_id = list_id or value_of(numbered, f"{W}numId")
            level = level or value_of(numbered, f"{W}ilvl")
        ref = ListRef(list_id, int(level or 0)) if list_id and list_id != "0" else None
        return Style(heading, ref, contents)

    def _chain(self, style_id: str) -> list[etree._Element]:
        chain: list[etree._Element] = []
        at: str | None = style_id
        while at in self.elements and len(chain) < CHAIN:
            chain.append(self.elements[at])
            at = value_of(chain[-1], f"{W}basedOn")
        return chain


def heading_of(item: etree._Element, name: str) -> tuple[int | None, bool]:
    """Heading level said by one style, and whether it says anything."""
    outline = value_of(item, f"{W}pPr/{W}outlineLvl")
    if outline is not None:
        return (int(outline) + 1 if int(outline) < BODY_LEVEL else None), True
    named = HEADING_NAME.match(name)
    return (int(named[1]), True) if named else (None, False)
