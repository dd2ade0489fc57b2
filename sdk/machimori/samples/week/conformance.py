"""The home gateway of the ward, and what a test laboratory found about it."""

from __future__ import annotations

from collections.abc import Iterator

from machimori.samples.week.making import Record, at, org, record, ref
from machimori.samples.week.story import Story

TESTED = ("ElectricityUse", "BatteryState")
OUTCOMES = (
    # code, class, outcome, cases, failed
    ("MM101", "ElectricityUse", "passed", 400, 0),
    ("MM205", "ElectricityUse", "passed", 400, 0),
    ("MM203", "BatteryState", "passed", 400, 0),
    ("MM303", None, "inapplicable", 0, 0),
)


def records(_: Story) -> Iterator[Record]:
    """The product, the statement and its outcomes."""
    yield record(
        "Product",
        "home-gateway",
        name="みなとホームゲートウェイ",
        product_kind="device",
        product_version="3.1.0",
        product_code="MHG-300",
        supplier=org("minato-power"),
        released_on="2026-03-16",
        supported_classes=[*TESTED, "SolarGeneration"],
        supported_formats=["machimori", "echonet"],
    )
    yield record(
        "ConformanceStatement",
        "home-gateway",
        product=ref("Product", "home-gateway"),
        model_version="0.1.0",
        tested_by=org("minatogawa-lab"),
        test_party="third_party",
        test_mode="automatic",
        tested_at=at("2026-05-20", "16:40"),
        tested_classes=list(TESTED),
        records_tested=120000,
        conformance_result="conforms",
        statement_valid_until="2027-05-31",
        issued_at=at("2026-05-25", "10:00"),
    )
    for code, entity, outcome, cases, failed in OUTCOMES:
        yield record(
            "TestOutcome",
            f"home-gateway-{code}",
            conformance_statement=ref("ConformanceStatement", "home-gateway"),
            conformance_test=f"https://w3id.org/machimori/code/{code}",
            entity=entity,
            test_outcome=outcome,
            cases_run=cases,
            cases_failed=failed,
            at=at("2026-05-20", "16:12"),
        )
