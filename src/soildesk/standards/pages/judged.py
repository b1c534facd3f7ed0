"""A judged table as pages show it: counts, what was understood, the rows of a selection, the samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from soildesk.kit.parts import Chip, Fact
from soildesk.standards import choices, verdicts
from soildesk.standards.models import Evaluation, Trial
from soildesk.standards.queries.judged import FILTERS, PER_PAGE, Row, Selection, table_of
from soildesk.standards.refusals import language
from soilrules import analytes

PRINTED_ROWS = 3000
TWO_LEVELS = ("GB 15618", "GB 36600")


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows have an outcome, with the address that shows them alone."""

    outcome: str
    chip: Chip
    count: int
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One judged row as it is shown."""

    row: Row
    chip: Chip
    name: str
    result: str
    limits: str
    reason: str
    facts: list[Fact]

    @property
    def quality_class(self) -> str:
        """The class of a groundwater index; empty for others."""
        return verdicts.class_word(self.row["class"]) if self.row["class"] else ""

    @property
    def factor(self) -> str:
        """How many times the limit; empty where it cannot be said."""
        return "" if self.row["factor"] is None else f"{self.row['factor']:.3g}"


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample: its gravest outcome and the analyte that governs it."""

    name: str
    chip: Chip
    governing: str
    factor: str
    quality_class: str
    url: str


@dataclass(frozen=True)
class JudgedTable:
    """Everything the template of a judged table needs."""

    record: Trial | Evaluation
    params: QueryDict
    selection: Selection
    language: str

    @classmethod
    def of(cls, record: Trial | Evaluation, request: HttpRequest) -> JudgedTable:
        """The selection the address asks for."""
        wanted = {name: [one for one in request.GET.getlist(name) if one] for name in FILTERS}
        asked = request.GET.get("page", "1")
        page = int(asked) if asked.isdecimal() and len(asked) < 7 else 1
        selection = Selection(table_of(record), wanted, request.GET.get("q", ""), page)
        return cls(record, request.GET, selection, language())

    @property
    def summary(self) -> Mapping[str, Any]:
        """The summary in the language of the page."""
        found: Mapping[str, Any] = self.record.result[self.language]
        return found

    def url(self, **changes: str | None) -> str:
        """The address with `changes` (None takes a parameter away), on the first page."""
        params = self.params.copy()
        params.pop("page", None)
        for name, value in changes.items():
            params.pop(name, None)
            if value is not None:
                params[name] = value
        return f"?{params.urlencode()}"

    @property
    def counts(self) -> list[Count]:
        """The outcomes there are, the gravest first; unknown always, so that nobody misses that it is none."""
        found = self.selection.counts("verdict")
        chosen = self.selection.wanted.get("verdict", [])
        soil = "exceeds_screening" in found or "exceeds_control" in found
        shown = [
            one
            for one in verdicts.OUTCOMES
            if found.get(one)
            or one in ("unknown", "meets")
            or (soil and one in ("exceeds_screening", "exceeds_control"))
        ]
        return [
            Count(
                one,
                verdicts.chip(one),
                found.get(one, 0),
                self.url(verdict=None if one in chosen else one, cause=None),
                one in chosen,
            )
            for one in shown
        ]

    @property
    def causes(self) -> list[tuple[str, int, str]]:
        """Why rows are unknown: word, how many, address."""
        found = self.selection.counts("cause")
        rows = sorted(((count, cause) for cause, count in found.items() if cause), reverse=True)
        return [(verdicts.cause_word(cause), count, self.url(cause=cause, verdict=None)) for count, cause in rows]

    @property
    def fixable(self) -> str:
        """What the person can still say to make unknown rows known; empty where nothing of the kind is missing."""
        found = self.selection.counts("cause")
        words = {
            "standard_missing": _("执行标准"),
            "use_missing": _("用地类型、作物或用途"),
            "ph_missing": _("pH"),
            "unit_missing": _("单位"),
        }
        return "、".join(word for cause, word in words.items() if found.get(cause))

    @property
    def chips(self) -> list[tuple[str, str, str]]:
        """The active filters: title, label, the address without it."""
        names = dict(self.selection.names("name_en" if self.language == "en" else "name"))
        words = {
            "verdict": (_("结论"), lambda one: verdicts.word(one) if one in verdicts.OUTCOMES else one),
            "sample": (_("样品"), str),
            "analyte": (_("项目"), lambda one: names.get(one, one)),
            "cause": (_("原因"), verdicts.cause_word),
        }
        found = []
        for name, (title, label) in words.items():
            found += [
                (title, label(value), self._without(name, value)) for value in self.selection.wanted.get(name, [])
            ]
        return found

    def _without(self, name: str, value: str) -> str:
        params = self.params.copy()
        params.pop("page", None)
        params.setlist(name, [one for one in params.getlist(name) if one != value])
        return f"?{params.urlencode()}"

    @property
    def analytes(self) -> list[tuple[str, str, bool]]:
        """The analytes to choose from: slug, name, whether it is chosen."""
        chosen = self.selection.wanted.get("analyte", [])
        names = self.selection.names("name_en" if self.language == "en" else "name")
        return [(slug, name, slug in chosen) for slug, name in names if slug]

    @property
    def lines(self) -> list[Line]:
        """The rows of the page; for print all of the selection, up to a limit."""
        if self.params.get("show") == "all":
            return [line(row, self.language) for row in self.selection.found.slice(0, PRINTED_ROWS).to_pylist()]
        return [line(row, self.language) for row in self.selection.rows]

    @property
    def first_row(self) -> int:
        """Number of the first row shown."""
        return (self.selection.page - 1) * PER_PAGE + 1

    @property
    def last_row(self) -> int:
        """Number of the last row shown."""
        return min(self.selection.page * PER_PAGE, self.selection.count)

    @property
    def previous_url(self) -> str:
        """The page before; empty on the first."""
        return self.url(page=str(self.selection.page - 1)) if self.selection.page > 1 else ""

    @property
    def next_url(self) -> str:
        """The page after; empty on the last."""
        return self.url(page=str(self.selection.page + 1)) if self.selection.page < self.selection.pages else ""

    @property
    def samples(self) -> list[Sample]:
        """The samples, the gravest first."""
        return [self._sample(one) for one in self.record.result["samples"]]

    def _sample(self, one: Mapping[str, Any]) -> Sample:
        return Sample(
            name=one["sample"] or _("（没有编号）"),
            chip=verdicts.chip(one["verdict"]),
            governing=analyte_name(one["analyte"], self.language) or one["name"] or "",
            factor="" if one["factor"] is None else f"{one['factor']:.3g}",
            quality_class=verdicts.class_word(one["class"]) if one["class"] else "",
            url=f"?{urlencode({'sample': one['sample']})}" if one["sample"] else "",
        )

    @property
    def columns(self) -> list[tuple[str, str]]:
        """How the columns of the table were understood."""
        return [(heading, verdicts.role_word(role)) for heading, role in self.summary["layout"]["columns"].items()]

    @property
    def shape(self) -> str:
        """The form of the table, in words."""
        return str(verdicts.SHAPES.get(self.summary["layout"]["shape"], ""))

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The choices in the user's words."""
        return choices.told(self.record.choices, self.record.division.name)

    @property
    def editions(self) -> list[tuple[Mapping[str, Any], str]]:
        """The editions used, each with its page."""
        found = []
        for one in self.summary["standards"]:
            found.append((one, reverse("standards:edition", args=[edition_slug(one["standard"])])))
        return found


def edition_slug(standard: str) -> str:
    """The printed name of an edition as it stands in an address: GB/T 14848-2017 is gbt14848-2017."""
    return "".join(sign for sign in standard.lower() if sign.isalnum() or sign == "-")


def analyte_name(slug: str, language: str) -> str:
    """The name of an analyte; what is none stays as it was printed."""
    known = analytes.all_analytes().get(slug)
    return known.name(language) if known else slug


def line(row: Row, language: str) -> Line:
    """One row as it is shown."""
    english = language == "en"
    return Line(
        row=row,
        chip=verdicts.chip(row["verdict"]),
        name=(row["name_en"] if english else row["name"]) or row["analyte"] or _("（没有项目名称）"),
        result=result_text(row),
        limits=limits_text(row),
        reason=(row["reason_en"] if english else row["reason"]) or "",
        facts=list(_facts(row, english=english)),
    )


def result_text(row: Row) -> str:
    """The result as a person reads it: as printed where it was, with its unit."""
    printed = (row["text"] or "").strip()
    if not printed and row["value"] is not None:
        printed = f"{row['value']:.6g}"
    unit = row["unit"] or ""
    return f"{printed} {unit}" if printed and unit and not printed.endswith(unit) else printed


def limits_text(row: Row) -> str:
    """The limits a result was held against; empty where there is none."""
    if row["limit"] is None:
        return ""
    unit = row["limit_unit"] or ""
    if row["control"] is not None:
        values = {"screening": row["limit"], "control": f"{row['control']:g}", "unit": unit}
        return _("筛选 %(screening)s，管制 %(control)s %(unit)s") % values
    if (row["standard"] or "").startswith(TWO_LEVELS):
        return _("筛选 %(screening)s %(unit)s") % {"screening": row["limit"], "unit": unit}
    return f"{row['limit']} {unit}".strip()


def _facts(row: Row, *, english: bool) -> Iterator[Fact]:
    if row["basis"]:
        yield Fact(_("依据"), row["basis"])
    if limits := limits_text(row):
        yield Fact(_("限值"), limits)
    if use := row["use_en"] if english else row["use"]:
        yield Fact(_("按"), use)
    if row["ph_band"]:
        yield Fact(_("pH 档"), f"pH {row['ph_band']}", note=_("样品 pH %(ph)s") % {"ph": f"{row['ph']:g}"})
    if row["date"]:
        yield Fact(_("采样日期"), row["date"])
    if row["class"]:
        yield Fact(_("单指标类别"), verdicts.class_word(row["class"]))
    if row["cause"]:
        yield Fact(_("原因"), verdicts.cause_word(row["cause"]))
    if row["mark"]:
        word = verdicts.mark_word(row["mark"])
        doubt = _("使用前请核对印本。") if row["mark"] == "from-knowledge" else ""
        yield Fact(_("限值来源"), word, doubt=doubt)
    if row["row"] is not None:
        yield Fact(_("在表中"), _("第 %(row)s 行，%(cell)s") % {"row": row["row"], "cell": row["cell"] or ""})
