"""Fuzz one entry point, guided by coverage: `python tests/fuzz/run.py json --seconds 60`.

Begins with the corpus in the repository and with the examples of the model; what finds new code is kept in ``--corpus`` (a
folder of the machine, unless told otherwise). A find is written to ``--finds``, and belongs into
``tests/fuzz/corpus/<target>`` once it is mended: ``test_corpus.py`` runs all of that on every change.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))
LONGEST = 4096
"""Bytes of an input: longer ones find nothing that these do not, but more slowly."""
LOADING = 20
"""Seeds that are tried first, for the modules that load when they are used: what loads later is not seen by the search."""


def seeds(target: str, folder: Path) -> None:
    """Put what a search can begin with into a folder."""
    examples = HERE.parents[1] / "model" / "examples"
    classes = {"json": "*", "jsonld": "*", "request": "DisclosureRequest"}.get(target)
    files = [*sorted((HERE / "corpus" / target).glob("*"))]
    if classes:
        files += sorted(p for p in examples.glob(f"{classes}/*.json") if p.stat().st_size < LONGEST)[::5]
    else:
        files += sorted((HERE.parents[1] / "sdk" / "machimori" / "samples").glob("*.csv"))
    for number, file in enumerate(files):
        (folder / f"seed-{number}").write_bytes(file.read_bytes()[:LONGEST])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=("json", "csv", "jsonld", "request"))
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1, help="of the search; the same finds the same in the same time")
    parser.add_argument("--corpus", type=Path, help="folder to keep what finds new code in")
    parser.add_argument("--finds", type=Path, default=Path(tempfile.gettempdir()) / "machimori-finds")
    given = parser.parse_args()
    try:
        import atheris
    except ImportError:
        sys.exit("fuzzing needs atheris: pip install atheris")
    corpus = given.corpus or Path(tempfile.mkdtemp(prefix=f"machimori-fuzz-{given.target}-"))
    for folder in (corpus, given.finds):
        folder.mkdir(parents=True, exist_ok=True)
    seeds(given.target, corpus)
    with atheris.instrument_imports(include=["machimori", "rdflib.plugins"]):
        from tests.fuzz.mutating import json_mutator
        from tests.fuzz.targets import TARGETS

        for seed in sorted(corpus.iterdir())[:LOADING]:
            TARGETS[given.target](seed.read_bytes())
    options = [
        f"-max_total_time={given.seconds}",
        f"-seed={given.seed}",
        f"-max_len={LONGEST}",
        f"-artifact_prefix={given.finds}/{given.target}-",
    ]
    atheris.Setup(
        [sys.argv[0], *options, "-timeout=60", "-rss_limit_mb=2048", "-print_final_stats=1", str(corpus)],
        TARGETS[given.target],
        **({} if given.target == "csv" else {"custom_mutator": json_mutator(lambda *asked: atheris.Mutate(*asked))}),
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
