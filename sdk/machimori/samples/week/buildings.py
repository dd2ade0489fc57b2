"""The ward office and a tower of flats: energy, air and people in them."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, cell, interval, org, record, ref, stamp
from machimori.samples.week.story import Story
from machimori.samples.week.ward import WARD_CODE, address, place, rectangle

BUILDINGS = (
    # key, name, number in the city model, district, ground, use, height, floors, built, floor area, flood depth, facility
    ("ward-office", "みなと区役所庁舎", 421, "chuo", (0.49, 0.39, 0.51, 0.41), "government", 38.2, 8, 1996, 18400.0, 0.4, "ward-office"),
    ("bay-tower", "ベイタワー潮見", 1088, "shiomi", (0.4, 0.5, 0.42, 0.52), "apartments", 98.5, 30, 2012, 31200.0, 1.2, None),
)  # fmt: skip
SPACES = (
    # key, name, building, inside, kind, floor, area, capacity
    ("office-3f", "3階", "ward-office", None, "floor", 3, 2100.0, 300),
    ("office-3f-counter", "3階 区民課窓口", "ward-office", "office-3f", "room", 3, 310.5, 120),
    ("office-6f-headquarters", "6階 災害対策本部室", "ward-office", None, "room", 6, 180.0, 60),
)
ENERGY = (
    # building, day, time, kWh, customers
    ("ward-office", "wed", "14:00", 182.0, 24),
    ("bay-tower", "wed", "18:00", 96.5, 212),
    ("bay-tower", "sat", "14:00", 88.0, 212),
)
OCCUPANCY = (
    # day, time, people behind the count
    ("mon", "10:00", 46),
    ("wed", "10:00", 58),
    ("fri", "16:00", 4),
)


def records(story: Story) -> Iterator[Record]:
    """Buildings, spaces, and what is measured in them."""
    yield from _buildings()
    yield from _spaces()
    yield from _energy()
    yield from _air(story)
    yield from _occupancy()
    yield from _credentials(story)


def _buildings() -> Iterator[Record]:
    for key, name, number, district, ground, usage, height, floors, built, size, depth, facility in BUILDINGS:
        yield record(
            "Building",
            key,
            name=name,
            plateau_building_id=f"{WARD_CODE[:5]}-bldg-{number}",
            local_government_code=WARD_CODE,
            address=address(district, 1, "1番1号"),
            place=place(district, ground[0], ground[1]),
            geometry=rectangle(district, *ground),
            building_usage=usage,
            building_structure="steel_reinforced_concrete",
            fireproof_structure="fireproof",
            measured_height=height,
            floors_above_ground=floors,
            floors_below_ground=1,
            year_of_construction=built,
            total_floor_area=size,
            flood_risks=[
                {
                    "river_name": "港川",
                    "flood_scale": "maximum",
                    "flood_depth_rank": "below_0_5m" if depth < 0.5 else "from_0_5m_to_3m",
                    "flood_depth": depth,
                    "inundation_duration": "PT12H",
                }
            ],
            operator=org("minatogawa-city") if facility else None,
            facility=ref("Facility", facility) if facility else None,
        )


def _spaces() -> Iterator[Record]:
    for key, name, building, parent, kind, floor, size, capacity in SPACES:
        yield record(
            "BuildingSpace",
            key,
            name=name,
            building=ref("Building", building),
            space_kind=kind,
            parent_space=ref("BuildingSpace", parent) if parent else None,
            floor_number=floor,
            space_floor_area=size,
            capacity=capacity,
        )


def _energy() -> Iterator[Record]:
    for building, day, time, used, customers in ENERGY:
        yield record(
            "BuildingEnergyUse",
            f"{building}-{stamp(day, time)}",
            building=ref("Building", building),
            **interval(day, time, 30),
            energy_carrier="electricity",
            energy_end_use="whole_building",
            **cell(customers, building_energy=used, building_peak_power=used * 2200),
            quality="measured",
        )


def _air(story: Story) -> Iterator[Record]:
    chance = story.chance("indoor air")
    for day, time, space in (("wed", "14:00", "office-3f-counter"), ("fri", "21:00", "office-6f-headquarters")):
        yield record(
            "IndoorEnvironment",
            f"{space}-{stamp(day, time)}",
            building=ref("Building", "ward-office"),
            building_space=ref("BuildingSpace", space),
            observed_at=at(day, time),
            device=ref("Device", "indoor-1") if space.startswith("office-3f") else None,
            room_temperature=chance.between(26.5, 28),
            room_humidity=chance.whole(48, 62),
            room_co2=chance.whole(700, 1100),
            quality="measured",
        )


def _occupancy() -> Iterator[Record]:
    for day, time, people in OCCUPANCY:
        yield record(
            "OccupancyCount",
            f"office-3f-counter-{stamp(day, time)}",
            building=ref("Building", "ward-office"),
            building_space=ref("BuildingSpace", "office-3f-counter"),
            **interval(day, time, 60),
            occupancy_method="infrared",
            **cell(people, occupancy_count=people),
            quality="measured",
        )


def _credentials(story: Story) -> Iterator[Record]:
    """Who may enter the headquarters: one staff member by face, by consent; one by card."""
    face = "".join(story.chance("face").pick("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef0123456789-_") for _ in range(43))
    for staff, template in (("81", face), ("82", None)):
        yield record(
            "AccessCredential",
            staff,
            face_template=template,
            valid_until=at("2027-03-31", "23:59:59"),
            holder=f"urn:machimori:staff:{staff}",
        )
