"""The golden decisions: each is argued from a sentence of the specification or of the law, and compared in full."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.privacy.gate import golden

from machimori.cli.run import main
from machimori.privacy.decision.decision import Decision
from machimori.validation.record import validate

NAMES = golden.names()


def _told(decision: Decision, wanted: Any) -> dict[str, Any]:
    """What a decision says of everything that the case speaks of."""
    said = {
        "form": decision.form,
        "rule": decision.rule,
        "granted": {g.field: f"{g.transform}, {g.rule}" for g in decision.granted},
        "withheld": {w.field: w.rule for w in decision.withheld},
        "obligations": list(decision.obligations),
        "strongest": decision.strongest_permitted,
        "delete_by": decision.delete_by,
    }
    return {name: said[name] for name in wanted}


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_decision(name: str) -> None:
    case = golden.named()[name]
    decision = case.gate().decide(case.request, **case.counted)
    assert _told(decision, case.wanted) == dict(case.wanted), case.why


@pytest.mark.full
def test_every_case_is_argued_and_named_once() -> None:
    cases = list(golden.cases())
    assert [c.name for c in cases] == NAMES
    assert len({*NAMES}) == len(NAMES) >= 150
    assert not [c.name for c in cases if len(c.why) < 15 or {"form", "rule"} - set(c.wanted)]


@pytest.mark.full
def test_every_decision_complies_with_its_class() -> None:
    for case in golden.named().values():
        report = validate(case.gate().decide(case.request, **case.counted).data(), "Decision")
        assert report.ok, (case.name, [i.path for i in report.issues])


@pytest.mark.parametrize("name", NAMES[:: len(NAMES) // 8])
def test_the_command_says_the_same(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``machimori decide --json`` on the same files: the same decision, and its exit status."""
    case = golden.named()[name]
    files = {
        "request.json": json.dumps(case.request),
        "holder.json": json.dumps(case.holding),
        "signed.jws": "\n".join(case.lines),
        "agreements.json": json.dumps(case.agreements),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    counted = [a for name, value in case.counted.items() for a in (f"--{name}", str(value))]
    given = ["--holder", str(tmp_path / "holder.json"), "--orders", str(tmp_path / "signed.jws")]
    given += ["--agreements", str(tmp_path / "agreements.json"), "--now", _time(case.now), "--json", *counted]
    status = main(["decide", str(tmp_path / "request.json"), *given])
    printed = json.loads(capsys.readouterr().out)
    decision = case.gate().decide(case.request, **case.counted)
    assert status == (1 if decision.denied else 0)
    assert printed == json.loads(decision.json())


def _time(at: float) -> str:
    from machimori.standards.time import written

    return written(at)
