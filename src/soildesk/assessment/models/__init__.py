"""Tables of the room `assessment`."""

from soildesk.assessment.models.assessments import Assessment, ItemResult, Objection, Proposal
from soildesk.assessment.models.samples import Draw, DrawnRow
from soildesk.assessment.models.schemes import SchemeAdoption

__all__ = ["Assessment", "Draw", "DrawnRow", "ItemResult", "Objection", "Proposal", "SchemeAdoption"]
