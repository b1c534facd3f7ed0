"""Tables of the room `monitoring`."""

from soildesk.monitoring.models.alerts import Alert, AlertAct
from soildesk.monitoring.models.batches import Batch, BatchFinding, ExportRequest, Qualifier, QualitySample, Result
from soildesk.monitoring.models.campaigns import Campaign, Custody, FieldRecord, SamplingTask
from soildesk.monitoring.models.judgements import Expected, Judgement, ResultVerdict
from soildesk.monitoring.models.owners import OwnerRule
from soildesk.monitoring.models.points import (
    Background,
    BackgroundVersion,
    Grade,
    Medium,
    Point,
    PointVersion,
    PublicPoint,
)
from soildesk.monitoring.models.surfaces import Surface, SurfaceBand

__all__ = [
    "Alert",
    "AlertAct",
    "Background",
    "BackgroundVersion",
    "Batch",
    "BatchFinding",
    "Campaign",
    "Custody",
    "Expected",
    "ExportRequest",
    "FieldRecord",
    "Grade",
    "Judgement",
    "Medium",
    "OwnerRule",
    "Point",
    "PointVersion",
    "PublicPoint",
    "Qualifier",
    "QualitySample",
    "Result",
    "ResultVerdict",
    "SamplingTask",
    "Surface",
    "SurfaceBand",
]
