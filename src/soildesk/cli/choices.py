"""What people write after the options of `soildesk evaluate` and `standards`: read, or refused with what is expected."""

from __future__ import annotations

import argparse
import os
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from pathlib import Path

from soildesk.cli import Refused
from soilrules import units
from soilrules.evaluation import Choices
from soilrules.standards import provinces, uses
from soilrules.standards.library import Library, shipped
from soilrules.standards.loader import read_edition
from soilrules.standards.model import Edition
from soilrules.standards.rulings import PH_RANGE
from soilrules.strict import BadRuleData, load_yaml

CLASSES = ("I", "II", "III", "IV", "V")
BEIJING = timezone(timedelta(hours=8))
_CLASS_WORDS = dict(zip("12345一二三四五", CLASSES * 2, strict=True))


def library_of(options: argparse.Namespace) -> Library:
    """The library as shipped, with the local tables of `--limits` laid over it."""
    try:
        tables = [read_edition(load_yaml(Path(path)), path) for path in options.limits]
        for one in tables:
            if not one.division:
                raise BadRuleData(f"{one.standard}: no division; expected the code of the place, as in division: '99'.")
        return shipped().with_editions(tables) if tables else shipped()
    except FileNotFoundError as error:
        raise Refused(
            f"没有限值表文件“{error.filename}”。请检查路径和文件名。", code="standards.no_limits_file"
        ) from error
    except BadRuleData as error:
        raise Refused(f"限值表有误，没有采用：{error}", code="standards.limits_unreadable") from error


def choices_of(options: argparse.Namespace, library: Library) -> Choices:
    """The options as choices. Raises Refused for a value that means nothing."""
    standard_of(options.standard, library)
    return Choices(
        on=day_of(options.on, "--on") or today(),
        standard=options.standard,
        as_if_on=day_of(options.as_if_on, "--as-if-on"),
        land=options.land,
        land_class=_land_class(options.land_class),
        crop=options.crop,
        water_use=_water_use(options.water_use, library),
        ph=_ph(options.ph),
        level=_class(options.level),
        division=_division(options.province, [one.division for one in library.editions if one.division]),
        unit=_unit(options.unit),
    )


def standard_of(name: str, library: Library) -> tuple[str, Edition | None]:
    """The family and edition a name means; both empty for an empty name."""
    try:
        return library.find(name) if name else ("", None)
    except KeyError:
        known = "、".join(f"{one.id}（{one.standard}）" for one in library.editions)
        sentence = f"没有收录标准“{name}”。应为：{known}，或不带年号的 {'、'.join(library.families)}。"
        raise Refused(sentence, code="standards.unknown_standard") from None


def today() -> date:
    """The day in China, or that fixed by SOILDESK_TODAY: what soildesk.core.clock says, without the desk's settings."""
    fixed = day_of(os.environ.get("SOILDESK_TODAY"), "SOILDESK_TODAY")
    return fixed or datetime.now(BEIJING).date()


def day_of(text: str | None, option: str) -> date | None:
    """A day, None where none was given; an empty --on is a variable nobody filled, and not today."""
    if text is None or (not text and option != "--on"):
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise _wrong(option, text, "一个日期，写成 2026-11-22 的样式") from None


def _land_class(text: str) -> str:
    if text and uses.resolve("gb36600", text) not in (None, "class_1", "class_2"):
        raise _wrong("--land-class", text, "1（第一类用地）、2（第二类用地），或规划用途的名称、代码")
    return text


def _water_use(text: str, library: Library) -> str:
    known = library.national("gb5084")[-1].uses
    if text and uses.resolve("gb5084", text) not in (None, *known):
        raise _wrong("--water-use", text, "、".join(one.zh for one in known.values()))
    return text


def _ph(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        number = Decimal(unicodedata.normalize("NFKC", text.strip()))
    except InvalidOperation:
        number = Decimal(-1)
    if not (number.is_finite() and PH_RANGE[0] <= number <= PH_RANGE[1]):
        raise _wrong("--ph", text, "0 至 14 之间的数")
    return number


def _class(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip().upper().removesuffix("类")
    found = _CLASS_WORDS.get(plain, plain)
    if found not in CLASSES:
        raise _wrong("--class", text, "I、II、III、IV、V")
    return found


def _unit(text: str) -> str:
    if text and units.parse(text) is None:
        raise _wrong("--unit", text, "mg/kg、µg/kg、ng/kg、%、mg/L、µg/L 等")
    return text


def _division(text: str, local: Iterable[str]) -> str:
    """The division of `--province`; that of the local tables where they are of one place. Both must agree."""
    places = set(local)
    if not text:
        if len(places) > 1:
            told = f"--limits 给出了几个地方的限值表（{'、'.join(sorted(places))}）。请用 --province 说明按哪一地判断。"
            raise Refused(told, code="standards.several_places")
        return next(iter(places), "")
    try:
        division = provinces.division_of(text)
    except KeyError:
        if text.strip() in places:
            return text.strip()
        known = "、".join(one.short for one in provinces.provinces().values())
        raise _wrong("--province", text, f"省份名称或 GB/T 2260 代码：{known}") from None
    if places and not any(division.startswith(one) for one in places):
        told = f"--province {text}（{division}）不在限值表的适用地区（{'、'.join(sorted(places))}）内。请改用当地的限值表，或去掉其中之一。"
        raise Refused(told, code="standards.other_place")
    return division


def _wrong(option: str, text: str, expected: str) -> Refused:
    return Refused(f"{option} 的值“{text}”无法识别，应为：{expected}。", code="standards.bad_option")
