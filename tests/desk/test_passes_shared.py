"""What a pass shares: a reading once for one actor, an answer for every plan of a place and year, and nothing outside."""

from __future__ import annotations

import gc
import re
from pathlib import Path

import soildesk
from soildesk.kit import measures
from soildesk.kit.passes import many_rows, once_a_pass, remembering, under_way

OF_PERIOD = {"plots.polluted_used_safely", "monitoring.campaign_census", "monitoring.campaign_detailed"}


def test_a_reading_is_made_once_within_a_pass_and_each_time_outside():
    made: list[int] = []

    @once_a_pass(lambda number: number)
    def reading(number: int) -> int:
        made.append(number)
        return number

    with remembering({}):
        assert [reading(1), reading(1), reading(2)] == [1, 1, 2]
        with remembering(under_way()):
            reading(2)
    assert made == [1, 2]
    assert under_way() == {}
    assert [reading(1), reading(1)] == [1, 1]
    assert made == [1, 2, 1, 1]


def test_the_collector_rests_only_while_rows_are_read():
    assert gc.isenabled()
    with many_rows():
        assert not gc.isenabled()
        with many_rows():
            pass
        assert not gc.isenabled(), "the outer block goes on"
    assert gc.isenabled()


def test_only_measures_that_say_so_read_the_period_of_a_plan():
    """An answer serves every plan of a place and year: whoever reads more of the plan than that must say so."""
    root = Path(soildesk.__file__).parent
    rooms = ("monitoring", "enterprises", "plots", "farmland", "oversight", "decisions", "supervision", "land")
    read = {
        str(path.relative_to(root))
        for room in rooms
        for path in (root / room).rglob("*.py")
        if re.search(r"plan\.period_(start|end)", path.read_text("utf-8"))
    }
    assert read == {"monitoring/measuring.py", "plots/queries/measured.py"}, (
        "mark the measure of_period, then add its file"
    )
    assert {one.id for one in measures.measures().values() if one.of_period} == OF_PERIOD
