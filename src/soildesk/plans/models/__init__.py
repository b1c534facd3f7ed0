"""Tables of the room `plans`."""

from soildesk.plans.models.activities import Activity
from soildesk.plans.models.clauses import UnassignedClause
from soildesk.plans.models.documents import PlanDocument
from soildesk.plans.models.evidence import AskedDocument, DocumentFiling
from soildesk.plans.models.links import Binding, ClosingRow, IndicatorLink, TaskLink
from soildesk.plans.models.plans import Indicator, Plan, PlanConflict, PlanNote
from soildesk.plans.models.tasks import Milestone, PlanTask, TaskEvent, TaskUnit, UnitAnswer
from soildesk.plans.models.work import Assignment, ProgressEntry, SheetIssue, StandingOrder

__all__ = [
    "Activity",
    "AskedDocument",
    "Assignment",
    "Binding",
    "ClosingRow",
    "DocumentFiling",
    "Indicator",
    "IndicatorLink",
    "Milestone",
    "Plan",
    "PlanConflict",
    "PlanDocument",
    "PlanNote",
    "PlanTask",
    "ProgressEntry",
    "SheetIssue",
    "StandingOrder",
    "TaskEvent",
    "TaskLink",
    "TaskUnit",
    "UnassignedClause",
    "UnitAnswer",
]
