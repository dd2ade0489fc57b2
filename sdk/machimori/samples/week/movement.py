"""Trips of residents, as the operator of the travel app knows them, and the flows that follow from enough of them."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, cell, period, record
from machimori.samples.week.story import Journey, Story
from machimori.samples.week.ward import DISTRICTS, area, place


def records(story: Story) -> Iterator[Record]:
    """The trips, then the flows."""
    yield from _trips(story)
    yield from _flows(story)


def _trips(story: Story) -> Iterator[Record]:
    chance = story.chance("trips")
    for number, journey in enumerate(story.journeys, 1):
        ends = {
            end: place(
                district,
                chance.between(0.1, 0.9, 3),
                chance.between(0.1, 0.9, 3),
                mesh_code=DISTRICTS[district].mesh_code,
            )
            for end, district in (("origin", journey.origin), ("destination", journey.destination))
        }
        yield record(
            "Trip",
            f"{number:03}",
            traveller=journey.traveller,
            **ends,
            started_at=at(journey.day, journey.time),
            ended_at=at(journey.day, journey.time, journey.minutes),
            mode=journey.mode,
        )


def _flows(story: Story) -> Iterator[Record]:
    """Between two districts by one mode over the week: the number of trips where ten or more people made them."""
    pairs: dict[tuple[str, str, str], list[Journey]] = {}
    for journey in story.journeys:
        pairs.setdefault((journey.origin, journey.destination, journey.mode), []).append(journey)
    for (origin, destination, mode), made in pairs.items():
        people = len({journey.traveller for journey in made})
        yield record(
            "OriginDestinationFlow",
            f"{origin}-{destination}-{mode}",
            origin_area=area(origin),
            destination_area=area(destination),
            period=period("mon", "end"),
            mode=mode,
            **cell(people, trips=len(made)),
        )
