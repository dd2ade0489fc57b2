"""The npm package judges without anything beside it, is what Ajv makes of the schemas, and holds what it should."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.javascript.node import installed, present

from machimori.build import javascript

pytestmark = pytest.mark.full

ROOT = Path(__file__).parents[2]
GENERATED = ROOT / "generated"
PACKAGE = GENERATED / "javascript"
IMPORTED = re.compile(r"""(?:\bfrom|\bimport|\brequire\()\s*["']([^"']+)["']""")


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_package_passes_its_own_tests() -> None:
    told = run(present("npm"), "test", cwd=PACKAGE)
    assert "# skipped 0" in told
    assert re.search(r"# pass [1-9]", told)


def test_the_validators_are_what_ajv_makes_of_the_schemas() -> None:
    installed(javascript.AJV)
    made = run(present("node"), "standalone.mjs", str(GENERATED), "-", cwd=javascript.AJV)
    assert made == (PACKAGE / "validators.js").read_text(encoding="utf-8"), f"run {javascript.making(GENERATED)}"


def test_nothing_outside_the_package_is_imported() -> None:
    files = [p for p in PACKAGE.glob("*.js") if not p.name.endswith(".test.js")]
    named = {name for p in files for name in IMPORTED.findall(p.read_text(encoding="utf-8"))}
    assert named == {"./formats.js", "./privacy.js", "./validators.js"}


def test_the_package_judges_where_there_are_no_modules(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "machimori")
    asked = 'import { validate } from "./index.js"; console.log(validate({ id: "urn:x:1", type: "TransitStop", name: "a" }))'
    told = run(present("node"), "--input-type=module", "-e", asked, cwd=tmp_path / "machimori")
    assert "valid: true" in told


def test_what_is_packed_is_what_users_need() -> None:
    (packed,) = json.loads(run(present("npm"), "pack", "--dry-run", "--json", cwd=PACKAGE))
    assert {f["path"] for f in packed["files"]} == {
        *("README.md", "README.ja.md", "package.json", "index.js", "index.d.ts", "types.d.ts"),
        *("formats.js", "privacy.js", "validators.js"),
    }


def test_validators_of_other_schemas_are_not_current(tmp_path: Path) -> None:
    for folder in ("jsonschema", "javascript"):
        shutil.copytree(GENERATED / folder, tmp_path / folder)
    assert javascript.current(tmp_path)
    trip = tmp_path / "jsonschema" / "Trip.json"
    trip.write_text(trip.read_text(encoding="utf-8").replace("Trip", "Tripe"), encoding="utf-8")
    assert not javascript.current(tmp_path)


@pytest.mark.parametrize("place", [".", "model/domains"])
def test_the_command_that_is_told_makes_them_wherever_it_is_told(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first half installs what the lock file names, which is done once for all tests."""
    out = tmp_path / "a folder; of artefacts"
    for folder in ("jsonschema", "javascript"):
        shutil.copytree(GENERATED / folder, out / folder)
    (out / "javascript" / "validators.js").write_text("// of others\n", encoding="utf-8")
    monkeypatch.chdir(ROOT / place)
    install, making = javascript.making(out).split(" && ")
    npm, option, folder, ci = shlex.split(install)
    assert (npm, option, ci) == ("npm", "--prefix", "ci")
    assert Path(folder).samefile(javascript.AJV)
    installed(javascript.AJV)
    run(*shlex.split(making), cwd=Path.cwd())
    assert javascript.current(out)


def test_an_installed_build_tells_the_command_of_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ajv is not in the wheel; a path into the environment would lead nowhere."""
    monkeypatch.setattr(javascript, "AJV", tmp_path / "site-packages" / "ajv")
    monkeypatch.chdir(tmp_path)
    assert javascript.making(Path("generated")) == (
        "npm --prefix sdk/machimori/build/ajv ci && node sdk/machimori/build/ajv/standalone.mjs generated"
    )


NOT_FOR_COMPONENTS = ("no-unused-components", "no-empty-servers")
"""Rules about an interface; the components are there to be used in others."""


@pytest.mark.parametrize("rules", ["recommended-strict"])
def test_the_openapi_components_pass_a_linter(rules: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDOCLY_TELEMETRY", "off")
    monkeypatch.setenv("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
    skipped = [part for rule in NOT_FOR_COMPONENTS for part in ("--skip-rule", rule)]
    components = str(GENERATED / "openapi" / "components.yaml")
    linter = str(installed() / ".bin" / "redocly")
    run(linter, "lint", components, f"--extends={rules}", *skipped, cwd=Path(__file__).parent)
