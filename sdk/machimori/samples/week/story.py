"""What several themes have to agree on: households and what they use, travellers and where they go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from machimori.samples.week.making import Chance


class Feeder(NamedTuple):
    """A distribution line: all its customers, the households among them that the story shows, and whether it fails."""

    code: str
    customers: int
    shown: int
    fails: bool


FEEDERS = {
    "hama": Feeder("浜町1号線", 1240, 16, True),
    "higashi": Feeder("東町2号線", 1020, 12, True),
    "midori": Feeder("緑台3号線", 960, 9, False),
    "futo": Feeder("埠頭4号線", 6, 3, True),
}
"""A line a district. So few customers are on the last that its energy is suppressed."""
SOLAR = {2: 4.5, 5: 3.8, 11: 5.2, 18: 4.0, 22: 6.1, 26: 4.8, 30: 5.5, 34: 4.2}
"""Rated power of the panels in kW, by household."""
BATTERIES = {2: 9.8, 11: 7.4, 22: 16.6, 30: 9.8, 34: 6.5}
JOINING = (1, 2, 4, 5, 8, 9, 11, 13, 16, 18, 21, 22, 25, 28, 30, 33)
"""The households that save on Wednesday evening when asked."""
DECLINING = (7, 24)
WATCHED = 31
"""The household of the elderly resident whom a care firm watches over, by consent."""
PEAK = (("tue", "18:00"), ("tue", "18:30"), ("wed", "18:00"), ("wed", "18:30"))
NIGHT = ("sat", "01:00")
"""The half-hour after the lines failed: only the meters of one line report."""


class Household(NamedTuple):
    """A customer of the power company."""

    number: int
    district: str
    persons: int

    @property
    def key(self) -> str:
        """The number under which the power company knows it."""
        return f"power-{self.number:02}"


class Group(NamedTuple):
    """People who make the same trips: from, to, how, when and back when, on which days."""

    name: str
    people: int
    origin: str
    destination: str
    mode: str
    days: tuple[str, ...]
    out: str
    back: str | None
    minutes: int


GROUPS = (
    Group("commuters", 14, "midori", "chuo", "bus", ("mon", "thu"), "07:40", "18:10", 26),
    Group("railway", 11, "higashi", "chuo", "rail", ("tue",), "08:05", None, 9),
    Group("drivers", 6, "yamate", "futo", "car", ("wed",), "06:30", "16:40", 21),
    Group("strollers", 9, "honmachi", "hama", "walk", ("thu",), "17:15", None, 18),
)
EVACUEES = 5
"""So many of the strollers, who live by the water, walk to a shelter on Friday."""


class Journey(NamedTuple):
    """One trip of one traveller."""

    traveller: str
    origin: str
    destination: str
    mode: str
    day: str
    time: str
    minutes: int


@dataclass(frozen=True)
class Story:
    """The week that belongs to one seed."""

    seed: int

    def chance(self, theme: str) -> Chance:
        """Chance of its own for a theme, so that a change in one moves nothing in another."""
        return Chance(self.seed, theme)

    @cached_property
    def households(self) -> list[Household]:
        """The households that the story shows, a feeder after the other."""
        chance = self.chance("households")
        districts = [district for district, feeder in FEEDERS.items() for _ in range(feeder.shown)]
        return [
            Household(number, district, 1 if number == WATCHED else chance.whole(1, 5))
            for number, district in enumerate(districts, 1)
        ]

    @cached_property
    def energy(self) -> dict[tuple[int, str, str], int]:
        """Watt-hours by household, day and half-hour; whole, so that sums are the same everywhere."""
        chance = self.chance("energy")
        used = {}
        for home in self.households:
            usual = 230 + 110 * home.persons
            for day, time in PEAK:
                share = chance.whole(90, 110)
                if day == "wed":
                    share = chance.whole(58, 80) if home.number in JOINING else chance.whole(105, 125)
                used[home.number, day, time] = usual * share // 100
            if not FEEDERS[home.district].fails:
                used[home.number, *NIGHT] = usual * chance.whole(35, 55) // 100
        return used

    @cached_property
    def journeys(self) -> list[Journey]:
        """Every trip of the week."""
        chance = self.chance("journeys")
        made = []
        for group in GROUPS:
            for number in range(1, group.people + 1):
                traveller = f"urn:machimori:traveller:{group.name}-{number:02}"
                for day in group.days:
                    made.append(_journey(group, traveller, day, group.out, chance))
                    if group.back:
                        home = group._replace(origin=group.destination, destination=group.origin)
                        made.append(_journey(home, traveller, day, group.back, chance))
        for number in range(1, EVACUEES + 1):
            flight = Group("strollers", EVACUEES, "hama", "honmachi", "walk", ("fri",), "17:50", None, 30)
            made.append(_journey(flight, f"urn:machimori:traveller:strollers-{number:02}", "fri", flight.out, chance))
        return made


def _journey(group: Group, traveller: str, day: str, start: str, chance: Chance) -> Journey:
    hour, minute = int(start[:2]), int(start[3:]) + chance.whole(0, 19)
    time = f"{hour + minute // 60:02}:{minute % 60:02}"
    minutes = group.minutes + chance.whole(-3, 8)
    return Journey(traveller, group.origin, group.destination, group.mode, day, time, minutes)
