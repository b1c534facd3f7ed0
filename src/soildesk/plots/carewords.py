"""The aftercare (后期管理) of a plot as its page says it: where it stands, until when, and the limits of use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from soildesk.kit.parts import Chip, Fact
from soildesk.plots.queries import aftercare
from soildesk.plots.queries.aftercare import CareTold
from soildesk.plots.queries.next_steps import Here
from soilrules.plots.aftercare import begun_on, says_none
from soilrules.plots.state import Aftercare


@dataclass(frozen=True, slots=True)
class Care:
    """The aftercare of a plot on a day, with what its last report says."""

    state: Aftercare
    told: CareTold | None
    on: date

    @property
    def words(self) -> str:
        """Where it stands, in a phrase; empty where none is owed."""
        if self.state is Aftercare.RUNNING:
            return self._running()
        return {
            Aftercare.OWED: _("应当后期管理，尚未登记开始"),
            Aftercare.UNKNOWN: _("是否需要后期管理没有登记"),
            Aftercare.ENDED: _("后期管理已结束"),
        }.get(self.state, "")

    def _running(self) -> str:
        until = self.told.until if self.told else None
        if until is None:
            return _("后期管理中，没有登记期限")
        if until < self.on:
            return _("后期管理期限已于 %(day)s 届满，尚未登记结束") % {"day": until}
        return _("后期管理中，至 %(day)s") % {"day": until}

    @property
    def chip(self) -> Chip | None:
        """The same as a chip."""
        tones = {
            Aftercare.RUNNING: "busy",
            Aftercare.OWED: "warn",
            Aftercare.UNKNOWN: "unknown",
            Aftercare.ENDED: "calm",
        }
        if self.state not in tones:
            return None
        late = self.told is not None and self.told.until is not None and self.told.until < self.on
        tone = "warn" if self.state is Aftercare.RUNNING and late else tones[self.state]
        return Chip(tone, self.words, why=self.limits)  # type: ignore[arg-type]

    @property
    def limits(self) -> str:
        """The limits of use while aftercare runs; empty where none are told or the report sets none."""
        limits = self.told.limits if self.told and self.state is Aftercare.RUNNING else None
        return limits if limits and not says_none(limits) else ""

    @property
    def facts(self) -> list[Fact]:
        """The limits of use, as a fact of the plot."""
        if self.state is not Aftercare.RUNNING:
            return []
        if self.told is None or self.told.limits is None:
            doubt = _("没有登记写明使用限制的后期管理报告：请登记报告；准入核查在此之前不能判断。")
            return [Fact(_("使用限制"), _("不清楚"), doubt=doubt)]
        return [Fact(_("使用限制"), self.limits or _("没有"), note=self.told.report.title)]


def care_of(here: Here, on: date) -> Care:
    """The aftercare of a plot."""
    state = here.history.state.aftercare
    began = begun_on(here.history)
    told = aftercare.told_of([here.life.plot.pk], on).get(here.life.plot.pk) if began else None
    if told is not None and (told.report.accepted_on or date.min) < (began or date.min):
        told = None
    return Care(state, told, on)
