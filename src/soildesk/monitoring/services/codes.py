"""Codes of samples: all that the laboratory sees. Nothing of the point, the order of places or the role shows in them."""

from __future__ import annotations

import secrets

from soildesk.monitoring.models import Campaign, SamplingTask

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 O 1 I L, which are read for each other on a wet label."""
LONG = 5
_chance = secrets.SystemRandom()


def deal(campaign: Campaign, count: int) -> list[str]:
    """So many new codes of a campaign."""
    if campaign.codes == Campaign.Codes.SEQUENTIAL:
        first = _last_serial(campaign) + 1
        return [f"{prefix(campaign)}{serial:04d}" for serial in range(first, first + count)]
    taken = set(campaign.tasks.values_list("code", flat=True))
    found: list[str] = []
    while len(found) < count:
        code = prefix(campaign) + "".join(_chance.choice(LETTERS) for _ in range(LONG))
        if code not in taken:
            taken.add(code)
            found.append(code)
    return found


def shuffle(campaign: Campaign) -> None:
    """Deal the codes of a draft anew among its samples, so that what was added last is not known by its number."""
    tasks = list(campaign.tasks.order_by("pk"))
    dealt = [task.code for task in tasks]
    _chance.shuffle(dealt)
    for task in tasks:
        task.code = f"~{task.pk}"  # a code stands once: none may meet another on the way
    SamplingTask.objects.bulk_update(tasks, ["code"])
    for task, code in zip(tasks, dealt, strict=True):
        task.code = code
    SamplingTask.objects.bulk_update(tasks, ["code"])


def prefix(campaign: Campaign) -> str:
    """Year and serial number of the campaign: `26003-`."""
    _kind, _place, year, serial = campaign.number.rsplit("-", 3)
    return f"{int(year) % 100:02d}{int(serial):03d}-"


def choose(tasks: list[SamplingTask], count: int) -> list[SamplingTask]:
    """So many of the samples, by chance."""
    return _chance.sample(tasks, min(count, len(tasks)))


def _last_serial(campaign: Campaign) -> int:
    serials = [code.rpartition("-")[2] for code in campaign.tasks.values_list("code", flat=True)]
    return max((int(serial) for serial in serials if serial.isdecimal()), default=0)
