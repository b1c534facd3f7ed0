"""What the values of facts and of contents of reports are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

VALUE_WORDS: Mapping[tuple[str, str], Any] = {
    ("column", "first"): _l("第一类用地筛选值"),
    ("column", "second"): _l("第二类用地筛选值"),
    ("column", "other"): _l("其他（地方或专项标准）"),
    ("density", "meets"): _l("符合规定"),
    ("density", "too_few"): _l("点位不足"),
    ("density", "explained"): _l("不足但已说明并经评审认可"),
    ("ecology_opinion", "passed"): _l("通过"),
    ("ecology_opinion", "returned"): _l("退回"),
    ("resources_opinion", "passed"): _l("通过"),
    ("resources_opinion", "returned"): _l("退回"),
    ("verdict", "no_control"): _l("无需管控、修复"),
    ("verdict", "control"): _l("需要风险管控"),
    ("verdict", "remediation"): _l("需要修复"),
    ("verdict", "control_and_remediation"): _l("需要管控和修复"),
    ("verdict", "reached"): _l("达到目标"),
    ("verdict", "not_reached"): _l("未达到目标"),
    ("verdict", "returned"): _l("退回"),
    ("statistics", "passed"): _l("通过"),
    ("statistics", "failed"): _l("不通过"),
    ("works", "none"): _l("尚未明确"),
    ("works", "control"): _l("风险管控"),
    ("works", "remediation"): _l("修复"),
    ("works", "control_and_remediation"): _l("管控和修复"),
}
