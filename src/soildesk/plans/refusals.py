"""Why an act on a plan was refused: stable codes, sentences for people."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from soildesk.core.errors import Refusal
from soilrules.plantext.draft import Note


class PlanRefusal(Refusal):
    """An act was refused. `code` never changes; the sentence says value, place, expectation, next step."""

    code = "plans.refused"


class AlreadyImported(PlanRefusal):
    """The same text was imported before."""

    code = "plans.already_imported"

    def __init__(self, plan: object, number: str) -> None:
        self.plan = plan
        super().__init__(
            _(
                "这份文件已经导入过：《%(title)s》（%(number)s）。可打开原方案继续办理；"
                "确需另立一版的，请选择“作为新版本导入”。"
            )
            % {"title": plan, "number": number}
        )


class NotInReview(PlanRefusal):
    """The plan is not being reviewed any more."""

    code = "plans.not_in_review"

    def __init__(self, plan: object) -> None:
        super().__init__(_("《%(title)s》已发布，任务内容不能再改。需要调整时，请导入新版本。") % {"title": plan})


class Undecided(PlanRefusal):
    """Publishing found tasks nobody decided."""

    code = "plans.undecided"

    def __init__(self, count: int) -> None:
        super().__init__(_("还有 %(count)d 项任务没有审核。请逐项采纳或不采纳后再发布。") % {"count": count})


class SuccessorsUnsaid(PlanRefusal):
    """Publishing would make overdue tasks fresh, and nobody said whether they go on."""

    code = "plans.successors_unsaid"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            _(
                "上一版中已逾期的 %(count)d 项任务在新版中有改动（%(names)s），还没有说明是不是同一项。"
                "请在“与上一版比较”中逐项确认或否认后再发布，免得逾期不明不白地消失。"
            )
            % {"count": len(names), "names": "、".join(names[:6])}
        )


class NothingAccepted(PlanRefusal):
    """Publishing found no task."""

    code = "plans.nothing_accepted"

    def __init__(self) -> None:
        super().__init__(_("没有一项任务被采纳，不能发布。请先采纳任务，或删除这份草稿。"))


class GroundMissing(PlanRefusal):
    """An act needs its written ground."""

    code = "plans.ground_missing"

    def __init__(self, what: str) -> None:
        super().__init__(_("%(what)s需要写明理由。请填写理由后再提交。") % {"what": what})


class WrongValue(PlanRefusal):
    """A value given by a person cannot be taken."""

    code = "plans.wrong_value"


class WrongState(PlanRefusal):
    """The record is not in a state in which the act makes sense."""

    code = "plans.wrong_state"


class OwnReport(PlanRefusal):
    """Who reported does not verify."""

    code = "plans.own_report"

    def __init__(self, person: object) -> None:
        super().__init__(
            _("待核实的完成情况是%(person)s本人填报的，不能自己核实：请由另一位经办人或签发人核实。")
            % {"person": person}
        )


class NothingRead(PlanRefusal):
    """The document was read and holds no task. `notes` are the reader's remarks that say why."""

    code = "plans.nothing_read"

    def __init__(self, notes: Sequence[Note]) -> None:
        self.notes = tuple(notes)
        super().__init__(
            _(
                "没有从文件中读出任务。方案的任务通常写成“……（××局牵头，××局配合）”，或列在有“责任单位”栏的表格里。"
                "请检查是否选错了文件；正文或附表不全的，请补全后再读入。"
            )
        )


class ActivityRefused(PlanRefusal):
    """An act on an activity of publicity or training."""

    code = "plans.activity"
