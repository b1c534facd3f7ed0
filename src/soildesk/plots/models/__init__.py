"""Tables of the room `plots`."""

from soildesk.plots.models.beginnings import Candidate, WrittenNotice
from soildesk.plots.models.plots import ListNotice, Membership, Plot, PlotEvent, PlotStage, PlotVersion
from soildesk.plots.models.reports import Expert, Opinion, PanelSeat, QualityForm, Recheck, Report, ReportAct
from soildesk.plots.models.undeveloped import ControlRound, ControlYear, ControlZone

__all__ = [
    "Candidate",
    "ControlRound",
    "ControlYear",
    "ControlZone",
    "Expert",
    "ListNotice",
    "Membership",
    "Opinion",
    "PanelSeat",
    "Plot",
    "PlotEvent",
    "PlotStage",
    "PlotVersion",
    "QualityForm",
    "Recheck",
    "Report",
    "ReportAct",
    "WrittenNotice",
]
