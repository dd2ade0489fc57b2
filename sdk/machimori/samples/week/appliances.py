"""Inside the homes: appliances on the hot Wednesday, as the home energy manager sees them."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, interval, record, ref, stamp
from machimori.samples.week.story import JOINING, Story

COOLED = JOINING[:12]
"""The households whose air conditioner is shown."""
OTHERS = (
    # household, number, name, kind, ECHONET class, room, rated watts
    (2, 2, "ヒートポンプ給湯機", "electric_water_heater", "0x026B", "garden", 1500),
    (2, 3, "居間の照明", "lighting", "0x0290", "living_room", 40),
    (2, 4, "居間の環境センサー", "environment_sensor", "0x0011", "living_room", 2),
    (11, 2, "ヒートポンプ給湯機", "electric_water_heater", "0x026B", "garden", 1500),
    (2, 5, "洗濯乾燥機", "washer_dryer", "0x03D3", "washroom", 800),
    (2, 6, "電気自動車充放電器", "ev_charger", "0x027E", "garage", 5900),
)
ROOM = (("wed", "14:30", 30.4, 66), ("wed", "18:30", 28.1, 58))


def _key(household: int, number: int = 1) -> str:
    """The id of an appliance: the household's, and its number there."""
    return f"power-{household:02}-{number}"


def records(story: Story) -> Iterator[Record]:
    """Appliances, their states and settings."""
    yield from _appliances()
    yield from _air_conditioners(story)
    yield from _water_heaters(story)
    yield from _lighting()
    yield from _shifted()
    yield from _energy_use(story)
    yield from _faults()
    yield from _rooms(story)
    yield from _settings()


def _customer(household: int) -> str:
    """The reference to the customer of a household."""
    return ref("Customer", f"power-{household:02}")


def _appliances() -> Iterator[Record]:
    shown = [(household, 1, "居間のエアコン", "air_conditioner", "0x0130", "living_room", 1130) for household in COOLED]
    for household, number, name, kind, code, room, watts in [*shown, *OTHERS]:
        yield record(
            "HomeAppliance",
            _key(household, number),
            customer=_customer(household),
            name=name,
            appliance_kind=kind,
            echonet_class_code=code,
            manufacturer="みなと電機株式会社",
            installed_on="2024-06-15",
            installation_room=room,
            rated_power_consumption=watts,
            dr_ready=kind != "lighting",
        )


def _air_conditioners(story: Story) -> Iterator[Record]:
    chance = story.chance("air conditioners")
    for household in COOLED:
        room = chance.between(26.5, 28.4)
        watts = chance.whole(210, 480)
        yield record(
            "AirConditionerState",
            f"{_key(household)}-{stamp('wed', '18:10')}",
            customer=_customer(household),
            appliance=ref("HomeAppliance", _key(household)),
            observed_at=at("wed", "18:10"),
            appliance_status="on",
            air_conditioning_mode="cooling",
            target_temperature=28,
            room_temperature=room,
            room_humidity=chance.whole(52, 64),
            outdoor_temperature=35,
            power_saving=True,
            current_consumption=round(watts / 100, 1),
            appliance_power=watts,
            fault_status=False,
        )


def _water_heaters(story: Story) -> Iterator[Record]:
    chance = story.chance("water heaters")
    for household in (2, 11):
        yield record(
            "WaterHeaterState",
            f"{_key(household, 2)}-{stamp('wed', '11:00')}",
            customer=_customer(household),
            appliance=ref("HomeAppliance", _key(household, 2)),
            observed_at=at("wed", "11:00"),
            appliance_status="on",
            water_heating_setting="automatic",
            water_heating=True,
            tank_temperature=chance.whole(44, 60),
            remaining_hot_water=chance.whole(90, 240) / 1000,
            bath_status="stopped",
            daytime_heating_allowed=True,
            energy_shift_participation=True,
            energy_shift_time="11:00",
            appliance_power=1040,
            fault_status=False,
        )


def _lighting() -> Iterator[Record]:
    yield record(
        "LightingState",
        f"{_key(2, 3)}-{stamp('wed', '18:10')}",
        customer=_customer(2),
        appliance=ref("HomeAppliance", _key(2, 3)),
        observed_at=at("wed", "18:10"),
        appliance_status="on",
        light_level=40,
        light_colour="incandescent",
        lighting_mode="main",
        appliance_power=14,
        fault_status=False,
    )


def _shifted() -> Iterator[Record]:
    """What waits or gives back while the ward saves electricity: the washing, and the car."""
    yield record(
        "ApplianceState",
        f"{_key(2, 5)}-{stamp('wed', '18:05')}",
        customer=_customer(2),
        appliance=ref("HomeAppliance", _key(2, 5)),
        observed_at=at("wed", "18:05"),
        appliance_status="on",
        operating_stage="waiting",
        start_may_shift_until=at("wed", "21:00"),
        appliance_power=2,
        fault_status=False,
    )
    yield record(
        "VehicleChargerState",
        f"{_key(2, 6)}-{stamp('wed', '18:05')}",
        customer=_customer(2),
        appliance=ref("HomeAppliance", _key(2, 6)),
        observed_at=at("wed", "18:05"),
        appliance_status="on",
        vehicle_connection="chargeable_and_dischargeable",
        vehicle_charging_mode="discharging",
        vehicle_charging_power=-1180,
        traction_battery_level=71,
        fault_status=False,
    )


def _energy_use(story: Story) -> Iterator[Record]:
    for household in COOLED[:4]:
        used = story.energy[household, "wed", "18:00"] * 2 // 5
        yield record(
            "ApplianceEnergyUse",
            f"{_key(household)}-{stamp('wed', '18:00')}",
            customer=_customer(household),
            appliance=ref("HomeAppliance", _key(household)),
            **interval("wed", "18:00", 30),
            appliance_energy=used / 1000,
            operating_time=1800,
            appliance_energy_method="branch_circuit",
            quality="measured",
        )


def _faults() -> Iterator[Record]:
    yield record(
        "ApplianceFault",
        _key(11, 2),
        customer=_customer(11),
        appliance=ref("HomeAppliance", _key(11, 2)),
        started_at=at("sat", "00:41"),
        ended_at=at("sat", "14:12"),
        fault_kind="power_cycle",
    )


def _rooms(story: Story) -> Iterator[Record]:
    for day, time, temperature, humidity in ROOM:
        yield record(
            "HomeEnvironment",
            f"power-02-{stamp(day, time)}",
            customer=_customer(2),
            appliance=ref("HomeAppliance", _key(2, 4)),
            installation_room="living_room",
            observed_at=at(day, time),
            room_temperature=temperature,
            room_humidity=humidity,
            room_co2=story.chance("room " + time).whole(620, 980),
            quality="measured",
        )


def _settings() -> Iterator[Record]:
    for household in (2, 11):
        yield record(
            "HomeEnergySettings",
            f"power-{household:02}",
            customer=_customer(household),
            starts_at=at("2026-07-01", "00:00"),
            ends_at=at("2026-10-01", "00:00"),
            load_control_mode="automatic",
            controllable_appliances=[ref("HomeAppliance", _key(household, number)) for number in (1, 2)],
            comfort_temperature_lower=22,
            comfort_temperature_upper=28,
            surplus_power_use="charge_battery",
            storage_reserve=30,
            charge_before_storm=True,
        )
