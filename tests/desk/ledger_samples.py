"""A ledger for the tests of what goes out and comes back."""

from __future__ import annotations

from datetime import date

from soildesk.plans.exports import ExportIndicator, ExportMilestone, ExportRow, ExportSection, LedgerExport

FORMULA = '=HYPERLINK("http://example.org","点我")'


def ledger() -> LedgerExport:
    """A ledger with a standing task, a task of a universal clause, two milestones and hostile words."""
    first = ExportRow(
        uid="u1", number="1", title="隐患排查", text="完成10家重点监管单位土壤污染隐患排查，建立台账。", deadline_text="9月底前",
        deadline=date(2026, 9, 30), lead=("县生态环境局",), support=("县工业和信息化局", "县应急局"), state="进行中",
        progress="已完成6家", milestones=(ExportMilestone("9月底前", date(2026, 9, 30), "完成排查"),), line=12, spans={"text": [[40, 66]]},
    )  # fmt: skip
    second = ExportRow(
        uid="u2", number="2", title=FORMULA, text="@SUM(1+1)*cmd|' /C calc'!A0", deadline_text="长期", ongoing=True,
        responsible=("各乡镇人民政府",), because=("以下均需各乡镇人民政府落实",),
    )  # fmt: skip
    third = ExportRow(
        uid="u3", number="", title="", text="第一项；\n第二项。", deadline_text="", lead=("县农业农村局",)
    )
    return LedgerExport(
        title="示例县2026年土壤污染防治工作方案",
        sections=(
            ExportSection(("一、源头防控",), (first, second)),
            ExportSection(("二、安全利用", "（一）受污染耕地"), (third,)),
        ),
        doc_number="示政办发〔2026〕3号", issuer="示例县人民政府办公室", issued_on=date(2026, 3, 2), region="示例县",
        as_of=date(2026, 8, 20), prepared_by="示例县生态环境局",
        indicators=(ExportIndicator("受污染耕地安全利用率", 93, ">=", 2026, "%", "安全利用率达到93%以上"),),
        universal_clause="以下均需各乡镇人民政府落实，不再列出", universal_units=("各乡镇人民政府",),
    )  # fmt: skip
