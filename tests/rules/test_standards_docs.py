"""The reference page of the standards says every key, use, outcome and cause there is."""

from __future__ import annotations

import doctest
from pathlib import Path

from soilrules import standards
from soilrules.standards import loader
from soilrules.standards.library import shipped
from soilrules.standards.model import Medium, UseKind
from soilrules.standards.rulings import Cause
from soilrules.verdict import Mark, Outcome

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "standards.md").read_text(encoding="utf-8")


def test_the_example_of_the_package_runs() -> None:
    assert not doctest.testmod(standards).failed


def test_the_example_of_the_page_runs() -> None:
    code = PAGE.split("```python\n")[1].split("```")[0]
    names: dict[str, object] = {}
    exec(code, names)

    assert names["verdict"].outcome is Outcome.EXCEEDS_SCREENING


def test_everything_is_named() -> None:
    uses = {key for one in shipped().editions if one.family != "gb2762" for key in one.uses}
    words = {*loader._EDITION_KEYS, *loader._ROW_KEYS, *uses, *shipped().families}
    words |= {*map(str, (*Cause, *Outcome, *Medium, *UseKind, *Mark))}

    assert sorted(word for word in words if f"`{word}`" not in PAGE) == []
