"""Tables of the room `standards`."""

from soildesk.standards.models.evaluations import Evaluation, Trial
from soildesk.standards.models.localtables import LocalEdition, LocalProposal
from soildesk.standards.models.risk import RiskDraft, RiskRun, RiskSite, RiskUncertainty

__all__ = [
    "Evaluation",
    "LocalEdition",
    "LocalProposal",
    "RiskDraft",
    "RiskRun",
    "RiskSite",
    "RiskUncertainty",
    "Trial",
]
