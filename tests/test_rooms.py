"""Each room shows a handful of names, does no work when it is imported, and the pages import from nowhere else."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = {
    "machimori": """Decision Gate Issue MachimoriError Report StreamReport __version__ from_jsonld privacy_of to_graph validate
        validate_stream""",
    "machimori.catalogue": """Catalogue Class Enumeration Field Path Profile artefact class_ codes enumeration
        field model privacy_of resolve""",
    "machimori.demo": "SCENARIOS show",
    "machimori.errors": """CannotReadError CannotWriteError ExtensionError InvalidDocumentError MachimoriError MissingArtefactError
        MissingExtraError NotBuiltError OverlapError ReasonedError UnknownNameError UnreadableError""",
    "machimori.exchange": "Conversion FORMATS Format Loss LossReport SourceError read rendered write",
    "machimori.exchange.formats": "FORMATS Format read write",
    "machimori.fastapi": "install record",
    "machimori.findings": "Issue Report Reporter SeveritiesError Style Totals read_severities reporter",
    "machimori.findings.reporters": "FORMATS Reporter Style Totals reporter",
    "machimori.messages": "Choice ENGLISH Message Spoken joined languages msgid of said text",
    "machimori.privacy": """CannotOpenError Decision Disclosure Finding Gate Granted Holding Party PseudonymKeys PseudonymKeysError
        QueryRefusedError Receipt RefusedError Register RegisterUnreachableError Request Statistics Store StoreError
        UnaccountedError UnansweredError Withheld WrongFormError open_store read_holding read_request""",
    "machimori.privacy.store": "open_store",
    "machimori.rdf": """LossError NotOneRecordError RemoteContextError ShapeReport ShapeResult TurtleError from_jsonld shacl_report
        to_graph to_jsonld""",
    "machimori.records": "Input Instance Positions held lines_of lines_of_input opened",
    "machimori.samples": "CannotBreakError broken counterexample sample valid week",
    "machimori.service": "Settings application document serve",
    "machimori.standards": """in_japan is_corporate_number is_local_government_code mesh_code moment prefecture_code seconds
        with_check_digit written""",
    "machimori.validation": "StreamReport spark validate validate_stream",
}
"""What users import. A name that goes from here, or comes to it, is a change that they see: CHANGELOG.md tells of it."""
MADE = re.compile(r"machimori\.model(\.\w+)?")
"""What the build makes is shown as a whole: a module a domain."""
IMPORT = re.compile(r"^(?:>>> |\.\.\. )?\s*(?:from (machimori[\w.]*) import ([\w, ]+)|import (machimori[\w.]*))", re.M)
EXAMPLES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "README.md", *(ROOT / "docs").glob("*/*.md"), *(ROOT / "examples").rglob("*.py"))
)


def names(room: str) -> list[str]:
    return sorted(ROOMS[room].split())


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_shows_its_handful_and_nothing_else(room: str) -> None:
    found = import_module(room)
    assert sorted(found.__all__) == names(room)
    assert sorted(dir(found)) == names(room)
    with pytest.raises(AttributeError, match="no_such_name"):
        found.no_such_name  # noqa: B018  to look is the test


@pytest.mark.parametrize("room", ROOMS)
def test_what_it_shows_is_what_type_checkers_read(room: str) -> None:
    """Under ``TYPE_CHECKING`` the same name comes from the same module; elsewhere it is in plain sight."""
    found = import_module(room)
    folder = Path(str(found.__file__)).parent if hasattr(found, "__path__") else ROOT
    typed: dict[str, object] = {}
    for node in ast.walk(ast.parse(Path(str(found.__file__)).read_text(encoding="utf-8"))):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and node.orelse:
            for line in (n for n in node.body if isinstance(n, ast.ImportFrom) and n.module and room in n.module):
                home = import_module(line.module or "")
                for alias in line.names:
                    typed[alias.name] = (
                        import_module(f"{line.module}.{alias.name}")
                        if line.module == room
                        else getattr(home, alias.name)
                    )
    for name in set(names(room)) - {"__version__"}:
        shown = getattr(found, name)
        assert typed.get(name, found.__dict__.get(name)) is shown, name
        assert isinstance(shown, ModuleType) or not (folder / f"{name}.py").exists(), f"the module {name} would hide it"
    assert set(typed) <= set(names(room))


@pytest.mark.full
@pytest.mark.parametrize("room", sorted(set(ROOMS) - {"machimori.fastapi"}))
def test_it_does_no_work_when_it_is_imported(room: str) -> None:
    """A room whose names are loaded when they are asked for loads no module but those above it; the others none that is not ours."""
    program = f"import sys; before = set(sys.modules)\nimport {room}\nprint(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name for name in done.stdout.split() if name.startswith("machimori")}
    if import_module(room).__dict__.get("handful"):
        above = {room.rpartition(".")[0], room, "machimori", "machimori.handful"}
        assert loaded <= above
    assert not {"pydantic", "rdflib", "click", "sqlalchemy", "duckdb", "starlette", "linkml"} & set(done.stdout.split())


@pytest.mark.parametrize("file", EXAMPLES)
def test_the_pages_import_from_rooms(file: str) -> None:
    for room, imported, module in IMPORT.findall((ROOT / file).read_text(encoding="utf-8")):
        if module:
            assert module in ROOMS, module
        elif not MADE.fullmatch(room):
            assert room in ROOMS, room
            assert set(re.findall(r"\w+", imported)) <= set(names(room)), (room, imported)


def test_some_pages_import_at_all() -> None:
    """Or the test above would look for nothing."""
    assert sum(len(IMPORT.findall((ROOT / file).read_text(encoding="utf-8"))) for file in EXAMPLES) > 20
