"""``machimori build``: every artefact from the model, or the lines of the model that keep it from being built."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from machimori.catalogue import catalogue
from machimori.cli.refusals import CallError
from machimori.cli.statuses import Status
from machimori.errors import CannotReadError, MachimoriError, OverlapError
from machimori.extras import need
from machimori.files import name_of
from machimori.messages import Message

NO_FOLDER = Message("no such folder")

SAID = {
    "en": {
        "written": "{count} artefacts written to {out}",
        "unchanged": "nothing changed",
        "current": "{out} is current",
        "stale": "{path}: not what the model gives",
        "stale_count": "{count} artefacts are not current; run machimori build",
        "npm": "{path} is of other JSON Schemas; Ajv makes it anew (Node.js, npm):\n  {command}",
        "faults": "{count} faults; nothing was written",
    },
    "ja": {
        "written": "{count}件の成果物を{out}に書き出しました",
        "unchanged": "変更はありません",
        "current": "{out}は最新です",
        "stale": "{path}：モデルから作られるものと異なります",
        "stale_count": "{count}件の成果物が最新ではありません。machimori buildを実行してください",
        "npm": "{path}は別のJSON Schemaから作られたものです。次のコマンドで作り直してください（Node.jsとnpmが必要）：\n  {command}",
        "faults": "{count}件の誤りがあるため、何も書き出していません",
    },
}


def build(model: str | None, out: str | None, *, check: bool, language: str) -> int:
    """Build, or compare; 0 if all is well, 1 for a fault of the model or, with ``check``, for stale artefacts."""
    folder, target = _places(model, out)
    if not folder.is_dir():
        raise CannotReadError(name_of(folder), NO_FOLDER)
    if _one_in_the_other(folder.resolve(), target.resolve()):
        raise OverlapError(str(target), "folder")
    need("build")
    from machimori.build import run
    from machimori.build.sources import Sources

    said = SAID[language]
    outcome = run.build(folder, target, check=check, progress=_step)
    if outcome.faults:
        codes = _codes(Sources(folder))
        for fault in outcome.faults:
            print(_fault(fault, codes, language))
        print(said["faults"].format(count=len(outcome.faults)), file=sys.stderr)
        return Status.REFUSED
    if outcome.stale:
        for path in outcome.stale:
            print(said["stale"].format(path=path))
        if ours := len(outcome.stale) - outcome.outdated_validators:
            print(said["stale_count"].format(count=ours), file=sys.stderr)
        _tell_of_npm(outcome, target, said["npm"])
        return Status.REFUSED
    done = "unchanged" if outcome.unchanged else "current" if check else "written"
    print(said[done].format(count=outcome.written, out=target))
    _tell_of_npm(outcome, target, said["npm"])
    return Status.GOOD


def _tell_of_npm(outcome: Any, target: Path, said: str) -> None:
    """Which command makes what the build itself cannot, where that is called for."""
    from machimori.build import javascript

    if outcome.outdated_validators:
        print(said.format(path=javascript.VALIDATORS, command=javascript.making(target)), file=sys.stderr)


def _places(model: str | None, out: str | None) -> tuple[Path, Path]:
    """The folders given, or those of the source checkout that the current folder lies in."""
    checkout = _checkout()
    if (model is None or out is None) and checkout is None:
        raise CallError(
            "name the folders with --model and --out: this is no source checkout of the model",
            "モデルのソースの外では、--modelと--outでフォルダを指定してください",
        )
    home = checkout or Path()
    return (
        home / "model" if model is None else Path(model),
        home / "generated" if out is None else Path(out),
    )


def _one_in_the_other(folder: Path, target: Path) -> bool:
    """A build takes out of its folder what it wrote there before, and reads every file of the model's."""
    return folder.is_relative_to(target) or target.is_relative_to(folder)


def _checkout() -> Path | None:
    here = Path.cwd()
    return next(
        (
            p
            for p in (here, *here.parents)
            if (p / "model/machimori.yaml").is_file() and (p / "pyproject.toml").is_file()
        ),
        None,
    )


def _step(step: str) -> None:
    if sys.stderr.isatty():
        print(f"  {step}", file=sys.stderr)


def _codes(sources: Any) -> dict[str, Any]:
    """The codes of the model that is built; the shipped ones where it has none that can be read."""
    from machimori.build.composing import UnfitError

    try:
        held = {} if sources.extends else sources.data("codes")
    except UnfitError:
        held = {}
    try:
        return {**catalogue.codes(), **held}
    except MachimoriError:
        return dict(held)


def _fault(fault: Any, codes: dict[str, Any], language: str) -> str:
    from machimori.build.composing import visible

    code = codes.get(fault.code, {})
    name = code.get("name", "")
    message = code.get("message", {}).get(language, "{element} {detail}")
    remedy = code.get("remedy", {}).get(language, "")
    text = message.format(element=visible(fault.element), detail=visible(fault.detail))
    return f"{fault.place}: {fault.code} {name} {text}" + (f"\n    → {remedy}" if remedy else "")
