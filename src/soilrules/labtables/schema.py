"""The one shape in which every laboratory table leaves this room: a record for each result.

| column | type | meaning |
|---|---|---|
| row | int64 | the row as a person sees it: from 1 in the sheet or the text file; in parquet the record |
| cell | string | where the result stands: `C5` in a workbook, the heading of the column elsewhere |
| sample, point | string, dictionary | as printed |
| analyte | dictionary | as printed, without its unit and words such as 含量: what `analytes.candidates` understands |
| text | string | the result as printed |
| value | float64 | the number; null where the result is no number, is below a limit, above one, or wrong |
| censored | bool | the result is below the detection limit |
| detection_limit | float64 | in `unit`; null where the table does not say it. Also given for detected results |
| more_than | float64 | the result is only known to be above this (`>1000`) |
| qualifier | dictionary | letters printed beside the number that leave it as it is (J, *) |
| unit | dictionary | as printed: in the cell, else the column of units, the heading, the row of units, the table |
| ph | float64 | of the sample's soil, 0 to 14 |
| ph_text | dictionary | the pH as printed, where it is none |
| land, land_class, planned_use, crop, water_use, medium, standard | dictionary | as printed |
| date | date32 | day of sampling |
| background | float64 | in `unit` |
| depth | dictionary | as printed, with the unit of its heading |
| problem | dictionary | id of a sentence of the group `records` in messages.yaml, null where there is nothing to say |

With a problem of `NO_VALUE` the result cannot be judged: value, censored and more_than say nothing. The other
problems concern what stands beside the result (pH, date, …); the result itself stands. Strings in a dictionary
are coded anew in each batch.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

WORDS: Final = pa.dictionary(pa.int32(), pa.string())
SCHEMA: Final = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        ("cell", pa.string()),
        ("sample", pa.string()),
        ("point", WORDS),
        ("analyte", WORDS),
        ("text", pa.string()),
        ("value", pa.float64()),
        pa.field("censored", pa.bool_(), nullable=False),
        ("detection_limit", pa.float64()),
        ("more_than", pa.float64()),
        ("qualifier", WORDS),
        ("unit", WORDS),
        ("ph", pa.float64()),
        ("ph_text", WORDS),
        ("land", WORDS),
        ("land_class", WORDS),
        ("planned_use", WORDS),
        ("crop", WORDS),
        ("water_use", WORDS),
        ("medium", WORDS),
        ("standard", WORDS),
        ("date", pa.date32()),
        ("background", pa.float64()),
        ("depth", WORDS),
        ("problem", WORDS),
    ]
)
AS_PRINTED: Final = ("point", "land", "land_class", "planned_use", "crop", "water_use", "medium", "standard")
NO_VALUE: Final = (
    "no_value",
    "not_a_number",
    "negative",
    "ambiguous_nd",
    "ambiguous_comma",
    "formula_without_value",
    "error_value",
    "merged_value",
    "format_below",
    "format_percent",
    "struck_out",
    "ragged_row",
    "no_analyte",
    "detection_contradiction",
    "detection_unread",
    "rejected_result",
)
BESIDE: Final = (
    "above_range",
    "detection_limit_unread",
    "detection_limit_unit",
    "ph_out_of_range",
    "ph_unread",
    "ph_conflict",
    "date_ambiguous",
    "date_unread",
    "background_unread",
)
PROBLEMS: Final = (*NO_VALUE, *BESIDE)
