"""Laboratories that test produce: whether the one a test names had its licence on the day of its report."""

from __future__ import annotations

from collections.abc import Sequence

from soildesk.core.permissions import Actor
from soildesk.farmland.models import HoldingVersion, ProduceTest
from soildesk.kit.passes import once_a_pass


@once_a_pass(lambda _actor: None)
def laboratories(actor: Actor) -> Sequence[HoldingVersion]:
    """What stands of the laboratories an actor sees, of every day."""
    rows = HoldingVersion.objects.visible_to(actor).filter(superseded_at=None, kind=HoldingVersion.Kind.LABORATORY)
    return list(rows.select_related("holding").order_by("since"))


def of_test(test: ProduceTest, known: Sequence[HoldingVersion]) -> HoldingVersion | None:
    """The laboratory a test names, as it stood on the day of its report; None where no register holds it."""
    day = test.result_on
    if day is None or not test.laboratory.strip():
        return None
    standing = [one for one in known if one.since <= day and (one.until is None or one.until > day)]
    named = [one for one in standing if one.name and one.name in test.laboratory]
    return max(named, key=lambda one: len(one.name), default=None)


def licensed(test: ProduceTest, known: Sequence[HoldingVersion]) -> bool | None:
    """Whether it had its licence on that day; None where it is not on record, or nothing is told of its licence."""
    held = of_test(test, known)
    if held is None or not held.licence or held.licence_until is None or test.result_on is None:
        return None
    return held.licence_until >= test.result_on
