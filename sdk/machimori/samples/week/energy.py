"""What the power and gas companies know of their customers: contracts, meters, half-hours, panels, batteries."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, interval, org, record, ref, stamp
from machimori.samples.week.story import BATTERIES, SOLAR, Story
from machimori.samples.week.ward import DISTRICTS, address

SURNAMES = (
    ("佐藤", "サトウ"), ("鈴木", "スズキ"), ("高橋", "タカハシ"), ("田中", "タナカ"),
    ("伊藤", "イトウ"), ("山本", "ヤマモト"), ("中村", "ナカムラ"), ("小林", "コバヤシ"),
)  # fmt: skip
GIVEN_NAMES = (("一郎", "イチロウ"), ("花子", "ハナコ"), ("健", "ケン"), ("幸子", "サチコ"), ("明", "アキラ"))
GAS_CUSTOMERS = ("gas-01", "gas-02", "gas-03")
SUNNY_AND_STORMY = (("wed", "12:00", 0.78, 0.86), ("fri", "12:00", 0.09, 0.16))
"""The half-hours whose generation is shown, and between which shares of the rated power it lay."""
BEFORE_AND_DURING = (("wed", "18:00", "discharging", 55, 80), ("fri", "17:00", "charging", 90, 99))


def records(story: Story) -> Iterator[Record]:
    """Customers of two companies, each under the number of that company, and their energy."""
    yield from _customers(story)
    yield from _supply_points(story)
    yield from _meters(story)
    yield from _electricity_use(story)
    yield from _readings(story)
    yield from _gas(story)
    yield from _solar(story)
    yield from _batteries(story)


def _customers(story: Story) -> Iterator[Record]:
    for home in story.households:
        surname, surname_kana = SURNAMES[(home.number - 1) % len(SURNAMES)]
        given, given_kana = GIVEN_NAMES[(home.number - 1) // len(SURNAMES)]
        yield record(
            "Customer",
            home.key,
            name=f"{surname} {given}",
            name_kana=f"{surname_kana} {given_kana}",
            customer_kind="household",
            address=address(home.district, 1 + home.number % 4, f"{home.number}番1号"),
            telephone=f"090-0000-{home.number:04}",
        )
    for key in GAS_CUSTOMERS:
        yield record("Customer", key, customer_kind="household")


def _supply_points(story: Story) -> Iterator[Record]:
    for home in story.households:
        yield record(
            "SupplyPoint",
            home.key,
            customer=ref("Customer", home.key),
            supply_point_number=f"06{home.number:020}",
            place={"mesh_code": DISTRICTS[home.district].mesh_code},
            grid_area="kansai",
            grid_operator=org("minato-power"),
            retailer=org("minato-power"),
            tariff_name="みなと従量A",
            voltage_class="low_voltage",
            contracted_apparent_power=6000,
            wiring_method="single_phase_3_wire",
            meter_reading_day=10,
            supply_started_on="2024-03-28",
        )


def _meters(story: Story) -> Iterator[Record]:
    for home in story.households:
        yield record(
            "ElectricityMeter",
            home.key,
            customer=ref("Customer", home.key),
            supply_point=ref("SupplyPoint", home.key),
            meter_kind="smart_meter",
            serial_number=f"MK60-{40000 + home.number}",
            manufacturer="港川計測株式会社",
            installed_on="2021-05-14",
            verification_valid_until="2031-05-31",
            reading_interval="PT30M",
            measures_export=home.number in SOLAR,
        )


def _electricity_use(story: Story) -> Iterator[Record]:
    for (number, day, time), used in story.energy.items():
        key = f"power-{number:02}"
        yield record(
            "ElectricityUse",
            f"{key}-{stamp(day, time)}",
            customer=ref("Customer", key),
            meter=ref("ElectricityMeter", key),
            **interval(day, time, 30),
            energy=used / 1000,
            quality="measured",
        )


def _readings(story: Story) -> Iterator[Record]:
    chance = story.chance("readings")
    for number in (1, 2, 5):
        key = f"power-{number:02}"
        yield record(
            "ElectricityMeterReading",
            f"{key}-wed",
            customer=ref("Customer", key),
            meter=ref("ElectricityMeter", key),
            observed_at=at("wed", "18:30"),
            cumulative_energy_imported=chance.between(14000, 21000),
            active_power=2 * story.energy[number, "wed", "18:00"],
            meter_voltage=chance.between(99, 104),
            grid_frequency=chance.between(59.95, 60.05, 2),
            quality="measured",
        )


def _gas(story: Story) -> Iterator[Record]:
    chance = story.chance("gas")
    for number, key in enumerate(GAS_CUSTOMERS, 1):
        yield record(
            "GasUse",
            f"{key}-202608",
            customer=ref("Customer", key),
            gas_supply_point_number=f"09{number:015}",
            gas_kind="city_gas",
            interval_start=at("2026-07-20", "00:00"),
            interval_end=at("thu", "00:00"),
            gas_volume=chance.between(9, 24),
            quality="measured",
        )


def _solar(story: Story) -> Iterator[Record]:
    chance = story.chance("solar")
    for number, rated in SOLAR.items():
        key = f"power-{number:02}"
        for day, time, least, most in SUNNY_AND_STORMY:
            generated = round(1000 * rated * chance.between(least, most, 3)) // 2
            yield record(
                "SolarGeneration",
                f"{key}-{stamp(day, time)}",
                customer=ref("Customer", key),
                supply_point=ref("SupplyPoint", key),
                **interval(day, time, 30),
                energy_generated=generated / 1000,
                energy_sold=max(generated - chance.whole(250, 700), 0) / 1000,
                generated_power=2 * generated,
                rated_generation_power=round(1000 * rated),
                output_restraint="not_restrained",
                interconnection_status="reverse_flow_allowed",
                quality="measured",
            )


def _batteries(story: Story) -> Iterator[Record]:
    chance = story.chance("batteries")
    for number, full in BATTERIES.items():
        key = f"power-{number:02}"
        yield record(
            "StorageBattery",
            key,
            customer=ref("Customer", key),
            supply_point=ref("SupplyPoint", key),
            manufacturer="港川電池株式会社",
            product_code="MB-098",
            installed_on="2023-08-02",
            storage_battery_kind="lithium_ion",
            rated_storage_energy=full,
            storage_charging_power_limit=3000,
            storage_discharging_power_limit=3000,
        )
        for day, time, mode, least, most in BEFORE_AND_DURING:
            charge = chance.between(least, most)
            power = chance.whole(600, 1900)
            yield record(
                "BatteryState",
                f"{key}-{stamp(day, time)}",
                customer=ref("Customer", key),
                storage_battery=ref("StorageBattery", key),
                observed_at=at(day, time),
                storage_mode=mode,
                storage_state_of_charge=charge,
                storage_health=chance.whole(92, 99),
                stored_energy=round(full * charge / 100, 1),
                storage_power=-power if mode == "discharging" else power,
            )
