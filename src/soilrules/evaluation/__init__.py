"""Whole laboratory tables judged by the standards: a stream of rows and a summary.

table = read_table(Path("results.xlsx"))
evaluation = Evaluation(table, shipped(), Choices(on=date(2026, 11, 22), standard="gb36600-2018"))
rows = list(evaluation.rows())
summary = evaluation.summary()
"""

from __future__ import annotations

from soilrules.evaluation.choices import Choices
from soilrules.evaluation.evaluation import Evaluation
from soilrules.standards.library import shipped

__all__ = ["Choices", "Evaluation", "shipped"]
