"""Lists of closed firms, of recalled land, of old sites of key industries and of complaints: each row becomes a candidate, once.

The preview says of each row whether it is new, what of it was not taken, who stood on its ground and which plot it may be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any

import shapely
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from soildesk.core import clock
from soildesk.core.errors import Refusal
from soildesk.core.permissions import Actor, may
from soildesk.enterprises.queries.sites import stood_on
from soildesk.kit import pasted
from soildesk.kit.imports import ImportKind, ImportRefused, ImportRow, Purpose, RowFate, Understood, Verdict, add
from soildesk.land.queries.choices import own_towns, town_in
from soildesk.land.services.writing import Place, county_of, place_at
from soildesk.plots import plotsheets
from soildesk.plots.feedlists import LISTS, FeedList, Row, origin_of, read_row
from soildesk.plots.models import Candidate
from soildesk.plots.plotsheets import Told
from soildesk.plots.queries import matching
from soildesk.plots.services import candidates
from soildesk.plots.services.candidates import Fed

FED = "_fed"
INDUSTRIAL = ("工业", "工矿", "仓储", "采矿", "厂")


@dataclass
class Reading:
    """What the rows of one file are compared with: candidates taken in before, plots of each county, towns by name."""

    kind: FeedList
    actor: Actor
    today: date
    held: dict[str, matching.Held] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = list(Candidate.objects.visible_to(self.actor))
        self.known = {one.origin: one for one in rows}
        self.of_code = {one.credit_code: one for one in rows if one.credit_code}
        self.of_firm = {one.firm_name: one for one in rows if one.firm_name}
        self.towns = {name: path for path, name in own_towns(self.actor, self.today)}

    def matched(self, fed: Fed) -> str:
        """The plot a row may be, as the preview says it."""
        county = county_of((fed.place or place_at("", self.actor)).division.path)
        if county not in self.held:
            self.held[county] = matching.described(self.actor, self.today, county)
        return matching.told(matching.matches_of(fed, self.held[county]))


def read(kind: FeedList, data: bytes, name: str, purpose: Purpose) -> Understood:
    """What a list would bring in."""
    table = plotsheets.read(data, name, keys=kind.keys, needs=kind.needs)
    private = [line.read for line in table.columns if any(word in line.read for word in kind.refused_headings)]
    if private:
        raise ImportRefused(
            _("表中有“%(names)s”列：举报人信息应当保密，请删去这些列再导入；文件没有保存。")
            % {"names": "、".join(private)},
            code="kit.import.personal",
        )
    reading = Reading(kind, purpose.actor, clock.local_day(purpose.at))
    return Understood(table.columns, list(_fates(table.rows, reading)), table.notes)


def _fates(rows: Sequence[Told], reading: Reading) -> Iterator[RowFate]:
    for told in rows:
        row = read_row(told.said, reading.kind, reading.today)
        try:
            fed, notes = _placed(told, row, reading)
        except Refusal as refusal:
            yield RowFate(told.position, told.raw, Verdict.REFUSED, [str(refusal)])
            continue
        if row.wrong:
            yield RowFate(told.position, told.raw, Verdict.REFUSED, [row.wrong])
        elif (first := reading.seen.setdefault(fed.origin, told.position)) != told.position:
            yield RowFate(told.position, told.raw, Verdict.REFUSED, [_("与第 %(n)s 行相同：只列一次。") % {"n": first}])
        elif fed.origin in reading.known:
            yield RowFate(told.position, told.raw, Verdict.OK, [_known(reading.known[fed.origin])])
        else:
            yield _new(told, fed, [*row.notes, *notes], reading)


def _placed(told: Told, row: Row, reading: Reading) -> tuple[Fed, list[str]]:
    """What a row feeds, in its town and with its ground, where it tells them. Refused where its ground cannot be read."""
    facts, notes = row.facts, []
    town = told.said.get("town", "")
    path = reading.towns.get(town) if town else town_in(facts.get("address", ""), reading.towns)
    if town and path is None:
        notes.append(_("没有名为“%(town)s”的乡镇（街道）：按本单位所在的行政区列入。") % {"town": town})
    text = told.said.get("ground", "")
    return Fed(
        source=reading.kind.source,
        origin=origin_of(facts, reading.kind),
        title=facts.get("title", ""),
        found_on=facts.get("found_on", reading.today),
        firm_name=facts.get("firm", ""),
        credit_code=facts.get("credit_code", ""),
        industry=facts.get("industry", ""),
        address=facts.get("address", ""),
        products=facts.get("products", ""),
        facts={"why": facts["why"]} if facts.get("why") else {},
        geometry=pasted.ground(text, shape="mixed", corner_text=False) if text else None,
        place=place_at(path, reading.actor) if path else None,
    ), notes


def _known(held: Candidate) -> str:
    why = f"：{held.why}" if held.why else ""
    told = _("以前已列为线索，不重复列入（%(state)s%(why)s）。")
    return told % {"state": held.get_state_display(), "why": why}


def _new(told: Told, fed: Fed, notes: list[str], reading: Reading) -> RowFate:
    """A candidate to be: what is doubtful of it makes a warning, what is only worth knowing does not."""
    stood = _stood(fed, reading)
    doubts = [*notes, *_industry_unknown(told, fed, stood)]
    worth = [*stood, *_other_candidate(fed, reading), *filter(None, [reading.matched(fed)])]
    raw = {**told.raw, FED: _packed(fed)}
    after = {key: value for key, value in told.said.items() if key != "ground"}
    after |= {"ground": _("已读取")} if fed.geometry is not None else {}
    after |= {"town": fed.place.division.name} if fed.place else {}
    return RowFate(told.position, raw, Verdict.WARNING if doubts else Verdict.OK, [*doubts, *worth], None, after)


def _stood(fed: Fed, reading: Reading) -> list[str]:
    """The firms of the register that stood on the ground a row tells."""
    if fed.geometry is None or not may(reading.actor, "enterprises.read"):
        return []
    sentence = _("企业台账：%(firm)s %(since)s 至 %(until)s 在此。")
    return [
        sentence % {"firm": one.name, "since": one.since, "until": one.until or _("今")}
        for one in stood_on(fed.geometry, reading.actor, reading.today)
    ]


def _industry_unknown(told: Told, fed: Fed, stood: Sequence[str]) -> list[str]:
    """Recalled land of which neither the list nor the register says that industry stood there; silence is no answer."""
    said = "".join((fed.industry, fed.firm_name, *(told.said.get(key, "") for key in ("use_before", "name"))))
    known = fed.industry or any(word in said for word in INDUSTRIAL) or stood
    if fed.source != Candidate.Source.RECALL or known:
        return []
    return [_("清单和企业台账都没有说明这里有过工业企业：仍列为线索，由经办人核实。")]


def _other_candidate(fed: Fed, reading: Reading) -> list[str]:
    """The candidate of the same firm by another source: one person should look at both."""
    other = reading.of_code.get(fed.credit_code) or reading.of_firm.get(fed.firm_name)
    if other is None:
        return []
    told = _("同一企业已有线索“%(title)s”（%(source)s，%(state)s）：请一并核实。")
    return [told % {"title": other.title, "source": other.get_source_display(), "state": other.get_state_display()}]


def _packed(fed: Fed) -> dict[str, Any]:
    """What is fed, as a row of an import keeps it."""
    names = ("source", "origin", "title", "firm_name", "credit_code", "industry", "address", "products", "facts")
    return {
        **{name: getattr(fed, name) for name in names},
        "found_on": fed.found_on.isoformat(),
        "geometry": shapely.to_wkb(fed.geometry, hex=True) if fed.geometry is not None else "",
        "path": fed.place.division.path if fed.place else "",
    }


def _unpacked(said: Mapping[str, Any], by: Actor) -> Fed:
    rest = {key: value for key, value in said.items() if key not in ("found_on", "geometry", "path")}
    place = Place(place_at(said["path"], by).division, place_at("", by).department) if said["path"] else None
    ground = shapely.from_wkb(said["geometry"]) if said["geometry"] else None
    return replace(Fed(**rest, found_on=date.fromisoformat(said["found_on"])), geometry=ground, place=place)


def apply(rows: Sequence[ImportRow], purpose: Purpose) -> Mapping[str, int]:
    """Take the rows in as candidates."""
    try:
        fed = [_unpacked(row.raw[FED], purpose.actor) for row in rows if FED in row.raw]
        made = candidates.take_in(fed, by=purpose.actor, at=purpose.at, batch=purpose.batch)
    except Refusal as refusal:
        raise ImportRefused(str(refusal), code="kit.import.row") from refusal
    return {"candidates": len(made)}


KINDS = {
    kind.name: add(
        ImportKind(
            name=kind.name,
            title=kind.title,
            permission="plots.decide",
            read=partial(read, kind),
            apply=apply,
            names={**plotsheets.TITLES, "candidates": _l("列入的线索")},
            accepts=(".xlsx", ".xls"),
            hint=kind.hint,
            done_url=lambda batch: reverse("kit:collection", args=["plot_candidates"]),
        )
    )
    for kind in LISTS
}
