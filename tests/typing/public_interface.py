"""Checked by mypy and pyright, never run: the public interface keeps its types."""

from collections.abc import Iterator
from typing import assert_type

from machimori.model._privacy import Privacy
from machimori.model.energy import ElectricityUse

import machimori as mm
from machimori.catalogue import Class, Field, class_
from machimori.exchange import Conversion, LossReport, read
from machimori.findings import Report
from machimori.privacy import Holding, Store, open_store, read_holding
from machimori.samples import counterexample, week
from machimori.standards import moment
from machimori.validation import spark, validate

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
assert_type(validate("{}"), Report)
assert_type(read("sites.csv", "municipal"), Conversion)
assert_type(read("sites.csv", "municipal").losses, LossReport)
assert_type(class_("Trip"), Class)
assert_type(class_("Trip").fields["origin"], Field)
assert_type(open_store("gate.db"), Store)
assert_type(read_holding({}), Holding)
assert_type(counterexample("MM001"), bytes | None)
assert_type(week.records(), Iterator[dict[str, object]])
assert_type(spark.SparkJudgingError("x").exit_status, int)
assert_type(moment("2026-04-01T00:00:00Z"), float | None)
