"""Where the tonnes of a lot went, as a drawing: one bar for each way, what is on paper and what is loose told apart by more than colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from soildesk.farmland.grainwords import part_word
from soildesk.farmland.queries.balances import Held
from soildesk.kit.cells import escape
from soilrules.farmland.grain import LOCKED_PARTS, Part, plain

LABEL, WIDTH, ROW, HEAD, TEXT = 120, 420, 34, 8, 200
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Bar:
    """One way: tonnes (None: not told), of which on paper and of which loose; `doubt` is what nobody can trace."""

    title: str
    tonnes: Decimal | None
    covered: Decimal = ZERO
    loose: Decimal = ZERO
    doubt: bool = False

    @property
    def said(self) -> str:
        """The bar in words."""
        if self.tonnes is None:
            return _("没有报全")
        told = _("%(tonnes)s 吨") % {"tonnes": plain(self.tonnes)}
        if self.doubt and self.tonnes:
            return _("%(told)s，没有人说明") % {"told": told}
        if self.loose:
            return _("%(told)s，其中 %(loose)s 吨没有着落") % {"told": told, "loose": plain(self.loose)}
        return _("%(told)s，都有凭证") % {"told": told} if self.covered else told


def bars(held: Held) -> list[Bar]:
    """The harvest, each way it went, and what nobody can trace."""
    parts, covered, unexplained = held.parts, held.covered, held.balance.unexplained
    rows = [Bar(_("产量"), held.harvest)]
    for part in Part:
        told = held.kept_told if part is Part.KEPT and held.households and held.kept_told else parts[part]
        done = covered.get(part, ZERO)
        loose = (told or ZERO) - done if held.locked and part in LOCKED_PARTS else ZERO
        rows.append(Bar(part_word(part), told, done, loose))
    if unexplained is not None and unexplained < 0:
        return [*rows, Bar(_("比产量多"), -unexplained, doubt=True)]
    return [*rows, Bar(_("去向不明"), unexplained, doubt=True)]


def drawn(held: Held) -> SafeString:
    """The drawing, then its table."""
    rows = bars(held)
    most = max((one.tonnes for one in rows if one.tonnes), default=ZERO)
    height = HEAD * 2 + ROW * len(rows)
    title = _("批次 %(number)s 的粮食去向") % {"number": held.lot.number}
    parts = [
        f'<figure class="grain-drawing"><svg viewBox="0 0 {LABEL + WIDTH + TEXT} {height}" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>'
        '<defs><pattern id="grain-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line class="g-hatch" x1="0" y1="0" x2="0" y2="6"/></pattern></defs>'
    ]
    for index, one in enumerate(rows):
        parts += _row(one, most, HEAD + ROW * index)
    return mark_safe("".join([*parts, "</svg>", _table(rows), "</figure>"]))  # noqa: S308 — every text above is escaped


def _row(one: Bar, most: Decimal, y: int) -> Iterator[str]:
    middle = y + ROW / 2
    yield f'<text class="g-label" x="{LABEL - 8}" y="{middle + 4}" text-anchor="end">{escape(one.title)}</text>'
    end: float = LABEL
    if one.tonnes is None:
        yield f'<rect class="g-unknown" x="{LABEL}" y="{y + 8}" width="60" height="{ROW - 16}"/>'
        end = LABEL + 60
    elif one.tonnes and most:
        for name, tonnes in _pieces(one):
            width = float(tonnes / most) * WIDTH
            yield f'<rect class="g-bar {name}" x="{end:.1f}" y="{y + 6}" width="{max(width, 2):.1f}" height="{ROW - 12}"/>'
            end += max(width, 2)
    tone = "g-said g-loud" if one.loose or (one.doubt and one.tonnes) else "g-said"
    yield f'<text class="{tone}" x="{end + 8:.1f}" y="{middle + 4}">{escape(one.said)}</text>'


def _pieces(one: Bar) -> list[tuple[str, Decimal]]:
    tonnes = one.tonnes or ZERO
    if one.doubt:
        return [("g-doubt", tonnes)]
    rest = tonnes - one.covered - one.loose
    pieces = [("g-covered", one.covered), ("g-loose", one.loose), ("g-plain", rest)]
    return [(name, amount) for name, amount in pieces if amount > 0]


def _table(rows: list[Bar]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in (_("去向"), _("数量")))
    lines = "".join(f'<tr><th scope="row">{escape(one.title)}</th><td>{escape(one.said)}</td></tr>' for one in rows)
    summary = escape(_("以表格查看"))
    return (
        f'<details class="as-table"><summary>{summary}</summary><table class="plain-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></details>"
    )
