"""What each task and indicator of the plans is checked by, as a person settled it in a table anybody can open.

A row names its plan by file, the task by number and the words it begins with, the indicator by place and name. A row
that finds none or more than one is an error: nothing of the table is taken then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor
from soildesk.demo import people
from soildesk.plans.models import Indicator, Plan, PlanTask
from soildesk.plans.queries.checked import Subject
from soildesk.plans.services import binding, documents

Row = Mapping[str, str]
MEASURES, DOCUMENTS, NOTHING = "台账核算", "材料核对", "不核算"


class RowMistaken(Refusal):
    """A row of the table fits no task or indicator, or says what cannot be done with it."""

    code = "demo.binding_row"


def settle(path: Path, plans: Iterable[Plan], *, by: Callable[[Plan], Actor], at: datetime) -> int:
    """Bind what a table says, each plan by the person `by` gives; returns how many tasks and indicators it settled."""
    found = {plan.document.file_name: _Subjects(plan) for plan in plans if plan.document}
    count = 0
    for line, row in enumerate(people.rows(path), start=2):
        where = f"{path.name}第 {line} 行"
        if row["方案文件"] not in found:
            raise RowMistaken(f"{where}：没有装入方案文件“{row['方案文件']}”。请核对文件名。")
        subject = found[row["方案文件"]].named(row, where)
        _settle(subject, row, where, by=by(subject.plan), at=at)
        count += 1
    return count


class _Subjects:
    """The accepted tasks and the indicators of one plan, found by what a row says."""

    def __init__(self, plan: Plan) -> None:
        self.tasks = list(plan.tasks.filter(status=PlanTask.Status.ACCEPTED).select_related("plan"))
        self.indicators = list(plan.indicators.select_related("plan").order_by("position"))

    def named(self, row: Row, where: str) -> Subject:
        """The one the row means."""
        found = list(self._indicators(row) if row["对象"] == "指标" else self._tasks(row))
        if len(found) != 1:
            raise RowMistaken(
                f"{where}：《{row['方案文件']}》中{row['对象']}“{row['序号']} {row['开头']}”找到 {len(found)} 项，"
                "应当正好一项。请核对序号和开头。"
            )
        return found[0]

    def _tasks(self, row: Row) -> Iterator[PlanTask]:
        for one in self.tasks:
            if (one.number or "") == row["序号"] and words(one).startswith(row["开头"]):
                yield one

    def _indicators(self, row: Row) -> Iterator[Indicator]:
        for place, one in enumerate(self.indicators, start=1):
            if str(place) == row["序号"] and one.name == row["开头"]:
                yield one


def words(task: PlanTask) -> str:
    """The words a task begins with: its title, unless its text begins with it."""
    title, text = " ".join(task.title.split()), " ".join(task.text.split())
    return text if text.startswith(title) else title + text


def _settle(subject: Subject, row: Row, where: str, *, by: Actor, at: datetime) -> None:
    measures, wanted = _parts(row["核算办法"]), _parts(row["材料"])
    kind = MEASURES if measures else DOCUMENTS if wanted else NOTHING
    if kind != row["种类"] or (kind == NOTHING) is not bool(row["理由"]):
        raise RowMistaken(f"{where}：种类“{row['种类']}”与核算办法、材料、理由不符，应为“{kind}”。请核对这一行。")
    if kind == NOTHING:
        binding.bind_nothing(subject, row["理由"], register=row["所缺台账"], by=by, at=at)
    for measure in measures:
        binding.bind(subject, measure, by=by, at=at)
    for one in wanted:
        if not isinstance(subject, PlanTask):
            raise RowMistaken(f"{where}：指标不能用材料核对。请写核算办法，或者写明不核算的理由。")
        name, _colon, shows = one.partition("：")
        documents.ask(subject, name, shows=shows, each_unit=row["各单位"] == "是", by=by, at=at)


def _parts(text: str) -> list[str]:
    return [one.strip() for one in text.split("；") if one.strip()]
