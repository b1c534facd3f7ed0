"""Non-detects, confidence limits, effect evaluation, trends and the quality control of laboratory results."""

from soilrules.statistics.censored import CannotEstimate, CensoredSample
from soilrules.statistics.confidence import (
    UpperLimit,
    chebyshev,
    gamma_adjusted,
    gamma_approximate,
    normal_approximation,
    student_t,
)
from soilrules.statistics.goodness_of_fit import Fit, anderson_darling_gamma, fits, shapiro_wilk
from soilrules.statistics.kaplan_meier import Tail, kaplan_meier
from soilrules.statistics.likelihood import Distribution, maximum_likelihood
from soilrules.statistics.limit_choice import Choice, choose_upper_limit
from soilrules.statistics.regression_on_order import Plotting, regression_on_order
from soilrules.statistics.resampling import Bootstrap, bootstrap
from soilrules.statistics.results import Estimate, Result
from soilrules.statistics.substitution import Substitute, arithmetic, substitute

__all__ = [
    "Bootstrap",
    "CannotEstimate",
    "CensoredSample",
    "Choice",
    "Distribution",
    "Estimate",
    "Fit",
    "Plotting",
    "Result",
    "Substitute",
    "Tail",
    "UpperLimit",
    "anderson_darling_gamma",
    "arithmetic",
    "bootstrap",
    "chebyshev",
    "choose_upper_limit",
    "fits",
    "gamma_adjusted",
    "gamma_approximate",
    "kaplan_meier",
    "maximum_likelihood",
    "normal_approximation",
    "regression_on_order",
    "shapiro_wilk",
    "student_t",
    "substitute",
]
