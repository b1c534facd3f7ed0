"""Tables of the room `enterprises`."""

from soildesk.enterprises.models.filings import DutyCard, Filing, FilingAct, Happening, Investigation
from soildesk.enterprises.models.firms import (
    Enterprise,
    EnterpriseVersion,
    Representative,
    Site,
    SiteVersion,
    Succession,
)
from soildesk.enterprises.models.lists import Listing, ListNotice, ListProposal
from soildesk.enterprises.models.plants import (
    Facility,
    FacilityRecord,
    FacilityVersion,
    Hazard,
    HazardAct,
    Inspection,
    InspectionAnswer,
    PlantPlan,
)
from soildesk.enterprises.models.waste import WasteAssessment

__all__ = [
    "DutyCard",
    "Enterprise",
    "EnterpriseVersion",
    "Facility",
    "FacilityRecord",
    "FacilityVersion",
    "Filing",
    "FilingAct",
    "Happening",
    "Hazard",
    "HazardAct",
    "Inspection",
    "InspectionAnswer",
    "Investigation",
    "ListNotice",
    "ListProposal",
    "Listing",
    "PlantPlan",
    "Representative",
    "Site",
    "SiteVersion",
    "Succession",
    "WasteAssessment",
]
