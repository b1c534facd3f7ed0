"""Enterprises for tests, made by services: firms with valid credit codes, notices, stays on lists, sites, representatives.

    made = enterprise_world.Firms(world)
    plant = made.firm("青禾电镀有限公司", industry="3360")
    made.listed(plant, "soil_key", date(2026, 3, 20))
    made.site(plant, land_world.square(0, 0))
    boss = made.representative(plant)          # also world.people["firm"]

`credit_code_of(7)` is a valid code of 青禾区 that nobody has; firms without a code of their own get the next one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from shapely.geometry.base import BaseGeometry

from desk.land_world import AT, SINCE, place
from soildesk.core.models import Person, RoleGrant
from soildesk.enterprises.models import Enterprise, EnterpriseVersion, Listing, ListNotice, SiteVersion
from soildesk.enterprises.services import firms, lists, representatives, sites
from soildesk.enterprises.services.lists import Member
from soildesk.land.services.writing import Place
from soilrules.enterprises import credit_code

CITY = "云泽市生态环境局"


def credit_code_of(number: int) -> str:
    """A valid credit code: a firm registered in 青禾区, made up."""
    body = f"MA{number:06d}"
    first = f"91990101{body}{credit_code.body_digit(body)}"
    return first + credit_code.check_digit(first)


class Firms:
    """Makes enterprises of 青禾区 as its officer."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self._codes: Iterator[int] = count(1)
        self._notices: dict[tuple[str, date, bool], ListNotice] = {}

    @property
    def officer(self) -> Any:
        """Whoever writes."""
        return self.world.actor("officer")

    def firm(
        self,
        name: str,
        *,
        code: str | None = None,
        since: date = SINCE,
        at: datetime = AT,
        town: str = "柏庄镇",
        **facts: Any,
    ) -> EnterpriseVersion:
        """An enterprise of a town, in production; the next valid credit code where none is given ("" for none)."""
        said = {"name": name, "credit_code": credit_code_of(next(self._codes)) if code is None else code, **facts}
        return firms.register(said, place(self.world, town), since=since, by=self.officer, at=at)

    def notice(
        self, key: str, since: date, *, whole: bool = False, at: datetime | None = None, **facts: Any
    ) -> ListNotice:
        """The notice of a list that counts from a day; one a day and list."""
        held = self._notices.get((key, since, whole))
        if held is None or facts:
            said = {
                "list_key": key, "number": f"云环〔{since.year}〕{len(self._notices) + 1}号", "title": f"{since.year}年名录",
                "authority": CITY, "decided_on": since, "published_on": since, "since": since, "whole": whole, **facts,
            }  # fmt: skip
            where = Place(self.world.district, self.world.departments["ecology"])
            held = lists.register(said, where, by=self.officer, at=at or _noon(since))
            self._notices[key, since, whole] = held
        return held

    def listed(
        self, firm: EnterpriseVersion, key: str, since: date, *, at: datetime | None = None, **said: str
    ) -> Listing:
        """The firm on a list from a day on; `reason` and `category` as the notice says."""
        when = at or _noon(since)
        return lists.enter(self.notice(key, since, at=at), Member(firm.enterprise, **said), by=self.officer, at=when)

    def delisted(self, listing: Listing, since: date, *, reason: str = "已关停", at: datetime | None = None) -> Listing:
        """The firm off the list from a day on."""
        notice = self.notice(listing.list_key, since, at=at)
        return lists.leave(notice, listing, reason=reason, by=self.officer, at=at or _noon(since))

    def site(
        self, firm: EnterpriseVersion, shape: BaseGeometry, *, since: date = SINCE, at: datetime = AT, **facts: Any
    ) -> SiteVersion:
        """Ground a firm uses from a day on."""
        said = {"name": f"{firm.name}厂区", "geometry": shape, "enterprise": firm.enterprise, **facts}
        return sites.register(said, place(self.world), since=since, by=self.officer, at=at)

    def representative(
        self, firm: EnterpriseVersion | Enterprise, name: str = "firm", *, since: date = SINCE, at: datetime = AT
    ) -> Person:
        """Somebody who speaks for the firm, known to the world by `name`."""
        person = Person.objects.create(username=name, name=name)
        RoleGrant.objects.create(person=person, role=RoleGrant.Role.ENTERPRISE, division=self.world.district)
        of = firm.enterprise if isinstance(firm, EnterpriseVersion) else firm
        representatives.grant(person, of, since=since, by=self.officer, at=at)
        self.world.people[name] = person
        return person


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)
