"""The checks of the gate, each by its id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from soilrules.gate.case import Case
from soilrules.gate.checks import (
    aftercare_limits,
    asked,
    boundary_changed,
    eia_on_unremediated,
    farmland,
    industrial_never_surveyed,
    key_unit_transfer,
    local,
    on_roster_sensitive_use,
    on_roster_unrelated_build,
    plot_lists,
    polluted_not_assessed,
    province_query,
    recorded_violation,
    registry_material,
    sensitive_neighbours,
    survey_coverage,
    survey_stale,
    suspected_not_surveyed,
    use_change_needs_survey,
)
from soilrules.gate.profiles import CHECKS as LOCAL_CHECKS
from soilrules.gate.results import CheckResult

CHECKS: Mapping[str, Callable[[Case], CheckResult]] = MappingProxyType(
    {
        "planned_use": asked.planned_use,
        "on_roster_sensitive_use": on_roster_sensitive_use.check,
        "on_roster_unrelated_build": on_roster_unrelated_build.check,
        "use_change_needs_survey": use_change_needs_survey.check,
        "survey_coverage": survey_coverage.check,
        "survey_stale": survey_stale.check,
        "boundary_changed": boundary_changed.check,
        "key_unit_transfer": key_unit_transfer.check,
        "registry_material": registry_material.check,
        "eia_on_unremediated": eia_on_unremediated.check,
        "suspected_not_surveyed": suspected_not_surveyed.check,
        "polluted_not_assessed": polluted_not_assessed.check,
        "negative_list": plot_lists.negative_list,
        "priority_list": plot_lists.priority_list,
        "industrial_never_surveyed": industrial_never_surveyed.check,
        "sensitive_neighbours": sensitive_neighbours.check,
        "registered_use": asked.registered_use,
        "aftercare_limits": aftercare_limits.check,
        "recorded_violation": recorded_violation.check,
        "unused_to_farmland": farmland.unused_to_farmland,
        "farmland_class": farmland.farmland_class,
        "priority_farmland": farmland.priority_farmland,
        "province_query": province_query.check,
        "province_limit": asked.province_limit,
        "local_rules": asked.local_rules,
        "local_moments": local.local_moments,
        **{check: local.rows_of(check) for check in LOCAL_CHECKS},
        "local_reply": local.local_reply,
    }
)
