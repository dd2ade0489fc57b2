"""Read the model once, hold it against the gate, and write every artefact in one process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from machimori.build import gate, javascript, python_guard
from machimori.build.model import Model
from machimori.build.python_guard import UnsafeCodeError
from machimori.build.reading import folder_hash, read
from machimori.build.sources import Place, Sources, home
from machimori.catalogue import catalogue
from machimori.files import writing_text
from machimori.messages import FOLDER

EMITTERS = (
    "package",
    "pydantic_classes",
    "json_schema",
    "fast_validators",
    "openapi",
    "typescript",
    "javascript",
    "context",
    "owl",
    "shacl",
    "privacy_vocabulary",
    "policy",
    "cedar",
    "odrl",
    "catalogue",
    "glossary",
    "crosswalk",
)
TOOLS = ("linkml", "linkml-runtime", "fastjsonschema", "rdflib")
MANIFEST = "MANIFEST.json"

Progress = Callable[[str], None]


def _silent(step: str, /) -> None:
    """Tell nobody."""


@dataclass
class Outcome:
    """What a build found and wrote."""

    faults: list[gate.Fault] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    written: int = 0
    outdated_validators: bool = False
    """Whether the JavaScript validators are of other JSON Schemas: Ajv makes them, and no build."""
    unchanged: bool = False
    model: Model | None = None

    @property
    def ok(self) -> bool:
        """Whether no fault was found, and nothing in ``generated/`` is other than what the model gives."""
        return not self.faults and not self.stale


def build(folder: Path, out: Path, *, check: bool = False, progress: Progress = _silent) -> Outcome:
    """Build ``folder`` into ``out``; with ``check`` write nothing and name what differs."""
    if not check and current(folder, out):
        return Outcome(unchanged=True)
    progress("reading the model")
    sources = Sources(folder)
    faults = gate.before_reading(sources)
    if faults:
        return Outcome(faults)
    try:
        model = read(sources)
    except (ValueError, TypeError, KeyError, AttributeError, OSError) as error:
        return Outcome([gate.unread(sources, error)])
    faults = gate.check(model, sources)
    if faults:
        return Outcome(faults, model=model)
    try:
        files = artefacts(model, progress)
        python_guard.check(files)
    except UnsafeCodeError as error:
        return Outcome([gate.Fault("MM924", Place(error.path, error.line), error.path, error.what)], model=model)
    except (ValueError, SyntaxError) as error:
        return Outcome([gate.Fault("MM910", Place(sources.main.name, 1), model.name, str(error))], model=model)
    if not check:
        _write(files, out)
    outcome = Outcome(model=model, outdated_validators=not (model.base or javascript.current(out)))
    if check:
        outcome.stale = _differences(files, out) + [javascript.VALIDATORS] * outcome.outdated_validators
    else:
        outcome.written = len(files)
    return outcome


def artefacts(model: Model, progress: Progress = _silent) -> dict[str, str]:
    """Every artefact by its path, the manifest last."""
    files: dict[str, str] = {}
    for name in EMITTERS:
        progress(name.replace("_", " "))
        files |= import_module(f"machimori.build.{name}").emit(model)
    files[MANIFEST] = _manifest(model, files)
    return files


def current(folder: Path, out: Path) -> bool:
    """Whether ``out`` was made from this very folder, by this very build, and nobody touched it since."""
    manifest = out / MANIFEST
    if not manifest.is_file():
        return False
    try:
        held = json.loads(manifest.read_text(encoding="utf-8"))
        return bool(
            held["model"]["sha256"] == folder_hash(folder)
            and (held.get("extends") is None or held["extends"] == _shipped())
            and held["tools"] == _tools()
            and held["build"] == _own_hash()
            and all(_digest(out / p) == digest for p, digest in held["files"].items())
            and set(_present(out)) == {*held["files"], MANIFEST}
            and ("extends" in held or javascript.current(out))
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _manifest(model: Model, files: dict[str, str]) -> str:
    data = {
        "name": model.name,
        "version": model.version,
        "iri": model.iri,
        "model": {"sha256": model.hash},
        **({"extends": _shipped()} if model.base else {}),
        "tools": _tools(),
        "build": _own_hash(),
        "files": {p: hashlib.sha256(files[p].encode()).hexdigest() for p in sorted(files)},
    }
    return json.dumps(data, indent=1) + "\n"


def _extends(sources: Sources) -> dict[str, str] | None:
    return _shipped() if sources.extends else None


def _shipped() -> dict[str, str]:
    """The state of the installed model that an extension is built on."""
    held = catalogue.shipped()
    digest = hashlib.sha256(catalogue.artefact("catalogue.json").encode()).hexdigest()
    return {"name": held.name, "version": held.version, "sha256": f"{folder_hash(home())}/{digest}"}


def _tools() -> dict[str, str]:
    return {tool: version(tool) for tool in TOOLS}


def _own_hash() -> str:
    here = Path(__file__).parent
    digest = hashlib.sha256()
    own = [*here.rglob("*.py"), *here.rglob("*.jinja"), *here.rglob("templates/javascript/*")]
    for path in sorted([*own, *FOLDER.rglob("*.po")]):  # the generated classes bring their sentences
        if "__pycache__" not in path.parts:
            digest.update(path.relative_to(here.parent).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _present(out: Path) -> Iterable[str]:
    for path in out.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts and path != out / javascript.VALIDATORS:
            yield path.relative_to(out).as_posix()


def _differences(files: dict[str, str], out: Path) -> list[str]:
    present = set(_present(out))
    changed = [p for p, text in files.items() if p not in present or (out / p).read_text(encoding="utf-8") != text]
    return sorted(changed + [p for p in present if p not in files])


def _written_before(out: Path) -> set[str]:
    """What an earlier build says that it wrote here. Whatever else lies in the folder is somebody's, and stays."""
    try:
        held = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {path for path in held if (out / path).resolve().is_relative_to(out.resolve())}


def _write(files: dict[str, str], out: Path) -> None:
    for path in _written_before(out) - files.keys():
        (out / path).unlink(missing_ok=True)
    for path, text in files.items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            with writing_text(target) as stream:
                stream.write(text)
