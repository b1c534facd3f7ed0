"""Which reports are due to whom by when: data read strictly, and one pure function over the calendar."""

from soilrules.reports.due import Due, Where, due_in, elsewhere
from soilrules.reports.kinds import ReportKind, Rhythm, Term, report_kinds

__all__ = ["Due", "ReportKind", "Rhythm", "Term", "Where", "due_in", "elsewhere", "report_kinds"]
