"""The sentences of a judgement: values, limits and places as a person reads them, in both languages."""

from __future__ import annotations

from decimal import Decimal

from soilrules import analytes
from soilrules.intervals import Interval
from soilrules.messages import Message
from soilrules.standards.model import Edition, Limit
from soilrules.standards.results import Result, Verdict
from soilrules.standards.rulings import Cause, Circumstances
from soilrules.units import Dimension

ROOM = "standards"
_KINDS = {"land": ("用地类型", "land use"), "land_class": ("用地类别", "land class"), "water_use": ("灌溉作物类型", "water use"), "crop": ("农产品名称", "crop")}  # fmt: skip


def told(kind: str, result: Result, found: Verdict, *, level: str = "") -> Message:
    """Why a result meets or exceeds: the sentence `kind` of the group verdicts."""
    params = {**_value(result), "factor": _factor(result, found), "level": level, "class": found.quality_class}
    params |= {"level_zh": numeral(level), "class_zh": numeral(found.quality_class)}
    for language in ("zh", "en"):
        params[f"limit_{language}"] = amount(found.screening, language) if found.screening else ""
        params[f"control_{language}"] = amount(found.control, language) if found.control else ""
    params["place_zh"], params["place_en"] = _place(found)
    return Message(ROOM, "verdicts", kind, params)


def unknown(cause: Cause, result: Result, around: Circumstances, edition: Edition | None) -> Message:
    """Why nothing can be said: the sentence of `cause`."""
    analyte = analytes.get(result.analyte) if result.analyte in analytes.all_analytes() else None
    params = {**_value(result), "on": around.on.isoformat(), "ph": "" if around.ph is None else f"{around.ph:f}"}
    params |= {
        "analyte_zh": analyte.zh if analyte else result.analyte,
        "analyte_en": analyte.en if analyte else result.analyte,
    }
    params["unit"] = result.unit.symbol if result.unit else result.printed_unit
    params["use"] = around.use or ""
    params["standard"] = edition.standard if edition else ""
    params |= _of_edition(edition, result.analyte)
    return Message(ROOM, "unknown", str(cause), params)


def _of_edition(edition: Edition | None, analyte: str) -> dict[str, str]:
    if edition is None:
        return {"kind_zh": "", "kind_en": "", "uses_zh": "", "uses_en": "", "limited_zh": "", "limited_en": "", "whole_zh": "", "whole_en": "", "expected_unit": "", "conditions_zh": "", "conditions_en": ""}  # fmt: skip
    kind = _KINDS.get(edition.use_kind, ("", ""))
    limited = next((one.limited for one in edition.related if one.offered == analyte), "")
    whole = next((one.analyte for one in edition.sums if analyte in one.components), "")
    found = {"kind_zh": kind[0], "kind_en": kind[1], "expected_unit": edition.unit.symbol}
    for language in ("zh", "en"):
        names = _names_of_uses(edition, analyte, language)
        rows = edition.by_analyte.get(analyte, {}).values()
        conditions = dict.fromkeys(one.condition for level in rows for one in level if one.condition)
        gap = "、" if language == "zh" else ", "
        found[f"uses_{language}"] = gap.join(names)
        found[f"conditions_{language}"] = gap.join(edition.conditions[key].name(language) for key in conditions)
        found[f"limited_{language}"] = analytes.get(limited).name(language) if limited else ""
        found[f"whole_{language}"] = analytes.get(whole).name(language) if whole else ""
    if levels := edition.by_analyte.get(analyte):
        found["expected_unit"] = next(iter(levels.values()))[0].unit.symbol
    return found


def _names_of_uses(edition: Edition, analyte: str, language: str) -> list[str]:
    """The uses a person may give; of the many food groups some that the analyte is limited in."""
    if edition.use_kind != "crop":
        return [use.name(language) for use in edition.uses.values()]
    levels = edition.by_analyte.get(analyte, {}).values()
    groups = dict.fromkeys(group for limits in levels for limit in limits for group in limit.uses)
    return [edition.uses[group].name(language) for group in list(groups)[:6]] + ["…"]


def numeral(quality_class: str) -> str:
    """A groundwater class as Chinese standards print it: Ⅲ for III.

    >>> numeral("IV")
    'Ⅳ'
    """
    return {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ", "V": "Ⅴ"}.get(quality_class, quality_class)


def amount(limit: Limit, language: str) -> str:
    """A limit with its unit."""
    if limit.bound.upper is not None:
        return f"{limit.bound} {limit.unit.symbol}"
    if language == "zh":
        return str(limit.bound)
    return (
        "not detected"
        if limit.bound.not_detected
        else str(limit.bound).replace("，", " and ").replace("无", "none (无)")
    )


def _value(result: Result) -> dict[str, str]:
    unit = result.unit.symbol if result.unit and result.unit.dimension is not Dimension.DIMENSIONLESS else ""
    if result.censored:
        limit = "" if result.detection_limit is None else f"{result.detection_limit:f} {unit}".strip()
        zh, en = not_detected(limit)
        return {"value_zh": zh, "value_en": en}
    if result.words or result.value is None:
        return {"value_zh": result.words, "value_en": result.words}
    text = f"{'>' if result.at_least else ''}{result.value:f} {unit}".strip()
    return {"value_zh": text, "value_en": text}


def not_detected(limit: str) -> tuple[str, str]:
    """What stands for a non-detect in both languages; `limit` with its unit, empty where it is not known."""
    if not limit:
        return "未检出", "not detected"
    return f"未检出（检出限 {limit}）", f"not detected (detection limit {limit})"


def _place(found: Verdict) -> tuple[str, str]:
    """The use and pH band a limit holds for, in brackets, in both languages."""
    if found.screening is None:
        return "", ""
    band = ph_band(found.screening.ph)
    zh = "，".join(filter(None, (_use(found, "zh"), band)))
    en = ", ".join(filter(None, (_use(found, "en"), band)))
    return (f"（{zh}）" if zh else "", f" ({en})" if en else "")


def ph_band(ph: Interval | None) -> str:
    """A band as tables print it: 5.5<pH≤6.5; empty where a limit holds for every pH."""
    if ph is None:
        return ""
    low = "" if ph.low is None else f"{ph.low}{'≤' if ph.low_closed else '<'}"
    high = "" if ph.high is None else f"{'≤' if ph.high_closed else '<'}{ph.high}"
    if low and not high:
        return f"pH{'≥' if ph.low_closed else '>'}{ph.low}"
    return f"{low}pH{high}"


def _use(found: Verdict, language: str) -> str:
    from soilrules.standards.library import shipped

    if not found.use:
        return ""
    held = (one.uses.get(found.use) for one in shipped().editions if one.standard == found.standard)
    use = next(held, None)  # an office's own edition is not among those shipped
    return use.name(language) if use else found.use


def _factor(result: Result, found: Verdict) -> str:
    """Value over the first limit; of a lower bound only that it is more."""
    if found.factor is not None:
        return times(found.factor)
    if (
        not result.at_least
        or result.value is None
        or result.unit is None
        or not (found.screening and found.screening.bound.upper)
    ):
        return ""
    return ">" + times(result.value * result.unit.to(found.screening.unit) / found.screening.upper)


def times(factor: Decimal) -> str:
    """A factor in three digits, written out; in more where three would say 1 of what is above it.

    >>> times(Decimal("5000")), times(Decimal("1.0004")), times(Decimal(1))
    ('5000', '1.0004', '1')
    """
    rounded = (Decimal(f"{float(factor):.{digits}g}") for digits in range(3, 13))
    return f"{next((one for one in rounded if one != 1), Decimal(1)):f}"
