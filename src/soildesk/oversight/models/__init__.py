"""Tables of the room `oversight`."""

from soildesk.oversight.models.problems import Problem, ProblemAct
from soildesk.oversight.models.visits import Drawing, InspectionPlan, Visit

__all__ = ["Drawing", "InspectionPlan", "Problem", "ProblemAct", "Visit"]
