"""Rules about single cells: what must be there, what is no number, what cannot be."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from soilrules.labcheck import words
from soilrules.labcheck.findings import Flags, Log
from soilrules.labcheck.frame import Frame, matching, word_of
from soilrules.labtables import notation
from soilrules.labtables.coded import Coded
from soilrules.messages import Message

_READER = (  # problems the reader of tables tells of a result, with its own sentences
    "not_a_number", "negative", "ambiguous_nd", "ambiguous_comma", "formula_without_value", "error_value", "format_below",
    "format_percent", "struck_out",
    "ragged_row", "detection_contradiction", "detection_unread", "rejected_result", "merged_value", "above_range",
)  # fmt: skip
_ZERO = r"^[<＜≤]?\s*[+-]?(0+(\.0*)?|\.0+)$"
_FULL_WIDTH = "[０-９．，①-⒛٠-٩]"
_MOST_MASS = 1_000_000.0  # mg/kg: the whole sample
_MOST_PH = 14.0
_NO_NAMES = pa.array(
    ["无", "N/A", "n/a", "NA", "null", "#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!"]
)  # for a number of a sample


def check(frame: Frame, log: Log) -> None:
    """All of them."""
    _required(frame, log)
    _numbers(frame, log)
    _zero(frame, log)
    _range(frame, log)
    for column in (frame.printed, *frame.beside("detection_limit")):
        role = "value" if column is frame.printed else "detection_limit"
        wide = matching(column, _FULL_WIDTH)
        frame.find(log, "full_width", wide, role, word_of(column))


def _required(frame: Frame, log: Log) -> None:
    silent = frame.has_problem("no_value")
    blank = frame.printed.codes < 0
    if frame.long:
        frame.find(log, "required", blank & silent, "value")
        frame.find(log, "required", frame.analyte.codes < 0, "analyte")
        frame.find(log, "not_measured", silent & ~blank, "value")
    if frame.has(frame.sample_role):
        frame.find(log, "required", _without_sample(frame), frame.sample_role)
    for role, days in frame.days.items():
        if role in ("date", "analysed"):
            blank = ~days.known & ~np.logical_or.reduce([*days.problem.values()])
            frame.find(log, "required" if frame.long else "expected", blank, role)


def _without_sample(frame: Frame) -> Flags:
    """Results whose row leaves the sample blank, also where it would be taken from the row above."""
    at = frame.layout.column(frame.sample_role)
    if at is None or at not in frame.piece.printed.columns:
        found: Flags = frame.sample.codes < 0
        return found
    chunk = frame.piece.printed
    rows = np.searchsorted(chunk.rows, frame.piece.read.rows)
    printed = pc.cast(chunk.columns[at], "string")
    named = pc.match_substring_regex(printed, r"[\p{L}\p{N}]").fill_null(False)
    blank = pc.or_(pc.invert(named), pc.is_in(pc.utf8_trim_whitespace(printed), value_set=_NO_NAMES).fill_null(True))
    return np.repeat(blank.to_numpy(zero_copy_only=False)[rows], frame.across)


def _numbers(frame: Frame, log: Log) -> None:
    for problem in _READER:
        frame.message(
            log, problem, frame.has_problem(problem), "value",
            sentence=lambda at, problem=problem: _said(frame, problem, at),  # type: ignore[misc]
        )  # fmt: skip


def _said(frame: Frame, problem: str, at: int) -> Message:
    params = {
        "row": frame.row[at],
        "cell": frame.cell(at, "value"),
        "text": frame.printed.word(at) or "",
        "analyte": "",
        "count": 1,
    }
    return Message("labtables", "records", problem, {name: str(value)[:60] for name, value in params.items()})


def _zero(frame: Frame, log: Log) -> None:
    zero = ((frame.value == 0) | matching(frame.printed, _ZERO)) & frame.of_mass
    frame.find(log, "zero", zero & frame.told, "value")


def _range(frame: Frame, log: Log) -> None:
    acid = frame.analyte.marked(lambda name: words.slug_of(name) == "ph") & (frame.value > _MOST_PH)
    frame.find(log, "out_of_range", acid, "value", lambda at: {"range": "0～14", "range_en": "0 to 14"})
    factor = np.array([*map(_mg_kg, frame.unit.words), np.nan])[frame.unit.codes]
    too_much = frame.value * factor > _MOST_MASS
    frame.find(
        log, "out_of_range", too_much, "value", lambda at: {"range": "不超过 1 kg/kg", "range_en": "at most 1 kg/kg"}
    )
    beside = frame.has_problem("ph_out_of_range") | frame.has_problem("ph_unread")
    printed = frame.piece.read.beside.ph_text.repeated(frame.across)
    frame.find(log, "out_of_range", beside, "ph", lambda at: _acidity(printed, at))


def _acidity(printed: Coded, at: int) -> Mapping[str, object]:
    return {"text": printed.word(at) or "", "range": "0～14 的数", "range_en": "a number from 0 to 14"}


def _mg_kg(unit: str) -> float:
    found = words.unit_of(unit)
    of_mass = found is not None and found.dimension == "mass_fraction"
    return float(found.factor) if found and of_mass else np.nan


def means_nothing(word: str) -> bool:
    """Whether a word of a column of qualifiers is none we know."""
    known = ("below", "above", "rejected", "kept", "detected", "not_measured", "yes", "no")
    return not notation.says_below(word) and not any(notation.means(word, kind) for kind in known)
