"""Laboratory tables as they come: csv, text, Excel or parquet, long or wide, into Arrow batches for the judgement.

    table = read_table(Path("results.xlsx"))
    for batch in table.batches():
        ...
    table.problems

The columns of a batch are in `schema`, the words for headings and special rows in data/labtables/headings.yaml.
Files are untrusted: callers that take them from people run this in a limited child process.
"""

from __future__ import annotations

from soilrules.labtables.findings import LabTableRefused, Problem
from soilrules.labtables.layout import Layout, Shape, ValueColumn
from soilrules.labtables.schema import BESIDE, NO_VALUE, SCHEMA
from soilrules.labtables.table import LabTable, read_table

__all__ = [
    "BESIDE",
    "NO_VALUE",
    "SCHEMA",
    "LabTable",
    "LabTableRefused",
    "Layout",
    "Problem",
    "Shape",
    "ValueColumn",
    "read_table",
]
