"""Corner text (拐点坐标), as docs/reference/corner-text.md describes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import shapely

from soilrules.gisfiles.corner_text import END, FIELDS, HEADER, MORE, MORE_BETWEEN, PARCELS
from soilrules.gisfiles.job import CornerHeader, Job, NotWritten, Rows, as_text

_SEPARATORS = re.compile(r"[,，@＠\r\n\t]+")
_HECTARE = 10_000
_KINDS = {0: "点", 4: "点", 1: "线", 5: "线", 3: "面", 6: "面"}


def corner_text(job: Job, rows: Iterator[Rows]) -> None:
    """Header, then each parcel's line and corners. Columns called as in FIELDS fill the line, `more` come behind."""
    header = job.options.corners
    if header is None:
        raise NotWritten("corner_header_missing")
    with job.path.open("w", encoding="gb18030", newline="\r\n") as out:
        out.writelines(f"{line}\n" for line in _header(header))
        for number, (facts, shape) in enumerate(_parcels(job, rows), 1):
            out.writelines(f"{line}\n" for line in _parcel(job, facts, shape, number))


def _header(header: CornerHeader) -> list[str]:
    precision = f"{10**-header.decimals:.{header.decimals}f}"
    return [
        HEADER, "格式版本号=1.01版本", f"数据产生单位={header.made_by}", f"数据产生日期={header.made_on}",
        f"坐标系={header.system}", f"几度分带={header.degrees}", "投影类型=高斯克吕格", "计量单位=米",
        f"带号={header.zone}", f"精度={precision}", "转换参数=,,,,,,",
        *([f"{MORE}={MORE_BETWEEN.join(header.more)}"] if header.more else []), PARCELS,
    ]  # fmt: skip


def _parcels(job: Job, rows: Iterator[Rows]) -> Iterator[tuple[dict[str, str], Any]]:
    assert job.options.corners is not None
    wanted = [name for name in (*FIELDS, *job.options.corners.more) if name in job.names]
    for some in rows:
        columns = {name: some.attributes.column(name).to_pylist() for name in wanted}
        for at, shape in enumerate(shapely.from_wkb(some.wkb.to_numpy(zero_copy_only=False))):
            yield {name: _fact(values[at]) for name, values in columns.items()}, shape


def _fact(value: Any) -> str:
    """
    >>> _fact("工业,仓储")
    '工业、仓储'
    """
    return _SEPARATORS.sub("、", as_text(value)).strip()


def _parcel(job: Job, facts: Mapping[str, str], shape: Any, number: int) -> list[str]:
    kind = _KINDS.get(int(shapely.get_type_id(shape)), "") if shape is not None and not shape.is_empty else ""
    if not kind:
        job.written.tell("without_geometry")
        return []
    assert job.options.corners is not None
    corners = _corners(_rings(shape), job.options.corners.decimals)
    area = f"{shapely.area(shape) / _HECTARE:.4f}" if kind == "面" else ""
    code = {} if "地块编号" in job.names else {"地块编号": str(number)}  # a number of ours is no code of theirs
    known = {"面积": area, **code} | {name: fact for name, fact in facts.items() if fact}
    known |= {"点数": str(len(corners)), "记录图形属性": kind}
    names = (*FIELDS, *job.options.corners.more)
    return [",".join([*(known.get(name, "") for name in names), END]), *corners]


def _rings(shape: Any) -> list[Any]:
    """Outer rings, each followed by its holes; lines and points as they are."""
    found: list[Any] = []
    for part in shapely.get_parts(shape):
        found += [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
    return found


def _corners(rings: Sequence[Any], decimals: int) -> list[str]:
    """Label, ring, X (northing), Y (easting); a ring ends with its first corner again."""
    lines: list[str] = []
    first = 1
    for ring, shape in enumerate(rings, 1):
        numbers = shapely.get_coordinates(shape).tolist()
        last = len(numbers) - 1 if shape.geom_type == "LinearRing" else len(numbers)
        labels = [first + at for at in range(last)] + [first] * (len(numbers) - last)
        first += last
        for label, (x, y) in zip(labels, numbers, strict=True):
            lines.append(f"J{label},{ring},{y:.{decimals}f},{x:.{decimals}f}")
    return lines
