"""Seasons, tests, lots and what was told of them, as their registers list them; what was taken back is not there."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from soildesk.core.permissions import Actor
from soildesk.farmland.models import (
    Disposal,
    GrainNotice,
    HoldingVersion,
    LockProposal,
    Lot,
    LotHousehold,
    LotMove,
    LotPayment,
    ProduceTest,
    Season,
    UnitVersion,
)
from soildesk.farmland.queries.units import in_mu, town
from soilrules.farmland.grain import Part

LOCKED = Q(locked_on__isnull=False, unlocked_on=None)
LIFTED = Q(unlocked_on__isnull=False)
FOLLOWED = Q(locked_on=None)
UNANSWERED = Q(answered_on=None)
ABOVE = Q(said__in=["light", "severe"])


def _standing(model: type[Model], actor: Actor | None) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._default_manager.visible_to(actor).filter(superseded_at=None)  # type: ignore[attr-defined]
    return rows.annotate(town=town())


def unit_name(on: date, of: str = "unit") -> Subquery:
    """The name of a row's unit on a day."""
    return Subquery(UnitVersion.objects.standing(on).filter(unit=OuterRef(of)).values("name")[:1])


def seasons(actor: Actor | None, on: date) -> QuerySet[Season]:
    """Seasons, with the name of their unit."""
    return _standing(Season, actor).annotate(unit_name=unit_name(on), area_mu=in_mu("area_m2"))


def tests(actor: Actor | None, on: date) -> QuerySet[ProduceTest]:
    """Tests of produce."""
    buyer = HoldingVersion.objects.filter(superseded_at=None, holding=OuterRef("holding")).order_by("-since")
    return _standing(ProduceTest, actor).annotate(
        unit_name=unit_name(on), holding_name=Subquery(buyer.values("name")[:1])
    )


def proposals(actor: Actor | None, on: date) -> QuerySet[LockProposal]:
    """Locks that tests asked for."""
    return _standing(LockProposal, actor).annotate(unit_name=unit_name(on))


def lots(actor: Actor | None, on: date) -> QuerySet[Lot]:
    """Lots."""
    return _standing(Lot, actor).annotate(
        area_mu=in_mu("area_m2"),
        locked_now=Exists(Lot.objects.filter(LOCKED, pk=OuterRef("pk"))),
    )


def moves(actor: Actor | None, on: date) -> QuerySet[LotMove]:
    """Where tonnes went."""
    return _standing(LotMove, actor)


def disposals(actor: Actor | None, on: date) -> QuerySet[Disposal]:
    """What became of locked grain."""
    of = Coalesce("move__to", Value(""))
    return _standing(Disposal, actor).annotate(source=of, part=Coalesce("move__part", Value(str(Part.KEPT))))


def payments(actor: Actor | None, on: date) -> QuerySet[LotPayment]:
    """What was paid."""
    return _standing(LotPayment, actor)


def households(actor: Actor | None, on: date) -> QuerySet[LotHousehold]:
    """What each household of a lot keeps."""
    return _standing(LotHousehold, actor).annotate(area_mu=in_mu("area_m2"))


def notices(actor: Actor | None, on: date) -> QuerySet[GrainNotice]:
    """Notices about grain."""
    name = Coalesce(NullIf("to__short_name", Value("")), "to__name")
    return _standing(GrainNotice, actor).annotate(to_name=name)


def lot_called(actor: Actor, number: str) -> Lot | None:
    """A lot by its number."""
    rows = Lot.objects.visible_to(actor).filter(superseded_at=None, number=number.strip())
    found: Lot | None = rows.first() if number.strip() else None
    return found


def buyer_called(actor: Actor, text: str, on: date) -> HoldingVersion | None:
    """A buyer or mill by number, code or full name; None unless it is one alone."""
    plain = text.strip()
    rows = HoldingVersion.objects.visible_to(actor).standing(on).filter(kind=HoldingVersion.Kind.BUYER)
    wanted = Q(holding__number=plain) | Q(code=plain, code__gt="") | Q(name=plain)
    found = list(rows.filter(wanted).select_related("holding")[:2]) if plain else []
    return found[0] if len(found) == 1 else None
