"""Ruled tables of a PDF page: the lines drawn on it, and the cells they enclose.

Word draws a rule as a line, as a thin filled rectangle or as one side of a shaded box; all of them
become edges here. Edges that meet make one table; places of its grid with no edge between them are
one merged cell. Measures are points, y upwards.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium_raw  # type: ignore[import-untyped]

SNAP = 3.0  # points within which two edges are one, and edges that end near each other meet
SHORTEST = 4.0
SEGMENTS_LIMIT = 20_000  # a page with more is a drawing
Point = tuple[float, float]


@dataclass(frozen=True)
class Edge:
    """A rule: across (`at` is y, `low` to `high` are x) or down (`at` is x, the others y)."""

    across: bool
    at: float
    low: float
    high: float

    def meets(self, other: Edge) -> bool:
        """Whether two edges of different direction touch."""
        return self.low - SNAP <= other.at <= self.high + SNAP and other.low - SNAP <= self.at <= other.high + SNAP


@dataclass(frozen=True)
class RuledCell:
    """A cell: its place in the table's grid and its box on the page."""

    row: int
    column: int
    row_span: int
    col_span: int
    left: float
    bottom: float
    right: float
    top: float


def ruled_tables(page: pdfium.PdfPage) -> list[list[RuledCell]]:
    """The ruled tables of an upright page, each as its cells in order of print."""
    edges = _joined(list(_edges(page)))
    tables = [_cells(group) for group in _groups(edges)]
    return [cells for cells in tables if len(cells) > 1]


def _edges(page: pdfium.PdfPage) -> Iterator[Edge]:
    left = SEGMENTS_LIMIT
    for path in page.get_objects(filter=[pdfium_raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        points = _points(path)
        left -= len(points)
        if left < 0:
            return
        for first, second in points:
            (x0, y0), (x1, y1) = first, second
            if abs(y0 - y1) <= 1 and abs(x0 - x1) >= SHORTEST:
                yield Edge(True, (y0 + y1) / 2, min(x0, x1), max(x0, x1))
            elif abs(x0 - x1) <= 1 and abs(y0 - y1) >= SHORTEST:
                yield Edge(False, (x0 + x1) / 2, min(y0, y1), max(y0, y1))


def _points(path: pdfium.PdfObject) -> list[tuple[Point, Point]]:
    """The straight pieces of a path, in page coordinates."""
    matrix = path.get_matrix()
    pieces: list[tuple[Point, Point]] = []
    begin = at = (0.0, 0.0)
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(min(pdfium_raw.FPDFPath_CountSegments(path), SEGMENTS_LIMIT)):
        segment = pdfium_raw.FPDFPath_GetPathSegment(path, number)
        pdfium_raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = pdfium_raw.FPDFPathSegment_GetType(segment)
        if kind == pdfium_raw.FPDF_SEGMENT_MOVETO:
            begin = point
        elif kind == pdfium_raw.FPDF_SEGMENT_LINETO:
            pieces.append((at, point))
        at = point
        if pdfium_raw.FPDFPathSegment_GetClose(segment):
            pieces.append((at, begin))
    return pieces


def _joined(edges: list[Edge]) -> list[Edge]:
    """Edges on one line that touch, as one edge."""
    joined: list[Edge] = []
    for across in (True, False):
        for line in _lines([edge for edge in edges if edge.across == across]):
            at = sum(edge.at for edge in line) / len(line)
            low, high = line[0].low, line[0].high
            for edge in line[1:]:
                if edge.low > high + SNAP:
                    joined.append(Edge(across, at, low, high))
                    low = edge.low
                    high = edge.high
                high = max(high, edge.high)
            joined.append(Edge(across, at, low, high))
    return joined


def _lines(edges: list[Edge]) -> Iterator[list[Edge]]:
    """Edges grouped by the line they lie on, each group from low to high."""
    group: list[Edge] = []
    for edge in sorted(edges, key=lambda edge: edge.at):
        if group and edge.at - group[0].at > SNAP:
            yield sorted(group, key=lambda edge: edge.low)
            group = []
        group.append(edge)
    if group:
        yield sorted(group, key=lambda edge: edge.low)


def _groups(edges: list[Edge]) -> list[list[Edge]]:
    """Edges that meet, directly or through others."""
    rows, columns = [e for e in edges if e.across], [e for e in edges if not e.across]
    groups: list[list[Edge]] = []
    waiting = set(rows)
    while waiting:
        group: list[Edge] = []
        frontier = [waiting.pop()]
        while frontier:
            edge = frontier.pop()
            group.append(edge)
            others = columns if edge.across else rows
            met = [other for other in others if edge.meets(other)]
            if edge.across:
                columns = [other for other in columns if other not in met]
            else:
                met = [other for other in met if other in waiting]
                waiting.difference_update(met)
            frontier += met
        groups.append(group)
    return groups


def _cells(edges: Sequence[Edge]) -> list[RuledCell]:
    """The cells that a group of edges encloses."""
    xs = _positions(edge.at for edge in edges if not edge.across)
    ys = _positions(edge.at for edge in edges if edge.across)[::-1]
    taken: set[tuple[int, int]] = set()
    cells: list[RuledCell] = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in taken:
                continue
            places = _merged(edges, xs, ys, (row, column))
            taken |= places
            last_row, last_column = max(place[0] for place in places), max(place[1] for place in places)
            box = (xs[column], ys[last_row + 1], xs[last_column + 1], ys[row])
            cells.append(RuledCell(row, column, last_row - row + 1, last_column - column + 1, *box))
    return cells


def _positions(values: Iterator[float]) -> list[float]:
    positions: list[float] = []
    for value in sorted(values):
        if not positions or value - positions[-1] > SNAP:
            positions.append(value)
    return positions


def _merged(edges: Sequence[Edge], xs: list[float], ys: list[float], start: tuple[int, int]) -> set[tuple[int, int]]:
    """The places of the grid that no edge parts from `start`, to the right and downwards."""
    row, column = start
    last_column = column
    while last_column + 2 < len(xs) and not _parted(edges, False, xs[last_column + 1], (ys[row] + ys[row + 1]) / 2):
        last_column += 1
    last_row = row
    while last_row + 2 < len(ys) and not _parted(edges, True, ys[last_row + 1], (xs[column] + xs[column + 1]) / 2):
        last_row += 1
    return {(r, c) for r in range(row, last_row + 1) for c in range(column, last_column + 1)}


def _parted(edges: Sequence[Edge], across: bool, at: float, middle: float) -> bool:
    return any(
        edge.across == across and abs(edge.at - at) <= SNAP and edge.low <= middle <= edge.high for edge in edges
    )
