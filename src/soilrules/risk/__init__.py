"""Human health risk of contaminated soil and groundwater by HJ 25.3-2019.

`read_case` checks what a person wrote, `assess` answers with risk, hazard quotient and control values.
"""

from __future__ import annotations

from soilrules.risk.assessment import Assessment, SubstanceResult, assess
from soilrules.risk.case import Case, Concentrations, every_substance, read_case
from soilrules.risk.errors import CaseError
from soilrules.risk.parameters import Override, ParameterSet, parameter_sets, read_set
from soilrules.risk.pathways import PATHWAYS

__all__ = [
    "PATHWAYS",
    "Assessment",
    "Case",
    "CaseError",
    "Concentrations",
    "Override",
    "ParameterSet",
    "SubstanceResult",
    "assess",
    "every_substance",
    "parameter_sets",
    "read_case",
    "read_set",
]
