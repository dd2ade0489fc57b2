"""``python -m machimori.build.pages --docs docs``: write the reference pages of every language."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from machimori.build.pages.book import read
from machimori.build.pages.writing import write


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m machimori.build.pages", description=__doc__)
    parser.add_argument("--docs", type=Path, default=Path("docs"), help="folder that holds en/ and ja/")
    docs = parser.parse_args().docs
    if not docs.is_dir():
        print(f"{docs}: no such folder", file=sys.stderr)
        return 2
    if not read().examples:
        print("without the examples of the model: they are in its repository, and not in the wheel", file=sys.stderr)
    for language, count in write(docs).items():
        print(f"{docs / language / 'reference'}: {count} pages", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
