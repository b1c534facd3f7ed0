"""The records of a laboratory table as the judgement needs them: standard, use, circumstances, result."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from soilrules import units
from soilrules.evaluation.choices import FAMILY_OF_USE, LAST_RESORT, USE_COLUMNS, Choices
from soilrules.standards import uses
from soilrules.standards.arrow import words
from soilrules.standards.columns import BATCH
from soilrules.standards.judge import Result
from soilrules.standards.library import Library
from soilrules.standards.rulings import Circumstances

Record = dict[str, Any]


def with_day(batch: pa.RecordBatch, day: date) -> pa.RecordBatch:
    """The batch with every result sampled on `day`."""
    return batch.set_column(batch.schema.get_field_index("date"), "date", pa.array([day] * batch.num_rows, pa.date32()))


def families(batch: pa.RecordBatch, library: Library, default: str) -> list[str]:
    """The standard of each row: the one it names, else what its columns of use say, else `default`."""
    found = np.full(batch.num_rows, default, object)
    for column, family in reversed(FAMILY_OF_USE.items()):
        found[pc.is_valid(batch.column(column)).to_numpy(zero_copy_only=False)] = family
    codes, named = words(batch.column("standard"))
    for code, name in enumerate(named):
        if name is not None and (family := _family(library, name)):
            found[codes == code] = family
    return list(found)


def _family(library: Library, name: str) -> str:
    try:
        return library.find(name)[0]
    except KeyError:
        return ""


def for_columns(batch: pa.RecordBatch, family: str, choices: Choices) -> pa.RecordBatch:
    """The batch as the judgement by columns takes it, with the choices where a row says nothing."""
    ph = batch.column("ph")
    if choices.ph is not None:
        ph = pc.coalesce(ph, pa.scalar(float(choices.ph)))
    unit = batch.column("unit")
    if choices.unit:
        unit = pc.coalesce(unit.cast(pa.string()), pa.scalar(choices.unit)).dictionary_encode()
    columns = {"ph": ph, "unit": unit, "land": _use_column(batch, family, choices)}
    return pa.RecordBatch.from_arrays(
        [columns.get(name, batch.column(name) if name in batch.schema.names else None) for name in BATCH.names],
        schema=BATCH,
    )


def _use_column(batch: pa.RecordBatch, family: str, choices: Choices) -> pa.Array:
    """The words of use of each row: its columns, then the choice, then the column of last resort."""
    here = [batch.column(name).cast(pa.string()) for name in USE_COLUMNS[family]]
    chosen = [pa.scalar(choices.use(family))] if choices.use(family) else []
    rest = [batch.column(name).cast(pa.string()) for name in LAST_RESORT.get(family, ())]
    if not here and not chosen and not rest:
        return pa.nulls(batch.num_rows, pa.string()).dictionary_encode()
    found = pc.coalesce(*here, *chosen, *rest)
    return pa.array([found.as_py()] * batch.num_rows) if isinstance(found, pa.Scalar) else found.dictionary_encode()


def use_of(record: Record, family: str, choices: Choices) -> str | None:
    """The use of one record, resolved: a key of the standard, None where it is not known, else the word."""
    said = [record[name] for name in USE_COLUMNS[family]]
    word = next(filter(None, (*said, choices.use(family), *(record[name] for name in LAST_RESORT.get(family, ())))), "")
    return uses.resolve(family, word) if word else None


def circumstances(record: Record, family: str, choices: Choices) -> Circumstances:
    """Where and when the sample of one record was taken."""
    printed = record["ph_text"] if record["ph"] is None and record["problem"] == "ph_out_of_range" else None
    ph = _decimal(record["ph"]) if record["ph"] is not None else _number(printed) or choices.ph
    unit = units.parse(record["unit"] or choices.unit)
    background = _decimal(record["background"])
    if background is not None and unit is not None and unit.dimension is units.Dimension.MASS_FRACTION:
        background *= unit.factor
    on = record["date"] or choices.on
    return Circumstances(on, use_of(record, family, choices), ph, choices.division, background=background)


def result(record: Record, slug: str, choices: Choices) -> Result:
    """The laboratory's result of one record."""
    printed = record["unit"] or choices.unit
    unit = units.parse(printed) if printed else None
    lower_bound = record["more_than"] is not None
    value = _decimal(record["more_than"] if lower_bound else record["value"])
    said = record["text"] or "" if value is None and not record["censored"] else ""
    return Result(
        slug,
        value,
        unit,
        censored=record["censored"],
        detection_limit=_decimal(record["detection_limit"]),
        at_least=lower_bound,
        words=said.strip(),
        printed_unit=printed or "",
    )


def _decimal(number: float | None) -> Decimal | None:
    """The number as it is printed: 21 and not 21.0."""
    if number is None:
        return None
    return Decimal(int(number)) if number.is_integer() else Decimal(repr(number))


def _number(text: str | None) -> Decimal | None:
    try:
        return None if text is None else Decimal(text.strip())
    except ArithmeticError:
        return None
