"""Indices of soil pollution: single factor, Nemerow, load share, accumulation, Igeo, ecological risk.

Every index is over an element set its caller fixes, and names its standards or background with source and mark.
"""

from __future__ import annotations

from soilrules.indices.accumulation import accumulation
from soilrules.indices.contents import Content
from soilrules.indices.ecological_risk import EcologicalRisk, ElementRisk, ecological_risk
from soilrules.indices.geoaccumulation import geoaccumulation
from soilrules.indices.grades import Grade
from soilrules.indices.judged import factors_of_judged
from soilrules.indices.load_share import LoadShares, load_shares
from soilrules.indices.nemerow import Nemerow, nemerow
from soilrules.indices.references import Background, Reference, national_1990, read_background
from soilrules.indices.results import CompositeIndex, ElementIndex, IndexResult
from soilrules.indices.single_factor import SingleFactor, SingleFactors, single_factors

__all__ = [
    "Background",
    "CompositeIndex",
    "Content",
    "EcologicalRisk",
    "ElementIndex",
    "ElementRisk",
    "Grade",
    "IndexResult",
    "LoadShares",
    "Nemerow",
    "Reference",
    "SingleFactor",
    "SingleFactors",
    "accumulation",
    "ecological_risk",
    "factors_of_judged",
    "geoaccumulation",
    "load_shares",
    "national_1990",
    "nemerow",
    "read_background",
    "single_factors",
]
