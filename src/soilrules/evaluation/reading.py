"""The records of a laboratory table as the judgement needs them: standard, use, circumstances, result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from soilrules import analytes, units
from soilrules.evaluation.choices import LAST_RESORT, USE_COLUMNS, Choices
from soilrules.standards import uses
from soilrules.standards.arrow import words
from soilrules.standards.columns import BATCH
from soilrules.standards.results import Result, Verdict
from soilrules.standards.rulings import Circumstances

Record = dict[str, Any]
CONTRADICTED = "与规划用途矛盾"
"""What stands as the land class of a row that names class 2 beside a planned use of class 1; of data/standards/uses.yaml."""


@dataclass(frozen=True, slots=True)
class Standard:
    """By what a row is judged: a family, and the id of the edition where one was named.

    Without a family nothing is: `unknown` is a name of no standard, `medium` one the standard `unknown` is not for.
    """

    family: str
    edition: str = ""
    unknown: str = ""
    medium: str = ""


def filled(batch: pa.RecordBatch, choices: Choices) -> pa.RecordBatch:
    """The batch with what the choices say where a row says nothing; `as_if_on` replaces every day."""
    count = batch.num_rows
    days = pa.array([choices.as_if_on or choices.on] * count, pa.date32())
    columns = {"date": days if choices.as_if_on else pc.coalesce(batch.column("date"), days)}
    if choices.unit:
        unit = batch.column("unit").cast(pa.string())
        columns["unit"] = pc.if_else(
            _is_ph(batch), unit, pc.coalesce(unit, pa.scalar(choices.unit))
        ).dictionary_encode()
    if choices.ph is not None:
        chosen = pa.scalar(float(choices.ph))
        silent = pc.and_(pc.is_null(batch.column("ph")), pc.is_null(batch.column("ph_text")))
        columns["ph"] = pc.if_else(silent, chosen, batch.column("ph"))
    for name, column in columns.items():
        batch = batch.set_column(batch.schema.get_field_index(name), name, column)
    return _contradicted_class(_zero_is_not_detected(batch))


def _contradicted_class(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Class 2 beside a planned use of class 1 is no class: the use is then undetermined, and class 1 holds."""
    against = pc.and_(_of_class(batch, "land_class", "class_2"), _of_class(batch, "planned_use", "class_1"))
    if not pc.any(against).as_py():
        return batch
    said = pc.if_else(against, CONTRADICTED, batch.column("land_class").cast(pa.string()))
    return batch.set_column(batch.schema.get_field_index("land_class"), "land_class", said.dictionary_encode())


def contradicting(batch: pa.RecordBatch) -> tuple[NDArray[np.int32], list[str | None]]:
    """Of each row the planned use that its land class contradicts, as a code, and those there are; one is None."""
    codes, said = words(batch.column("land_class"))
    if CONTRADICTED not in said:
        return np.zeros(batch.num_rows, np.int32), [None]
    planned, known = words(batch.column("planned_use"))
    return np.where(codes == said.index(CONTRADICTED), planned, len(known) - 1), known


def with_contradiction(verdict: Verdict, planned_use: str | None) -> Verdict:
    """The verdict with the two that disagree named, where its note would only say that the use is not determined."""
    if planned_use is None:
        return verdict
    notes = (
        replace(one, id="use_contradicted", params={**one.params, "planned": planned_use.strip()})
        if one.id == "use_undetermined"
        else one
        for one in verdict.notes
    )
    return replace(verdict, notes=tuple(notes))


def _of_class(batch: pa.RecordBatch, column: str, land_class: str) -> pa.Array:
    codes, said = words(batch.column(column))
    of_class = [one is not None and uses.resolve("gb36600", one) == land_class for one in said]
    return pa.array(np.array(of_class)[codes])


def _zero_is_not_detected(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A content of 0 cannot be measured: it was not detected, by a method whose limit the table does not say."""
    zero = pc.and_(pc.equal(batch.column("value"), 0.0), pc.is_null(batch.column("more_than")))
    if not pc.any(zero).as_py():
        return batch
    codes, printed = words(batch.column("unit"))
    weighed = np.array([_is_content(one) for one in printed])[codes]
    zero = pc.and_(pc.fill_null(zero, False), pa.array(weighed))
    columns = {
        "value": pc.if_else(zero, None, batch.column("value")),
        "censored": pc.or_(batch.column("censored"), zero),
    }
    for name, column in columns.items():
        batch = batch.set_column(batch.schema.get_field_index(name), name, column)
    return batch


def _is_content(unit: str | None) -> bool:
    read = units.parse(unit or "")
    return read is not None and read.dimension in (units.Dimension.MASS_FRACTION, units.Dimension.MASS_CONCENTRATION)


def _is_ph(batch: pa.RecordBatch) -> pa.Array:
    codes, names = words(batch.column("analyte"))
    return pa.array(np.array([analytes.candidates(name or "") == ("ph",) for name in names])[codes])


def for_columns(batch: pa.RecordBatch, family: str, choices: Choices) -> pa.RecordBatch:
    """The filled batch as the judgement by columns takes it."""
    land = _use_column(batch, family, choices)
    return pa.RecordBatch.from_arrays(
        [land if name == "land" else batch.column(name) for name in BATCH.names], schema=BATCH
    )


def _use_column(batch: pa.RecordBatch, family: str, choices: Choices) -> pa.Array:
    """The words of use of each row: its columns, then the choice, then the column of last resort."""
    here = [batch.column(name).cast(pa.string()) for name in USE_COLUMNS[family]]
    chosen = [pa.scalar(choices.use(family))] if choices.use(family) else []
    rest = [batch.column(name).cast(pa.string()) for name in LAST_RESORT.get(family, ())]
    nothing = pa.nulls(batch.num_rows, pa.string())
    return pc.coalesce(*here, *chosen, *rest, nothing).dictionary_encode()


def use_of(record: Record, family: str, choices: Choices) -> str | None:
    """The use of one record, resolved: a key of the standard, None where it is not known, else the word."""
    said = [record[name] for name in USE_COLUMNS[family]]
    word = next(filter(None, (*said, choices.use(family), *(record[name] for name in LAST_RESORT.get(family, ())))), "")
    return uses.resolve(family, word) if word else None


def circumstances(record: Record, family: str, choices: Choices) -> Circumstances:
    """Where and when the sample of one filled record was taken."""
    ph = _number(record["ph_text"]) if record["ph"] is None else _decimal(record["ph"])
    unit = units.parse(record["unit"] or "")
    background = _decimal(record["background"])
    if background is not None and unit is not None and unit.dimension is units.Dimension.MASS_FRACTION:
        background *= unit.factor
    use = use_of(record, family, choices)
    return Circumstances(record["date"], use, ph, choices.division, background=background)


def result(record: Record, slug: str) -> Result:
    """The laboratory's result of one filled record."""
    printed = record["unit"] or ""
    lower_bound = record["more_than"] is not None
    value = _decimal(record["more_than"] if lower_bound else record["value"])
    said = record["text"] or "" if value is None and not record["censored"] else ""
    return Result(
        slug,
        value,
        units.parse(printed),
        censored=record["censored"],
        detection_limit=_decimal(record["detection_limit"]),
        at_least=lower_bound,
        words=said.strip(),
        printed_unit=printed,
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
