"""The standard each row is judged by: named by the choices, else by the row, else by its medium and columns of use.

Where columns disagree on it (水田 with a class of development land), none is guessed. A soil is never judged as produce, nor
produce as soil: both are in mg/kg, and nothing else would tell them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from soilrules.evaluation.choices import FAMILY_OF_USE, Choices
from soilrules.evaluation.reading import Standard
from soilrules.standards import uses
from soilrules.standards.arrow import Flags, Ints, words
from soilrules.standards.library import Library
from soilrules.standards.model import Edition, Medium

_NO_NAME = ("", "/", "-", "—", "无")
_ANY_LAND = ("其他", "其它", "other", "others")
_NONE = Standard("")
_OF_MEDIUM = {Medium.GROUNDWATER: "gbt14848", Medium.IRRIGATION_WATER: "gb5084", Medium.PRODUCE: "gb2762"}
_SILENT = {  # beside these media a column says no standard: the crop that a soil bears
    "crop": {Medium.SOIL, Medium.GROUNDWATER, Medium.IRRIGATION_WATER},
    "water_use": {Medium.SOIL, Medium.PRODUCE},
}
_IN_MG_KG = {Medium.SOIL, Medium.PRODUCE}

Known = dict[Standard, int]


def standards(
    batch: pa.RecordBatch, library: Library, choices: Choices
) -> Iterator[tuple[Standard, NDArray[np.intp] | None]]:
    """Each standard with its rows, None for all."""
    default = Standard(*_found(library, choices.standard)) if choices.standard else Standard(choices.family())
    known: Known = {default: 0}
    found = np.zeros(batch.num_rows, np.int32)
    if not choices.standard:
        found = _by_columns(batch, library, found, known)
    found = _without_strangers(batch, library, found, known)
    for one, code in known.items():
        where = np.flatnonzero(found == code)
        if len(where):
            yield one, None if len(where) == batch.num_rows else where


def _by_columns(batch: pa.RecordBatch, library: Library, found: Ints, known: Known) -> Ints:
    """The standard of each row by its columns: that of standards first, then medium and use, land last."""
    farmland = _where(batch, "land", _is_farmland)
    for column, family in reversed(FAMILY_OF_USE.items()):
        said = _codes(batch, column, partial(_by_use, column, family), known)
        said[_is_silent(batch, column)] = -1
        if family == "gb36600":
            said[farmland & (said >= 0)] = known.setdefault(_NONE, len(known))
        found = np.where(said >= 0, said, found)
        if column == "land_class":
            said = _codes(batch, "medium", _by_medium, known)
            found = np.where(said >= 0, said, found)
    said = _codes(batch, "standard", partial(_named, library), known)
    return np.where(said >= 0, said, found)


def _is_silent(batch: pa.RecordBatch, column: str) -> Flags:
    silent = _SILENT.get(column, set())
    return _where(batch, "medium", lambda word: uses.medium_of(word) in silent)


def _without_strangers(batch: pa.RecordBatch, library: Library, found: Ints, known: Known) -> Ints:
    """No standard where the medium said is not the one the standard is for."""
    codes, said = words(batch.column("medium"))
    for at, word in enumerate(said):
        if word is None or uses.medium_of(word) not in _IN_MG_KG:
            continue
        for standard, code in tuple(known.items()):
            if standard.family and _other_medium(library.national(standard.family)[-1], word):
                stranger = Standard("", unknown=library.national(standard.family)[-1].standard, medium=word.strip())
                found = np.where((codes == at) & (found == code), known.setdefault(stranger, len(known)), found)
    return found


def _other_medium(edition: Edition, word: str) -> bool:
    return edition.medium in _IN_MG_KG and edition.medium is not uses.medium_of(word)


def _codes(batch: pa.RecordBatch, column: str, meaning: Callable[[str], Standard | None], known: Known) -> Ints:
    """The number of the standard each row's word means, −1 where it means none. Each different word is looked at once."""
    codes, said = words(batch.column(column))
    meant = [None if one is None else meaning(one) for one in said]
    return np.array([-1 if one is None else known.setdefault(one, len(known)) for one in meant], np.int32)[codes]


def _where(batch: pa.RecordBatch, column: str, test: Callable[[str], bool]) -> Flags:
    codes, said = words(batch.column(column))
    return np.array([one is not None and test(one) for one in said], np.bool_)[codes]


def _by_use(column: str, family: str, word: str) -> Standard:
    """The standard of a word of use; a column of land may hold farmland or development land: 旱地, 工业用地."""
    if column != "land":
        return Standard(family)
    developed = uses.resolve("gb15618", word) == word.strip() and uses.resolve("gb36600", word) in (
        "class_1",
        "class_2",
    )
    return Standard("gb36600" if developed else family)


def _is_farmland(word: str) -> bool:
    """Whether a word of land means farmland and nothing else: 水田, 耕地; not 其他, not 不明."""
    plain = word.strip()
    known = uses.resolve("gb15618", word) != plain and uses.resolve("gb36600", word) == plain
    return known and plain.casefold() not in _ANY_LAND


def _by_medium(word: str) -> Standard | None:
    medium = uses.medium_of(word)
    return Standard(_OF_MEDIUM[medium]) if medium in _OF_MEDIUM else None


def _named(library: Library, word: str) -> Standard | None:
    if word.strip() in _NO_NAME:
        return None
    try:
        return Standard(*_found(library, word))
    except KeyError:
        return Standard("", unknown=word.strip())


def _found(library: Library, name: str) -> tuple[str, str]:
    family, edition = library.find(name)
    return family, edition.id if edition else ""
