"""What a person asked the national system and what it said, as a page, a program or a file tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from soildesk.core import files
from soildesk.core.permissions import Actor
from soildesk.plots.words import LIST_CHOICES, Stage
from soilrules.gate import facts as rules

STAGES = tuple(str(key) for key in Stage.values)


@dataclass(frozen=True, slots=True)
class National:
    """Asked on a day by a person; `picture` is what it showed, by name and bytes. Of ground it holds it shows a stage (or
    none), lists, and whether anything is limited."""

    on: date
    person: str
    found: bool
    result: str
    picture: tuple[str, bytes] | None = None
    stage: str = ""
    lists: tuple[str, ...] = ()
    restricted: bool | None = None

    def as_rules(self) -> rules.ProvinceQuery:
        """The same as the rules of the gate read it."""
        picture = files.clean_name(self.picture[0]) if self.picture else ""
        return rules.ProvinceQuery(
            self.on, self.person.strip(), self.result.strip(), picture, self.found, self.stage, self.lists, self.restricted
        )  # fmt: skip

    def faults(self, on: date, by: Actor) -> Iterator[str]:
        """What does not fit, for a question of a day."""
        if self.on > min(on, by.today):
            yield _("全国系统查询日期 %(day)s 晚于核查日 %(on)s：请核对两个日期。") % {
                "day": self.on,
                "on": min(on, by.today),
            }
        for title, text, longest in ((_("查询人"), self.person, 60), (_("查询结果"), self.result, 500)):
            if not text.strip() or not is_readable(text):
                yield _("没有写明%(title)s：查询人和查询结果都要写。") % {"title": title}
            if len(text) > longest:
                told = _("%(title)s有 %(n)d 个字，最多 %(most)d 个字：请缩短。")
                yield told % {"title": title, "n": len(text), "most": longest}
        yield from self.shown_faults()

    def shown_faults(self) -> Iterator[str]:
        """What does not fit in what the system shows of the ground."""
        if self.found and self.restricted is None:
            yield _("全国系统中有该地块的，还要写明系统显示有没有限制（有、没有）。")
        if not self.found and (self.stage or self.lists or self.restricted is not None):
            yield _("全国系统中没有该地块，却写了阶段、名录或限制：请核对系统中有没有这个地块。")
        if self.stage and self.stage not in Stage.values:
            told = _("没有“%(stage)s”这个阶段，应为：%(known)s。")
            known = "、".join(f"{key}（{word}）" for key, word in Stage.choices)
            yield told % {"stage": self.stage[:80], "known": known}
        if unknown := [one for one in self.lists if one not in rules.LISTS]:
            told = _("没有“%(list)s”这种名单、名录，应为：%(known)s。")
            known = "、".join(f"{key}（{word}）" for key, word in LIST_CHOICES)
            yield told % {"list": "、".join(unknown)[:80], "known": known}


def is_readable(text: str) -> bool:
    """Whether both stores keep a text: no NUL, no half of a character."""
    return "\0" not in text and text.encode("utf-8", "ignore").decode() == text
