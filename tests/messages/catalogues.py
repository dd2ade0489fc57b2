"""What the sentences of the SDK are, and the catalogues of them: `python3 run.py messages` brings all up to date.

python3 run.py messages       find the sentences, bring every catalogue up to them, compile
python3 run.py messages ko    the same, and begin a catalogue of Korean
"""

from __future__ import annotations

import ast
import io
import json
import string
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from machimori.catalogue.catalogue import artefact
from machimori.messages import DOMAIN, FOLDER

SOURCE = FOLDER.parents[1]
OF_THE_MODEL = ("en", "ja")
"""The languages that the model brings its words in itself."""
Sentence = tuple[str, str, str]
"""A context or nothing, the English, and the English of many or nothing."""


@cache
def sentences(source: Path = SOURCE) -> dict[Sentence, list[str]]:
    """Every sentence that the SDK may say, with the modules that say it."""
    found: dict[Sentence, list[str]] = {}
    for file in sorted(source.rglob("*.py")):
        place = file.relative_to(source.parent).as_posix()
        for sentence in said_in(ast.parse(file.read_text(encoding="utf-8")), place):
            places = found.setdefault(sentence, [])
            places += [] if place in places else [place]
    return found


def said_in(tree: ast.Module, place: str) -> Iterator[Sentence]:
    """The sentences of a module: what ``msgid``, ``Message`` and ``messages.text`` are given as a literal."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = called(node.func)
        if name == "messages.text" and len(node.args) > 1:
            yield from (("", english, "") for english in literal(node.args[1], place))
        elif name == "Message" and node.args:
            yield from (("", english, "") for english in literal(node.args[0], place))
        elif name == "msgid":
            options = {k.arg: k.value.value for k in node.keywords if isinstance(k.value, ast.Constant)}
            english = literal(node.args[0], place)
            assert english, f"{place}:{node.lineno}: msgid takes a literal"
            yield from ((str(options.get("context", "")), one, str(options.get("plural", ""))) for one in english)


def called(function: ast.expr) -> str:
    """The name by which a function is called."""
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return f"{function.value.id}.{function.attr}"
    return function.id if isinstance(function, ast.Name) else ""


def literal(node: ast.expr, place: str) -> list[str]:
    """The texts that an expression may be where it is written out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return [*literal(node.body, place), *literal(node.orelse, place)]
    assert not isinstance(node, (ast.JoinedStr, ast.BinOp)), f"{place}:{node.lineno}: a sentence is a literal"
    return []


def placeholders(template: str) -> set[str]:
    """The facts that a sentence names."""
    return {name.partition(".")[0] for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def translations(message: Message) -> tuple[str, ...]:
    """What stands for a sentence: one, or one for each number."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


class Bare(Catalog):
    """A catalogue whose head tells nothing that changes without a sentence changing."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]  # the base has a setter as well, which writes the head of a file that is read
        held = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Transfer-Encoding", "8bit")]
        own = [("Language", str(self.locale)), ("Plural-Forms", self.plural_forms)] if self.locale else []
        return [("MIME-Version", "1.0"), *held, *own]


def words(part: object) -> Iterator[str]:
    """The English of everything in the model that is in several languages."""
    if isinstance(part, dict):
        if isinstance(part.get("en"), str) and "ja" in part:
            yield part["en"]
        if isinstance(part.get("title"), str) and "title_ja" in part:
            yield part["title"]
        for inner in part.values():
            yield from words(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from words(inner)


@cache
def of_the_model() -> dict[str, str]:
    """Every word of the model with the artefact that has it first."""
    held: dict[str, str] = {}
    for path in ("catalogue.json", "codes.json", "policy/policy.json"):
        for english in words(json.loads(artefact(path))):
            held.setdefault(english, path)
    held.pop("", None)
    return held


def template(language: str) -> Catalog:
    """What a catalogue of a language has to have: every sentence, and the words of the model unless that brings them itself."""
    held = Bare(domain=DOMAIN, header_comment="# The sentences of the Machimori SDK.")
    for (context, english, many), places in sentences().items():
        named = (english, many) if many else english
        held.add(named, locations=[(place, None) for place in places], context=context or None)  # type: ignore[list-item]  # Babel takes a place without a line, and says so nowhere
    for english, path in () if language in OF_THE_MODEL else of_the_model().items():
        if english not in held:
            held.add(english, locations=[(f"artefacts/{path}", None)])  # type: ignore[list-item]  # as above
    return held


def catalogue(language: str, folder: Path = FOLDER) -> Catalog:
    """The catalogue of a language as it is."""
    with (folder / language / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def renewed(language: str, held: Catalog | None, found: Catalog) -> Catalog:
    """A catalogue of exactly the sentences that there are, with what is translated already."""
    new = Bare(locale=language, domain=DOMAIN, header_comment=f"# The sentences of the Machimori SDK: {language}")
    for message in found:
        if message.id:
            old = held.get(message.id, message.context) if held else None
            new.add(message.id, old.string if old else "", message.locations, context=message.context)
    return new


def as_text(held: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, held, width=0, sort_by_file=True, include_lineno=False)
    return out.getvalue()


def compiled(held: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, held)
    return out.getvalue()


def main(begun: list[str]) -> int:
    """Bring every catalogue up to the sentences; 1 where one lacks a translation."""
    lacking = 0
    for language in sorted({place.name for place in FOLDER.iterdir() if place.is_dir()} | set(begun)):
        file = FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"
        new = renewed(language, catalogue(language) if file.exists() else None, template(language))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(as_text(new))
        file.with_suffix(".mo").write_bytes(compiled(new))
        untold = [message for message in new if message.id and not all(translations(message))]
        lacking += len(untold)
        print(f"{language}: {len(new)} sentences, {len(untold)} to translate")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
