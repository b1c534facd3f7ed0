"""Tables of the room `reporting`."""

from soildesk.reporting.models.copies import BlankForm, ReportCopy
from soildesk.reporting.models.dues import ReportDue

__all__ = ["BlankForm", "ReportCopy", "ReportDue"]
