"""Checked by mypy and pyright, never run: the public interface keeps its types."""

from collections.abc import Iterator
from typing import assert_type

from machimori.model._privacy import Privacy
from machimori.model.energy import ElectricityUse

import machimori as mm

report = mm.validate({"type": "Trip"})
assert_type(report, mm.Report)
assert_type(report.ok, bool)
assert_type(report.issues, tuple[mm.Issue, ...])
assert_type(report.issues[0].line, int | None)
assert_type(report.issues[0].message, str)
stream = mm.validate_stream("records.ndjson", jobs=2)
assert_type(stream, mm.StreamReport)
assert_type(iter(stream), Iterator[mm.Issue])
profile = mm.privacy_of("ElectricityUse.energy")
assert_type(profile, Privacy)
assert_type(profile.purposes, tuple[str, ...])
use = ElectricityUse.model_validate_json("{}")
assert_type(use.energy, float)
assert_type(use.energy_exported, float | None)
