"""Measures of lists and permits: the other lists kept up to date in the year, every key unit under a valid permit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from soildesk.enterprises.measures import FIRM, FIRMS, NOBODY
from soildesk.enterprises.models import EnterpriseVersion
from soildesk.enterprises.queries import measured
from soildesk.kit.measures import MeasureResult, Outcome, Proof, Reason, measure
from soildesk.monitoring.measuring import BOTH, Asked, Counted
from soilrules.indicators.shares import share

if TYPE_CHECKING:
    from soildesk.core.permissions import Actor
    from soildesk.enterprises.queries.facts import Firm

NO_NOTICE = gettext_noop("没有登记过这份名单的文件，不能判断是否更新。")
State = EnterpriseVersion.PermitState


def _updated(name: str, key: str, title: str | Promise, words: Sequence[str]) -> None:
    """Register the measure of one list: a notice of it was decided in the year."""

    @measure(f"enterprises.{name}", title=title, reads=("enterprises.listnotice",), words=words, subjects=BOTH)
    def updated(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
        """The list was changed or confirmed by a document of the year."""
        asked = Asked.of(actor, subject, on, known_on)
        if answer := asked.stopped():
            return answer
        found = measured.notices(asked, key)
        if not any(one.decided_on.year <= asked.year for one in found):
            return asked.cannot_say(NO_NOTICE)
        proofs = tuple(
            Proof("enterprises.listnotice", str(one.uid), f"{one.number} {one.title}", one.decided_on.year == asked.year,
                  str(one.decided_on))
            for one in found
        )  # fmt: skip
        told = {"year": asked.year, "day": found[0].decided_on}
        if any(one.counts for one in proofs):
            reason = Reason(gettext_noop("%(year)d 年已更新（%(day)s）。"), told)
            return MeasureResult(Outcome.DONE, reason, on, rows=proofs, basis=asked.basis)
        reason = Reason(gettext_noop("%(year)d 年没有更新的记录，最近一次是 %(day)s。"), told)
        return MeasureResult(Outcome.NOT_DONE, reason, on, rows=proofs, basis=asked.basis)


_updated("cadmium_list_updated", "cadmium", _("涉镉等重金属企业排查整治清单已更新"),
         ("更新排查清单和整治清单", "更新排查整治清单", "涉镉重金属行业企业排查"))  # fmt: skip
_updated("heavy_metal_list_updated", "heavy_metal", _("全口径涉重金属企业清单已更新"),
         ("全口径涉重金属重点行业企业清单", "涉重金属重点行业企业清单"))  # fmt: skip
_updated("waste_list_updated", "hazardous_waste", _("危险废物重点监管单位清单已更新"),
         ("危险废物重点监管单位信息", "危险废物重点监管单位清单"))  # fmt: skip


@measure(
    "enterprises.permits_held",
    title=_("重点监管单位持有有效排污许可证"),
    reads=FIRMS,
    words=("纳入排污许可管理", "排污许可证中载明", "载入排污许可证"),
    subjects=BOTH,
)
def permits_held(actor: Actor, subject: Any, on: date, known_on: date) -> MeasureResult:
    """Every unit on the list of the day holds a permit that is valid on it; what the permit says is not in the records."""
    asked = Asked.of(actor, subject, on, known_on)
    if answer := asked.stopped():
        return answer
    listed = [firm for firm, _signed, _public in measured.letters(asked)]
    permits = measured.permits(asked, [firm.row["enterprise__uid"] for firm in listed])
    rows = [_permit(firm, permits.get(firm.row["enterprise__uid"]), asked.on) for firm in listed]
    if not rows:
        return asked.cannot_say(NOBODY)
    return asked.share(
        rows, lambda good, all_: share(good, all_, part_is="units with a permit", whole_is="units"),
        gettext_noop("名录内 %(all)d 家单位中，%(good)d 家持有有效的排污许可证（%(percent)s%%）。"),
    )  # fmt: skip


def _permit(firm: Firm, permit: tuple[str, date | None] | None, on: date) -> Counted:
    """Known to be over, or none, does not count; nobody told is open."""
    state, until = permit or ("", None)
    uid = str(firm.row["enterprise__uid"])
    if not state:
        return Counted(FIRM, uid, firm.name, None, _t("没有登记许可证状态"))
    over = until is not None and until < on
    told = _t("有效期至 %(day)s") % {"day": until} if until else _t("没有登记有效期")
    if state != State.VALID or over:
        return Counted(FIRM, uid, firm.name, False, f"{State(state).label}，{told}")
    return Counted(FIRM, uid, firm.name, True if until else None, told)
