"""One question to the gate with what follows from its facts at once: exits, cover, the use, whether it changes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from functools import cached_property

from soilrules.gate.acts import Act, act
from soilrules.gate.facts import GateFacts, KeyUnitSite, Piece, Plot, Report
from soilrules.gate.kinds import SURVEYS, PastKind, ReportKind, StepKind, ZoneKind
from soilrules.gate.rules import sources, tolerance
from soilrules.gate.uses import LIVING, UseReading, read_use

Pieces = tuple[Piece, ...]
_ORDER = list(ReportKind)
FARMED = frozenset({"cultivated", "farmland", "agricultural"})
FARMLAND_CLASSES = (ZoneKind.PRIORITY_FARMLAND, ZoneKind.SAFE_USE_FARMLAND, ZoneKind.STRICT_FARMLAND)
INDUSTRIAL = frozenset({"industrial"})
SUSPICION = ("suspected", "polluted", "roster")


class Case:
    """Facts and what follows from them; every check reads one."""

    def __init__(self, facts: GateFacts) -> None:
        self.facts = facts
        self.on: date = facts.on
        self.act: Act = act(facts.act)
        self.use: UseReading = read_use(facts.use, facts.scheme)
        self.tolerance = tolerance().of(facts.ground.area_m2)

    @cached_property
    def silent(self) -> frozenset[str]:
        """Sources that did not answer, or were not asked."""
        told = self.facts.sources
        return frozenset(one for one in sources() if one not in told or not told[one].reached)

    @cached_property
    def sensitive(self) -> bool | None:
        """Whether the planned use is sensitive by the law of the day."""
        return self.use.sensitive(self.on)

    @cached_property
    def changes(self) -> bool | None:
        """Whether the use of more than a sliver changes into what is planned; None where that may be."""
        if self.decisive(self.changed(self.pieces)):
            return True
        return None if self.decisive(self.may_change(self.pieces)) else False

    def changed(self, pieces: Pieces) -> Pieces:
        """Those of the pieces whose use changes."""
        return tuple(one for one in pieces if self._changing[one.id])

    def may_change(self, pieces: Pieces) -> Pieces:
        """Those of the pieces of whose use nobody knows whether it changes."""
        return tuple(one for one in pieces if self._changing[one.id] is None)

    @cached_property
    def _changing(self) -> dict[str, bool | None]:
        """Of each piece whether its use changes: an act may say so, else the use on record, else what stood there before."""
        if self.act.changes_use:
            return {one.id: True for one in self.pieces}
        past = {one.id for one in self.facts.history if one.kind is not PastKind.NONE}
        past |= {one.id for one in self.facts.key_units}
        bare = {one.id for one in self.uncovered if self.sensitive and one.over & past}
        found = {one.id: self._becomes(self._present[one.id]) for one in self.pieces}
        return {key: True if state is None and key in bare else state for key, state in found.items()}

    @cached_property
    def _present(self) -> dict[str, tuple[UseReading, ...]]:
        """The uses of each piece: what the question says, with what is on record where no record agrees with that; none
        where nobody knows."""
        uses = {one.id: read_use(one.use, one.scheme) for one in self.facts.uses}
        held = {piece.id: tuple(uses[one] for one in sorted(piece.over & set(uses))) for piece in self.pieces}
        if self.facts.current_use is None:
            return held
        said = read_use(self.facts.current_use, self.facts.current_scheme)
        return {key: (said,) if _agrees(said, found) else (said, *found) for key, found in held.items()}

    def _becomes(self, now: tuple[UseReading, ...]) -> bool | None:
        """Whether the use on record changes into the planned one; None where that cannot be said, or records contradict."""
        if not self.use.known or self.use.choices or not now or any(not one.known or one.choices for one in now):
            return None
        planned = {_family(one) for one in self.use.groups}
        found = {{_family(each) for each in one.groups} != planned for one in now}
        return found.pop() if len(found) == 1 else None

    @cached_property
    def exits(self) -> dict[str, tuple[Report, ...]]:
        """The reports that free each piece on the day: by id of the piece."""
        reports = {one.id: one for one in self.facts.reports if one.accepted(self.on)}
        over = {piece: [reports[one] for one in piece.over if one in reports] for piece in self.pieces}
        return {piece.id: self._outlasting(piece, _freeing(found, self.on)) for piece, found in over.items()}

    def _outlasting(self, piece: Piece, reports: tuple[Report, ...]) -> tuple[Report, ...]:
        """Reports not older than what a plot on the piece was listed for or asked to do since: they judged the ground before."""
        if not reports:
            return ()
        days = [day for one in self.facts.plots if one.id in piece.over for day in _raised(one, self.on)]
        last = max(days, default=date.min)
        return tuple(one for one in reports if one.accepted_on and one.accepted_on >= last)

    @cached_property
    def undecided(self) -> frozenset[str]:
        """Pieces under an accepted report of which it is not known whether it frees them."""
        open_reports = {one.id for one in self.facts.reports if one.accepted(self.on) and _open(one)}
        return frozenset(one.id for one in self.pieces if one.over & open_reports and not self.exits[one.id])

    @cached_property
    def covered(self) -> Pieces:
        """Pieces an exit covers."""
        return tuple(one for one in self.pieces if self.exits[one.id])

    @cached_property
    def uncovered(self) -> Pieces:
        """Pieces no exit covers, nor may cover; ground without pieces is one of them."""
        return (*(one for one in self.pieces if not self.exits[one.id] and one.id not in self.undecided),)

    @cached_property
    def open_pieces(self) -> Pieces:
        """Pieces of which it is not known whether an exit covers them."""
        return tuple(one for one in self.pieces if one.id in self.undecided)

    @cached_property
    def unsurveyed(self) -> Pieces:
        """Pieces without any accepted survey, whatever its conclusion; what an exit covers was surveyed before it."""
        surveys = {one.id for one in self.facts.reports if one.kind in SURVEYS and one.accepted(self.on)}
        return tuple(one for one in self.pieces if not one.over & surveys and not self.exits[one.id])

    @cached_property
    def pieces(self) -> Pieces:
        """The pieces of the ground, and its rest of which nothing is known as a piece of its own."""
        told = self.facts.ground.pieces
        rest = self.facts.ground.area_m2 - sum(one.area_m2 for one in told)
        return (*told, Piece("", rest)) if rest > 1e-6 else told

    def under(self, ids: Collection[str]) -> Pieces:
        """Pieces on which one of these lies."""
        return tuple(one for one in self.pieces if not one.over.isdisjoint(ids)) if ids else ()

    def decisive(self, pieces: Iterable[Piece]) -> bool:
        """Whether pieces are more than a sliver together."""
        return sum(one.area_m2 for one in pieces) > self.tolerance

    def plots(self, wanted: Callable[[Plot], bool]) -> tuple[tuple[Plot, ...], Pieces]:
        """Plots of a kind with the pieces they lie on; plots that only touch are not told."""
        found = tuple(one for one in self.facts.plots if wanted(one))
        if not found:
            return (), ()
        pieces = self.under({one.id for one in found})
        return self.lying(found, pieces), pieces

    def lying(self, plots: Iterable[Plot], pieces: Pieces) -> tuple[Plot, ...]:
        """Those of the plots that lie on one of the pieces: no other is named for what is found there."""
        here = frozenset().union(*(one.over for one in pieces))
        return tuple(one for one in plots if one.id in here)

    def listed(self, list_key: str) -> tuple[tuple[Plot, ...], Pieces]:
        """Plots on a list on the day, with their pieces."""
        return self.plots(lambda one: one.listed(list_key, self.on))

    def undone(self, kinds: Collection[StepKind]) -> tuple[tuple[Plot, ...], Pieces]:
        """Plots with a required step of these kinds that is not done by the day."""
        return self.plots(
            lambda plot: any(one.kind in kinds and one.since <= self.on and one.known and not one.done(self.on)
                             for one in plot.steps)
        )  # fmt: skip

    def steps_unknown(self) -> tuple[tuple[Plot, ...], Pieces]:
        """Plots with a required step of which nobody knows whether it was done."""
        return self.plots(lambda plot: any(one.since <= self.on and not one.known for one in plot.steps))

    def key_units(self) -> tuple[tuple[KeyUnitSite, ...], Pieces]:
        """Sites of key units, those that left the list before the day too, with their pieces."""
        found = tuple(one for one in self.facts.key_units if one.since <= self.on)
        return found, self.under({one.id for one in found})

    @cached_property
    def unsurveyed_key_units(self) -> Pieces:
        """Pieces of key units' ground without an accepted survey since each unit came: an older one did not see what it left."""
        return tuple(one for one in self.key_units()[1] if not self._surveyed(one, self.came(one)))

    def came(self, piece: Piece) -> date:
        """The first day of the last stay of a key unit on a piece of its ground."""
        days: dict[str, date] = {}
        for one in self.key_units()[0]:
            if one.id in piece.over:
                stay = one.stay or one.id
                days[stay] = min(one.since, days.get(stay, one.since))
        return max(days.values())

    def surveyed_before(self, pieces: Pieces) -> Pieces:
        """Those of the pieces that have an accepted survey, however old."""
        bare = {one.id for one in self.unsurveyed}
        return tuple(one for one in pieces if one.id not in bare)

    def past(self, kinds: Collection[PastKind]) -> Pieces:
        """Pieces where one of these stood, or what is on record as industrial now."""
        stood = self.under({one.id for one in self.facts.history if one.kind in kinds})
        return self.beside(stood, self.industrial_now) if PastKind.INDUSTRY in kinds else stood

    def contradicted(self, pieces: Pieces) -> Pieces:
        """Those of the pieces whose uses on record do not agree with one another."""
        kinds = {key: {frozenset(map(_family, one.groups)) for one in told} for key, told in self._present.items()}
        return tuple(one for one in pieces if len(kinds[one.id]) > 1)

    @cached_property
    def industrial_now(self) -> Pieces:
        """Pieces whose use on record is industrial: that is their past when they become something else."""
        return tuple(
            piece
            for piece in self.pieces
            if self._changing[piece.id] is not False
            and any(one.within(INDUSTRIAL) is True for one in self._present[piece.id])
        )

    def without_history(self) -> Pieces:
        """Pieces of whose past nothing is on record."""
        told = {one.id for one in self.facts.history}
        return tuple(one for one in self.pieces if not one.over & told)

    def zones(self, kinds: Collection[ZoneKind]) -> Pieces:
        """Pieces in zones of these kinds."""
        return self.under({one.id for one in self.facts.zones if one.kind in kinds})

    @cached_property
    def class_unknown(self) -> Pieces:
        """Pieces that may be farmland and lie in no class of it on record: whether they are strictly controlled nobody knows."""
        classed = {one.id for one in self.zones(FARMLAND_CLASSES)}
        return tuple(
            one for one in self.pieces
            if one.id not in classed and _may_be_farmed(self._present[one.id])
        )  # fmt: skip

    @cached_property
    def farmed_unclassed(self) -> Pieces:
        """Those of them that are farmland, or may be, by a use on record or said."""
        return tuple(one for one in self.class_unknown if self._present[one.id])

    def within(self, groups: frozenset[str]) -> bool | None:
        """Whether the planned use is of these groups; whether food is processed a code does not say."""
        found = self.use.within(groups)
        if "food" not in groups or found or not self.use.groups & {"industrial", "storage"}:
            return found
        return True if self.facts.food else found if self.facts.food is False else None

    @cached_property
    def polluted(self) -> tuple[tuple[Plot, ...], Pieces]:
        """Plots on the lists of polluted ground or found above the limits, with those of their pieces no exit covers."""
        plots, pieces = self.plots(
            lambda one: one.exceeds is True or one.listed("polluted", self.on) or one.listed("roster", self.on)
        )
        found = {one.id for one in self.facts.reports if one.accepted(self.on) and _contrary(one)}
        ids = {one.id for one in (*pieces, *self.under(found))} - {one.id for one in self.covered}
        held = tuple(one for one in self.pieces if one.id in ids)
        return self.lying(plots, held), held

    @cached_property
    def unclear(self) -> tuple[tuple[Plot, ...], Pieces]:
        """Plots of which nobody knows whether they are above the limits, with pieces no exit covers; and pieces under
        a report whose conclusion is not on record."""
        plots, pieces = self.plots(lambda one: one.exceeds is None)
        clear = {one.id for one in self.covered}
        return plots, self.beside(tuple(one for one in pieces if one.id not in clear), self.open_pieces)

    @cached_property
    def suspected(self) -> tuple[tuple[Plot, ...], Pieces]:
        """Plots on the list of suspected ground, or asked to be surveyed, with their pieces without a survey."""
        plots, pieces = self.plots(lambda one: _asked_on(one, self.on) is not None)
        days = {one.id: _asked_on(one, self.on) or date.min for one in plots}
        bare = {one.id: [key for key in one.over & set(days) if not self._surveyed(one, days[key])] for one in pieces}
        lying = {key for keys in bare.values() for key in keys}
        return tuple(one for one in plots if one.id in lying), tuple(one for one in pieces if bare[one.id])

    def _surveyed(self, piece: Piece, since: date) -> bool:
        """Whether an accepted survey of this day or later covers a piece."""
        return any(
            one.id in piece.over
            and one.kind in SURVEYS
            and one.accepted(self.on)
            and (one.accepted_on or since) >= since
            for one in self.facts.reports
        )

    def beside(self, *groups: Pieces) -> Pieces:
        """Pieces of several groups, each once."""
        ids = {piece.id for pieces in groups for piece in pieces}
        return tuple(piece for piece in self.pieces if piece.id in ids)

    def apart(self, pieces: Pieces, others: Pieces) -> Pieces:
        """Pieces that are not among the others."""
        ids = {one.id for one in others}
        return tuple(one for one in pieces if one.id not in ids)

    def among(self, pieces: Pieces, others: Pieces) -> Pieces:
        """Pieces that are among the others too."""
        ids = {one.id for one in others}
        return tuple(one for one in pieces if one.id in ids)


def _raised(plot: Plot, on: date) -> list[date]:
    """The days from which a plot stands on a list of suspected or polluted ground, or owes a step it has not done."""
    lists = [one.since for one in plot.memberships if one.list_key in SUSPICION and one.on(on)]
    owed = [one.since for one in plot.steps if one.since <= on and (one.done_on is None or one.done_on > on)]
    return lists + owed


def _asked_on(plot: Plot, on: date) -> date | None:
    """The last day on which a plot was put on the list of suspected ground or asked to be surveyed; None where it never was."""
    days = [one.since for one in plot.memberships if one.list_key == "suspected" and one.on(on)]
    days += [one.since for one in plot.steps if one.kind is StepKind.SURVEY and one.since <= on and one.known]
    return max(days, default=date.min if plot.stage == "S0" else None)


def _may_be_farmed(uses: tuple[UseReading, ...]) -> bool:
    return not uses or any(one.within(FARMED, {"undetermined"}) is not False for one in uses)


def _agrees(said: UseReading, held: Iterable[UseReading]) -> bool:
    """Whether a use is that of a record, or no record tells another."""
    kinds = [set(map(_family, one.groups)) for one in held if one.known]
    return not kinds or set(map(_family, said.groups)) in kinds


def _family(group: str) -> str:
    return "living" if group in LIVING else group


def _freeing(reports: list[Report], on: date) -> tuple[Report, ...]:
    """Reports that free a piece: not those that a later one contradicts, or may contradict."""
    against = [_rank(one) for one in reports if _contrary(one) or _open(one)]
    last = max(against, default=None)
    return tuple(one for one in reports if frees(one, on) and (last is None or _rank(one) > last))


def _rank(report: Report) -> tuple[date, int]:
    return report.accepted_on or date.min, _ORDER.index(report.kind)


def _contrary(report: Report) -> bool:
    match report.kind:
        case ReportKind.PRELIMINARY | ReportKind.DETAILED:
            return report.exceeds is True
        case ReportKind.RISK_ASSESSMENT:
            return report.needs_control is True
        case ReportKind.EFFECT_EVALUATION:
            return report.reached is False
    return False


def frees(report: Report, on: date) -> bool:
    """Whether a report is one of the three exits: a survey within limits reviewed and filed, an assessment that needs no
    control reviewed, an evaluation by another party that reached the target with the removal decided."""
    if not report.accepted(on):
        return False
    match report.kind:
        case ReportKind.PRELIMINARY | ReportKind.DETAILED:
            return report.exceeds is False and report.filed_on is not None and report.filed_on <= on
        case ReportKind.RISK_ASSESSMENT:
            return report.needs_control is False
        case ReportKind.EFFECT_EVALUATION:
            removed = report.removed_on is not None and report.removed_on <= on
            return report.reached is True and report.separate_party is True and removed
    return False


def _open(report: Report) -> bool:
    """Whether what an accepted report concluded is not known."""
    match report.kind:
        case ReportKind.PRELIMINARY | ReportKind.DETAILED:
            return report.exceeds is None
        case ReportKind.RISK_ASSESSMENT:
            return report.needs_control is None
        case ReportKind.EFFECT_EVALUATION:
            return report.reached is None or (report.reached and report.separate_party is None)
    return False
