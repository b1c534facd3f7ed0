"""What is known of a ground, an act and a day: frozen facts a desk fills; the checks read nothing else.

The ground comes cut into pieces on which the same things lie. What nobody knows is None, never False and never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isfinite

from soilrules.gate.kinds import PastKind, PlanState, ReportKind, StepKind, Transfer, ZoneKind
from soilrules.gate.profiles import Profile
from soilrules.plots.state import Aftercare

LISTS = ("suspected", "polluted", "roster", "negative", "priority")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the ground on which the same things lie (`over`: ids of plots, reports, key-unit sites, zones, past uses)."""

    id: str
    area_m2: float
    over: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground asked about; no piece lies on another, and area that no piece covers counts as ground nothing is known of."""

    area_m2: float
    pieces: tuple[Piece, ...]

    def __post_init__(self) -> None:
        areas = [one.area_m2 for one in self.pieces]
        if not (isfinite(self.area_m2) and self.area_m2 > 0):
            raise ValueError(f"ground of {self.area_m2} m²: expected an area above zero.")
        if not all(isfinite(one) and one >= 0 for one in areas):
            raise ValueError(f"pieces of {areas} m²: expected no negative area.")
        if len({one.id for one in self.pieces}) < len(self.pieces):
            raise ValueError("a piece stands twice; expected each id once.")
        if sum(areas) > self.area_m2 * (1 + 1e-6):
            raise ValueError(
                f"pieces of {sum(areas)} m² on ground of {self.area_m2} m²: expected pieces beside each other."
            )


@dataclass(frozen=True, slots=True)
class Membership:
    """One stay on one list, half-open."""

    list_key: str
    since: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.list_key not in LISTS:
            raise ValueError(f"list {self.list_key!r}: expected one of {', '.join(LISTS)}.")

    def on(self, day: date) -> bool:
        """Whether it stands on the list that day."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Step:
    """What a plot is required to do since a day. `known` False: nobody knows whether it was done."""

    kind: StepKind
    since: date
    done_on: date | None = None
    known: bool = True

    def done(self, day: date) -> bool:
        """Whether it is done by a day."""
        return self.done_on is not None and self.done_on <= day


@dataclass(frozen=True, slots=True)
class Violation:
    """A violation on record, with the day it was settled; None while it is not."""

    on: date
    settled_on: date | None = None


@dataclass(frozen=True, slots=True)
class Care:
    """Aftercare (后期管理) of a plot as it stands on the day asked about. `limits`: the limits of use its last report tells,
    None where no report tells any; `until`: the last day of its term, None where that is not on record."""

    state: Aftercare
    limits: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot on the ground. `exceeds`: its survey found values above the limits. `target_reached`: that of its assessment.

    `high_risk`: its risk was screened as high before a survey (高风险地块筛查). `violations`: those on record. `care`: its
    aftercare, None where it owes none.
    """

    id: str
    name: str
    code: str = ""
    stage: str = ""
    memberships: tuple[Membership, ...] = ()
    steps: tuple[Step, ...] = ()
    exceeds: bool | None = None
    target_reached: bool | None = None
    high_risk: bool | None = None
    violations: tuple[Violation, ...] = ()
    care: Care | None = None

    def listed(self, list_key: str, day: date) -> bool:
        """Whether it is on a list on a day."""
        return any(one.list_key == list_key and one.on(day) for one in self.memberships)


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a ground after a report: used, built, worked, filled, dumped, split, merged, rebounded.

    What a picture of `on` shows may have happened on any day since `after`, the last day on which it was not there yet.
    """

    kind: str
    on: date
    after: date | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report by the area it covers. `accepted_on`: reviewed and passed; `filed_on`: filed with the bureau.

    `land_class`: class_1 or class_2, that it judged by. `standard_current`: nothing newer replaced its standard by the day
    asked about. `uses_since`, `lineage_since`: what happened after it; None where nobody looked.
    """

    id: str
    kind: ReportKind
    plot: str = ""
    number: str = ""
    accepted_on: date | None = None
    filed_on: date | None = None
    exceeds: bool | None = None
    needs_control: bool | None = None
    reached: bool | None = None
    separate_party: bool | None = None
    removed_on: date | None = None
    withdrawn_on: date | None = None
    land_class: str | None = None
    standard_current: bool | None = None
    uses_since: tuple[Change, ...] | None = None
    lineage_since: tuple[Change, ...] | None = None
    at_registry: bool | None = None

    def accepted(self, day: date) -> bool:
        """Whether its review is passed by a day and it was not withdrawn."""
        stands = self.withdrawn_on is None or day < self.withdrawn_on
        return stands and self.accepted_on is not None and self.accepted_on <= day


@dataclass(frozen=True, slots=True)
class KeyUnitSite:
    """Ground a key unit produces on, or did: since when it did so as a key unit, until when it was on the list, and when it
    left the ground. `stay` is the same for parts of its ground that one stay has, drawn anew meanwhile."""

    id: str
    name: str
    since: date
    until: date | None = None
    left_on: date | None = None
    stay: str = ""

    def gone(self, on: date) -> bool:
        """Whether the unit has left the list or the ground by a day."""
        return any(one is not None and one <= on for one in (self.until, self.left_on))


@dataclass(frozen=True, slots=True)
class PresentUse:
    """The use on record of a part of the ground, by its code and the classification of that."""

    id: str
    use: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredUse:
    """The planned use on record (规划用途) of a plot or parcel on the ground, by its code and the classification of that."""

    name: str
    use: str
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class PastUse:
    """What is on record of the use of a part of the ground."""

    id: str
    kind: PastKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone on the ground."""

    id: str
    kind: ZoneKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A polluted plot beside the ground; `unfinished`: its control or remediation is not finished."""

    id: str
    name: str
    distance_m: float
    unfinished: bool | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Whether a source answered; `as_of`: the day of its data, or the day since which it cannot be reached.

    `beyond`: the ground lies where it keeps nothing, whatever it holds elsewhere. `undrawn`: what it holds without saying where;
    `ruled_out`: the same, where the use of the ground alone says that it is not there. `unplaced`: where the ground lies is not known well enough to ask it.
    """

    reached: bool
    as_of: date | None = None
    beyond: bool = False
    undrawn: tuple[str, ...] = ()
    ruled_out: tuple[str, ...] = ()
    unplaced: bool = False


@dataclass(frozen=True, slots=True)
class ProvinceQuery:
    """The query of the national system, as a person made it. `result`: its words; the rest is what it shows of the ground.

    `found`: it holds the ground; then `stage` (empty: it shows none), `lists` and whether it shows a limit of use or building.
    """

    on: date
    person: str
    result: str
    attachment: str = ""
    found: bool | None = None
    stage: str = ""
    lists: tuple[str, ...] = ()
    restricted: bool | None = None


@dataclass(frozen=True, slots=True)
class WrittenGround:
    """A named person's written ground for passing what is held only in principle, with the number of the paper."""

    check: str
    person: str
    number: str
    on: date
    text: str

    def __post_init__(self) -> None:
        if not all(one.strip() for one in (self.check, self.person, self.number, self.text)):
            raise ValueError("a written ground names its check, person, number and text; one of them is empty.")


@dataclass(frozen=True, slots=True)
class GateFacts:
    """Everything a decision rests on. `use`: land code or word, several with / between; `current_use` alike, of the whole
    ground; None where it is not known or `uses` tell it of parts.

    `reply`: the number of ecology's written reply to this question. `related`: the project is the control or remediation itself. `pollutes`: it may pollute the soil. `food`: food is
    processed or stored. `sources`: a source that is not named was not asked.
    """

    act: str
    use: str
    on: date
    ground: Ground
    scheme: str = ""
    current_use: str | None = None
    current_scheme: str = ""
    uses: tuple[PresentUse, ...] = ()
    registered: tuple[RegisteredUse, ...] = ()
    plots: tuple[Plot, ...] = ()
    reports: tuple[Report, ...] = ()
    key_units: tuple[KeyUnitSite, ...] = ()
    history: tuple[PastUse, ...] = ()
    zones: tuple[Zone, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    query: ProvinceQuery | None = None
    profile: Profile | None = None
    grounds: tuple[WrittenGround, ...] = ()
    reply: str = ""
    plan_state: PlanState | None = None
    transfer: Transfer | None = None
    recalled_on: date | None = None
    related: bool = False
    pollutes: bool | None = None
    food: bool | None = None
    works_begun: bool | None = None
