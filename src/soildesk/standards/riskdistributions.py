"""The form of an uncertainty analysis: which inputs are drawn, from which distribution, and why."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from soildesk.core.errors import Refusal
from soildesk.standards import riskwords
from soildesk.standards.models import RiskRun
from soildesk.standards.refusals import language

ROWS = 5
NEEDED: Mapping[str, tuple[str, ...]] = {
    "triangular": ("low", "mode", "high"),
    "uniform": ("low", "high"),
    "lognormal": ("geometric_mean", "gsd"),
}
FIGURES = ("low", "mode", "high", "geometric_mean", "gsd")


def kinds() -> list[tuple[str, str]]:
    """(kind, name) of the distributions offered."""
    return [("triangular", _("三角分布")), ("uniform", _("均匀分布")), ("lognormal", _("对数正态分布"))]


def choosable(run: RiskRun) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(group, …) of what can be drawn: measured concentrations first, then parameters; (name, title) each."""
    measured = [
        (f"{one['slug']}.{medium}", f"{_name(run, one['slug'])} {words[language()]}")
        for one in run.input["substances"]
        for medium, words in riskwords.MEDIA.items()
        if one.get(medium) is not None and one["slug"] not in run.basis["refused"]
    ]
    parameters = [
        (one["key"], f"{one['name'][language()]} {one['symbol']}")
        for one in run.basis["parameters"]
        if not one["derived"]
    ]
    return [("measured", _("浓度"), measured), ("parameters", _("参数"), parameters)]


def _name(run: RiskRun, slug: str) -> str:
    result = run.result_en if language() == "en" else run.result
    return str(result["substances"][slug]["name"])


def posted_rows(post: QueryDict) -> list[dict[str, Any]]:
    """The rows of the form as they were posted, or empty ones."""
    return [
        {"number": i, **{name: post.get(f"draw-{i}-{name}", "") for name in ("name", "kind", "because")},
         "figures": [(name, post.get(f"draw-{i}-{name}", "")) for name in FIGURES]}
        for i in range(1, ROWS + 1)
    ]  # fmt: skip


def read_distributions(post: QueryDict) -> dict[str, dict[str, Any]]:
    """What the form asks to draw; raises Refusal with the row in which something is wrong."""
    found: dict[str, dict[str, Any]] = {}
    for i in range(1, ROWS + 1):
        name = post.get(f"draw-{i}-name", "")
        if not name:
            continue
        if name in found:
            raise Refusal(_("第 %(n)d 行与前面重复，请只保留一行。") % {"n": i})
        found[name] = _distribution(post, i)
    if not found:
        raise Refusal(_("还没有选择要抽样的参数或浓度。请至少选一行。"))
    return found


def _distribution(post: QueryDict, i: int) -> dict[str, Any]:
    kind = post.get(f"draw-{i}-kind", "")
    if kind not in NEEDED:
        raise Refusal(_("第 %(n)d 行没有选择分布。") % {"n": i})
    because = post.get(f"draw-{i}-because", "").strip()[:200]
    if not because:
        raise Refusal(_("第 %(n)d 行没有写明分布的依据，请填写数据来源。") % {"n": i})
    return {"kind": kind, **{name: _number(post, i, name) for name in NEEDED[kind]}, "because": because}


def _number(post: QueryDict, i: int, name: str) -> float:
    text = post.get(f"draw-{i}-{name}", "").strip()
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        words = {
            "low": _("最小值"),
            "mode": _("最可能值"),
            "high": _("最大值"),
            "geometric_mean": _("几何均值"),
            "gsd": _("几何标准差"),
        }
        raise Refusal(
            _("第 %(n)d 行的%(what)s“%(text)s”不是数，请填写。") % {"n": i, "what": words[name], "text": text[:20]}
        )
    return value
