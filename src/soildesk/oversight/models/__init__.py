"""Tables of the room `oversight`."""

from soildesk.oversight.models.candidates import Candidate
from soildesk.oversight.models.problems import Penalty, Problem, ProblemAct
from soildesk.oversight.models.visits import Drawing, InspectionPlan, Visit

__all__ = ["Candidate", "Drawing", "InspectionPlan", "Penalty", "Problem", "ProblemAct", "Visit"]
