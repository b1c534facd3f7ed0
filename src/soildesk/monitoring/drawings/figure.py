"""A picture as it stands on a page: the drawing, and the same as a table for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from soildesk.kit.cells import escape


@dataclass(frozen=True)
class Figure:
    """One drawing: `parts` are pieces of SVG whose words are escaped; `rows` say what is drawn, cell by cell."""

    title: str
    described: str
    width: float
    height: float
    parts: Sequence[str]
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    narrow: bool = False  # may shrink with the page; a broad one is scrolled on a phone
    linked: bool = False

    def svg(self, more: str = "") -> str:
        """The drawing alone; `more` stands inside it, as the style of a file."""
        role = "group" if self.linked else "img"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}" role="{role}" '
            f'aria-label="{escape(self.title)}"><title>{escape(self.title)}</title>'
            f"<desc>{escape(self.described)}</desc>{more}{''.join(self.parts)}</svg>"
        )

    def render(self) -> SafeString:
        """The drawing, then its table."""
        kind = "picture picture-narrow" if self.narrow else "picture"
        hint = f'<figcaption class="swipe-hint">{escape(_swipe())}</figcaption>'
        return mark_safe(f'<figure class="{kind}" tabindex="0">{hint}{self.svg()}</figure>{self._table()}')  # noqa: S308 — escaped above

    def _table(self) -> str:
        if not self.rows:
            return ""
        summary = escape(_("以表格查看"))  # not inside the f-string: xgettext does not read those
        head = "".join(f'<th scope="col">{escape(one)}</th>' for one in self.head)
        return (
            f'<details class="as-table"><summary>{summary}</summary><div class="table-box"><table class="plain-table">'
            f"<thead><tr>{head}</tr></thead><tbody>{_lines(self.rows)}</tbody></table></div></details>"
        )


def _swipe() -> str:
    """Said on a narrow screen only, where a drawing is wider than its box."""
    return _("左右滑动看全图")


def _lines(rows: Iterable[Sequence[str]]) -> str:
    return "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
