"""Tables of the room `standards`."""

from soildesk.standards.models.risk import RiskDraft, RiskRun, RiskSite, RiskUncertainty

__all__ = [
    "RiskDraft",
    "RiskRun",
    "RiskSite",
    "RiskUncertainty",
]
