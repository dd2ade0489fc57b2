"""`privacy_of` says what the model says, and the strictest profile on a path wins."""

from __future__ import annotations

import pytest
from tests import raw

import machimori as mm
from machimori.errors import MachimoriError, UnknownNameError

FIXED = {
    "ElectricityUse.energy": ("personal.energy_use", "aggregate_only"),
    "ElectricityUse.interval_start": ("personal.energy_use", "aggregate_only"),
    "Trip.origin": ("personal.trip", "aggregate_only"),
    "Trip.started_at": ("personal.trip", "aggregate_only"),
    "FareTransaction.entry_stop": ("personal.fare", "order_only"),
    "VehiclePassage.plate": ("personal.vehicle_plate", "none"),
    "LastKnownLocation.place": ("personal.last_location", "none"),
    "SupportNeed.condition": ("special_care.support_need", "none"),
}
PURPOSES = {
    "personal.energy_use": "service_provision billing energy_saving demand_response welfare_watch city_planning research official_statistics resident_access",
    "personal.water_use": "service_provision billing maintenance_and_safety welfare_watch research official_statistics resident_access",
    "personal.trip": "service_provision billing congestion_relief transport_planning city_planning research official_statistics resident_access",
    "personal.fare": "service_provision billing transport_planning research resident_access",
    "personal.vehicle_plate": "billing maintenance_and_safety",
    "personal.last_location": "service_provision rescue resident_access",
    "code.face_template": "service_provision",
    "communications.metadata": "service_provision billing",
    "special_care.support_need": "disaster_response rescue welfare_watch",
}


@pytest.mark.parametrize(("path", "expected"), FIXED.items())
def test_fields_that_outside_programs_rely_on(path: str, expected: tuple[str, str]) -> None:
    profile = mm.privacy_of(path)
    assert (profile.name, profile.government_access) == expected


@pytest.mark.parametrize(("name", "purposes"), PURPOSES.items())
def test_purposes_that_outside_programs_rely_on(name: str, purposes: str) -> None:
    assert raw.catalogue()["profiles"][name]["purposes"] == purposes.split()


def test_the_strictest_profile_on_the_path_wins() -> None:
    assert mm.privacy_of("Trip.origin.latitude").name == "personal.trip"
    assert mm.privacy_of("Facility.place.latitude").name == "open"
    assert mm.privacy_of("SupportNeed.home.town").person_related


@pytest.mark.parametrize(
    "path", ["Trip", "Trip.", "Tripp.origin", "Trip.orign", "Trip.origin.moon", "Trip.mode.deeper", "", ".", "Trip..x"]
)
def test_an_unknown_path_is_a_named_error(path: str) -> None:
    with pytest.raises(MachimoriError) as caught:
        mm.privacy_of(path)
    assert isinstance(caught.value, UnknownNameError)


def test_every_field_has_a_profile_with_every_axis() -> None:
    for name, class_ in raw.catalogue()["classes"].items():
        for field in class_["fields"]:
            profile = mm.privacy_of(f"{name}.{field}")
            assert profile.data_class == profile.name.partition(".")[0]
            assert not profile.person_related or profile.retention


def test_no_profile_lists_law_enforcement_or_a_forbidden_purpose() -> None:
    forbidden = {n for n, v in raw.catalogue()["enums"]["Purpose"]["values"].items() if v.get("forbidden")}
    assert forbidden == {
        "person_scoring",
        "behaviour_prediction",
        "ethnic_profiling",
        "mass_surveillance",
        "crime_prediction",
    }
    for profile in raw.catalogue()["profiles"].values():
        assert not {*profile.get("purposes", [])} & (forbidden | {"law_enforcement"})
