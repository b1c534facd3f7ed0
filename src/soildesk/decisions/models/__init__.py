"""Tables of the room `decisions`."""

from soildesk.decisions.models.gate import (
    GateBatch,
    GateGround,
    GateQuery,
    LocalProfile,
    LocalRules,
    OpinionRequest,
    ProvinceQuery,
)
from soildesk.decisions.models.ground_acts import GroundAct

__all__ = [
    "GateBatch",
    "GateGround",
    "GateQuery",
    "GroundAct",
    "LocalProfile",
    "LocalRules",
    "OpinionRequest",
    "ProvinceQuery",
]
