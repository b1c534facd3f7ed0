"""The report of a kept judgement, from the rows as they were kept."""

from __future__ import annotations

from io import BytesIO

from soildesk.standards.exports.evaluation_excel import EvaluationReport
from soildesk.standards.models import Evaluation
from soildesk.standards.queries.judged import table_of

BATCH = 5_000


def report_of(found: Evaluation) -> bytes:
    """The Excel report an expert would sign."""
    out = BytesIO()
    workbook = EvaluationReport(out, table=found.file_name, digest=found.sha256)
    for batch in table_of(found).to_batches(max_chunksize=BATCH):
        for row in batch.to_pylist():
            workbook.take(row)
    workbook.finish(found.result["zh"])
    return out.getvalue()
