"""Trials 试算: what other terms would change in a classification, worked out by a job and kept with what was asked.

Nothing that is proposed or in force changes by it.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from soildesk.core import audit, jobs
from soildesk.core.permissions import Actor, require
from soildesk.farmland.models import Classification, ClassTrial
from soildesk.farmland.queries import whatif
from soildesk.farmland.queries.gathering import Step, silent
from soildesk.farmland.queries.whatif import Compared, Terms
from soildesk.farmland.refusals import ClassifyRefused
from soildesk.farmland.services.classifying import check_terms, stamps_of

PERMISSION = "farmland.review_classes"
JOB = "farmland.what_if"


@transaction.atomic
def ask(classification: Classification, terms: Terms, *, by: Actor, at: datetime) -> ClassTrial:
    """A trial of other terms, put into the queue."""
    require(by, PERMISSION, classification)
    check_terms(terms)
    if terms == Terms.of(classification):
        raise ClassifyRefused(
            _("选择的设定与“%(title)s”本身的设定相同：请换一个规则开关、标准日期或者地方标准后再试算。")
            % {"title": classification.title},
            code="farmland.classify.same_terms",
        )
    made = ClassTrial.objects.create(
        classification=classification,
        division_path=classification.division_path,
        owner_department_id=classification.owner_department_id,
        ruleset=terms.ruleset,
        switches=sorted(terms.switches),
        standards_on=terms.standards_on,
        local_limits=terms.local_limits,
        by=by.person,
        at=at,
    )
    title = _("试算：%(title)s") % {"title": classification.title}
    made.job = jobs.start(JOB, {"trial": str(made.uid)}, by=by, title=title).uid
    made.save(update_fields=["job"])
    data = {"number": classification.number, "ruleset": made.ruleset, "switches": made.switches,
            "standards_on": made.standards_on, "local_limits": made.local_limits}  # fmt: skip
    audit.record("farmland.trial.asked", subject=made, by=by, at=at, data=data)
    return made


def work_out(trial: ClassTrial, *, by: Actor, at: datetime, step: Step = silent) -> ClassTrial:
    """Work a trial out and keep what was found; once."""
    require(by, PERMISSION, trial)
    stamps = stamps_of(trial.classification)
    found = whatif.compared(trial.classification, Terms.of(trial), step)
    if not found.units:
        raise ClassifyRefused(
            _("%(on)s 没有登记任何评价单元：没有可以试算的。") % {"on": trial.classification.on},
            code="farmland.classify.units",
        )
    step(found.units, found.units, _("保存试算结果"))
    with transaction.atomic():
        held = ClassTrial.objects.select_for_update().get(pk=trial.pk)
        if held.computed_at is not None:
            raise ClassifyRefused(_("这次试算已有结果：请重新发起试算。"), code="farmland.classify.state")
        held.found, held.computed_at = {**_kept(found), "stamps": stamps}, at
        held.save(update_fields=["found", "computed_at"])
        data = {"units": found.units, "differ": len(found.differs)}
        audit.record("farmland.trial.computed", subject=held, by=by, at=at, data=data)
    return held


def _kept(found: Compared) -> dict[str, object]:
    return {
        "units": found.units,
        "before_m2": found.before_m2,
        "after_m2": found.after_m2,
        "differs": [[one.version, one.before, one.after, one.controlling] for one in found.differs],
        "standards": found.standards,
    }
