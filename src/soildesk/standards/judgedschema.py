"""The one shape of judged rows in a file: what the judgement gave for each result, its sentences in both languages.

No Django in here: the limited process writes it.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

SCHEMA: Final = pa.schema(
    [
        ("number", pa.int32()),  # from 1, in the order of the table; sums of components stand last
        ("row", pa.int64()),
        ("cell", pa.string()),
        ("sample", pa.string()),
        ("analyte", pa.string()),
        ("name", pa.string()),
        ("name_en", pa.string()),
        ("text", pa.string()),  # the result as printed
        ("value", pa.float64()),
        ("unit", pa.string()),
        ("detection_limit", pa.float64()),
        ("ph", pa.float64()),
        ("date", pa.string()),
        ("standard", pa.string()),
        ("use", pa.string()),
        ("use_en", pa.string()),
        ("ph_band", pa.string()),
        ("limit", pa.string()),
        ("limit_unit", pa.string()),
        ("screening", pa.float64()),
        ("control", pa.float64()),
        ("factor", pa.float64()),
        ("verdict", pa.string()),
        ("class", pa.string()),
        ("cause", pa.string()),
        ("basis", pa.string()),
        ("mark", pa.string()),
        ("reason", pa.string()),
        ("reason_en", pa.string()),
        ("note", pa.string()),
    ]
)
