"""What is counted, for Prometheus. A label is a word of ours: a route, a status, a verdict, an issue code."""

from __future__ import annotations

import os
from collections import Counter as Counts
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from machimori.findings.issue import Report

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Where several workers put their counts together; set by the process that starts them."""
SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The counts of this process, or of all workers where they share."""

    def __init__(self) -> None:
        self._own = CollectorRegistry()
        self.requests = Counter("machimori_requests", "Requests answered.", ["route", "status"], registry=self._own)
        self.seconds = Histogram(
            "machimori_request_seconds", "Time to answer.", ["route"], buckets=SECONDS, registry=self._own
        )
        self.in_flight = Gauge(
            "machimori_requests_in_flight",
            "Requests being answered.",
            registry=self._own,
            multiprocess_mode="livesum",
        )
        self._records = Counter("machimori_records", "Records judged.", ["verdict"], registry=self._own)
        self._findings = Counter("machimori_findings", "Findings in records.", ["code"], registry=self._own)
        self._good, self._bad = self._records.labels("valid"), self._records.labels("invalid")

    def count(self, reports: Iterable[Report]) -> None:
        """Count records by their verdicts and findings by their codes."""
        for report in reports:
            (self._good if report.ok else self._bad).inc()
            for code, times in Counts(issue.code for issue in report.issues).items():
                self._findings.labels(code).inc(times)

    def text(self) -> bytes:
        """The counts in Prometheus' text format."""
        registry = self._own
        if SHARED in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library is typed in part
        return generate_latest(registry)


METRICS = Metrics()
