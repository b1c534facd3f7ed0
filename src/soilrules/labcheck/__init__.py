"""The check of a laboratory's file before it is sent, and again when it comes in.

    checked = check(Path("results.csv"), Asked(on=date(2026, 11, 22)))
    for batch in checked.batches():  # for an import; `checked.findings` alone runs the check as well
        ...
    checked.findings, checked.summary()

The exchange format is data/labcheck/format-v1.yaml, the rules with their severities data/labcheck/rules.yaml.
Files are untrusted: callers that take them from people run this in a limited child process.
"""

from __future__ import annotations

from soilrules.labcheck.checked import CHECKED, Asked, Checked, History, check
from soilrules.labcheck.exchange import Column, Format, current
from soilrules.labcheck.findings import Finding, Rule, Severity, rules

__all__ = [
    "CHECKED",
    "Asked",
    "Checked",
    "Column",
    "Finding",
    "Format",
    "History",
    "Rule",
    "Severity",
    "check",
    "current",
    "rules",
]
