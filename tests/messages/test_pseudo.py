"""A third language is one catalogue: in a made-up one no word of ours stays English or Japanese.

What may stay are facts: names of the model, values, files and commands. Each text is therefore made with facts of digits.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import io
import json
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console
from tests import raw
from tests.agreement.test_examples import CASES, EXAMPLES
from tests.messages import catalogues, pseudo
from tests.messages.pseudo import LANGUAGE, readable

import machimori
from machimori import messages, validate, validate_stream
from machimori.build import class_sentences
from machimori.catalogue import catalogue
from machimori.cli.audience import audience
from machimori.demo import SCENARIOS, show
from machimori.errors import MachimoriError, ReasonedError
from machimori.exchange.account import Loss, LossReport
from machimori.exchange.account_text import rendered
from machimori.exchange.reasons import LOSS_KINDS, LOSS_REASONS
from machimori.findings.issue import Issue
from machimori.findings.presence import Presence
from machimori.findings.reporters import Style, Totals, reporter
from machimori.privacy.decision.decision import FORM_WORDS, Decision, _offered
from machimori.privacy.decision.policy import shipped
from machimori.privacy.log.verification import SENTENCES, Finding
from machimori.samples import week
from machimori.samples.counterexamples import counterexample
from machimori.service.asgi import application
from machimori.service.problems import PROBLEMS, ProblemError
from machimori.service.settings import Settings

FACT = "7"
PROFILE = re.compile(r"[a-z_]+\.[a-z_]+")


@pytest.fixture(scope="module", autouse=True)
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The language, in a folder of its own: the one file that makes it known."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(messages, "FOLDER", pseudo.made(tmp_path_factory.mktemp("locale")))
        yield


def test_the_language_is_known_by_its_file_alone() -> None:
    assert messages.languages() == ("en", LANGUAGE)
    assert readable(messages.text(LANGUAGE, "a directory")) == []
    assert readable("a ṭ̂ directory") == ["a", "directory"]


def facts_of(template: str) -> dict[str, Any]:
    """Facts of digits for a sentence, by the kind that its places ask for."""
    return dict.fromkeys(catalogues.placeholders(template), 7)


# -- errors -----------------------------------------------------------------------------------------------------------


def errors() -> list[type[MachimoriError]]:
    for found in pkgutil.walk_packages(machimori.__path__, "machimori."):
        if not re.match(r"machimori\.(artefacts|model|sources|build|__main__|cli)", found.name):
            import_module(found.name)
    held: list[type[MachimoriError]] = []
    waiting = [MachimoriError]
    while waiting:
        kind = waiting.pop()
        held.append(kind)
        waiting += [sub for sub in kind.__subclasses__() if not sub.__module__.startswith("machimori.cli")]
    return sorted({*held} - {MachimoriError, ReasonedError}, key=lambda kind: kind.__name__)


def made(kind: type[MachimoriError]) -> Iterator[MachimoriError]:
    """An error of every sentence that a class has."""
    own = "__init__" in {
        name for ancestor in kind.__mro__[: kind.__mro__.index(MachimoriError)] for name in vars(ancestor)
    }
    parameters = list(inspect.signature(kind).parameters.values()) if own else []
    given = {p.name: _argument(p) for p in parameters if p.default is p.empty and p.kind is not p.VAR_KEYWORD}
    for closed in ("REASONS", "KINDS"):
        for reason, sentence in getattr(kind, closed, {}).items():
            named = given | {"kind" if closed == "KINDS" else "reason": reason}
            free = any(p.kind is p.VAR_KEYWORD for p in parameters)
            yield kind(**named, **({k: v for k, v in facts_of(sentence).items() if k not in named} if free else {}))
    if not hasattr(kind, "REASONS") and not hasattr(kind, "KINDS"):
        if kind.__name__ == "ProblemError":
            given["name"] = "not-found"
        yield kind(**given)


def _argument(parameter: inspect.Parameter) -> Any:
    annotation = str(parameter.annotation)
    if annotation.startswith("tuple"):
        return (FACT,)
    return 7 if annotation.startswith("int") else FACT


def test_every_error_is_said() -> None:
    assert len(errors()) > 20
    said = {(kind.__name__, error.text(LANGUAGE)) for kind in errors() for error in made(kind)}
    named = re.compile(r"⟦[^⟧]*⟧|[a-z]+(-[a-z]+)+")  # the reason of a refused query goes before it by name
    assert {(kind, text) for kind, text in said if readable(named.sub("", text)) or "⟦" not in text} == set()
    assert {kind for kind, text in said if readable(re.sub("[a-z]+(-[a-z]+)+", "", text))} == set()


def plain_texts() -> Iterator[str]:
    """Sentences that an error is given as they are: literals with a space, outside of what marks a sentence."""
    for file in Path(str(machimori.__file__)).parent.rglob("*.py"):
        if {"cli", "build", "ajv"} & set(file.parts[-3:]):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = catalogues.called(node.exc.func)
                if name in {kind.__name__ for kind in errors()}:
                    parts = [a for a in node.exc.args if isinstance(a, (ast.Constant, ast.JoinedStr))]
                    yield from (f"{file.name}: {ast.unparse(a)}" for a in parts if " " in ast.unparse(a))


def test_no_error_is_given_a_sentence_that_no_catalogue_has() -> None:
    assert list(plain_texts()) == []


# -- findings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", catalogue.codes())
def test_every_code_is_said(code: str) -> None:
    entry = catalogue.codes()[code]
    assert readable(messages.of(entry["title"], LANGUAGE)) == []
    issue = Issue(code, facts=dict.fromkeys(catalogues.placeholders(entry["message"]["en"]), FACT))
    assert "⟦" in issue.text(LANGUAGE)
    assert readable(issue.text(LANGUAGE)) == []
    assert readable(issue.remedy(LANGUAGE)) == []
    assert readable(replace(issue, facts={k: v for k, v in issue.facts.items() if k != "value"}).text(LANGUAGE)) in (
        [],
        ["unclassified"],
    )


def found() -> Iterator[Issue]:
    """What the examples that break a rule show, and the texts that are no record."""
    for class_name, file in CASES:
        if file.startswith("invalid-"):
            yield from validate((EXAMPLES / class_name / file).read_bytes(), class_name).issues
    for code in catalogue.codes():
        if (raw := counterexample(code)) is not None:
            yield from validate(raw).issues
            yield from validate_stream(io.BytesIO(raw)).issues


def test_every_finding_of_the_examples_is_said_with_its_facts() -> None:
    """Facts that are texts are names and numbers: whatever else is in them would be said in English."""
    held = list(found())
    model = raw.catalogue()
    listed = [*model["classes"], *(v for e in model["enums"].values() for v in e["values"]), *model["profiles"]]
    listed += [f for c in model["classes"].values() for f in c["fields"]]
    listed += [f["unit"]["ucum"] for c in model["classes"].values() for f in c["fields"].values() if f.get("unit")]
    names = {word for name in listed for word in re.findall("[A-Za-z]+", name)}
    assert len({issue.code for issue in held}) > 20
    unsaid = set()
    for issue in held:
        known = {k: FACT if isinstance(v, str) else v for k, v in issue.facts.items()}
        unsaid |= {(issue.code, w) for w in readable(replace(issue, facts=known).text(LANGUAGE)) if w not in names}
        english = {w for k, v in issue.facts.items() if isinstance(v, str) and k != "value" for w in readable(v)}
        unsaid |= {(issue.code, w) for w in english - names}
    assert {(code, word) for code, word in unsaid if code not in ("MM102", "MM106")} == set(), (
        "these two name what is unknown"
    )


# -- decisions, the log, losses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", shipped().by_name)
def test_every_reason_of_a_decision_is_said(name: str) -> None:
    rule = shipped().by_name[name]
    told = {"deny": dict(rule.message)} | {
        form: {language: _offered(rule.message, form).text(language) for language in rule.message}
        for form in FORM_WORDS
    }
    said = set()
    for form, message in told.items():
        decision = Decision("1", "1", "deny", name, "1", (), "1", (), (), (), form, message)
        assert "⟦" in decision.text(LANGUAGE)
        assert readable(decision.text(LANGUAGE)) == []
        assert decision.text("ja") == message["ja"]
        said.add(decision.text(LANGUAGE))
    assert len(said) == 5


def test_every_finding_of_the_log_is_said() -> None:
    assert [kind for kind in SENTENCES if readable(Finding(kind, 7).text(LANGUAGE))] == []


def test_who_may_receive_what_is_said() -> None:
    for name in catalogue.model().profiles:
        for texts in audience(name):
            assert [words for text in texts if (words := readable(text.text(LANGUAGE)))] == []


@pytest.mark.parametrize("writing", [False, True])
def test_every_loss_is_said(writing: bool) -> None:
    report = LossReport("1", "2", "3", rows=9, records=1, writing=writing)
    for number, (key, reason) in enumerate(LOSS_REASONS.items()):
        facts = dict.fromkeys(catalogues.placeholders(reason.sentence), FACT)
        if LOSS_KINDS[reason.kind].quiet:
            report.derived["5", key] += 2
        else:
            report.losses.append(Loss(key, number, "4", "5", facts, "6"))
            report.losses.append(Loss(key, None, facts=facts))
    assert readable(rendered(report, LANGUAGE)) == []
    assert "⟦" in rendered(report, LANGUAGE)


# -- reports ----------------------------------------------------------------------------------------------------------


def demonstrated(form: str) -> str:
    """The report on the records of the demonstration."""
    out = io.StringIO()
    written = reporter(form, out, Style(LANGUAGE, remedies=True, audience=audience if form == "html" else None))
    path = Path(str(machimori.__file__)).parent / "samples" / "mixed.ndjson"
    written.source("1")
    judged = validate_stream(path, presence=(presence := Presence()))
    for issue in judged:
        facts = {k: FACT if isinstance(v, str) else v for k, v in issue.facts.items()}
        written.finding(replace(issue, source="1", path="/7", facts=facts))
    written.end(Totals(judged.records, judged.invalid, judged.findings, judged.ok, presence))
    return out.getvalue()


def test_the_page_of_the_demonstration_is_said() -> None:
    page = demonstrated("html")
    body = page.partition("</style>")[2]
    spans = re.findall(rf'<span class="both" lang="{LANGUAGE}">(.*?)</span>', body, re.DOTALL)
    assert len(spans) > 50
    names = re.compile(rf"machimori [0-9.]+|MM[0-9]{{3}}|{PROFILE.pattern}", re.IGNORECASE)
    assert [span for span in spans if readable(names.sub("", span))] == []
    others = re.sub(r"<span class=\"both\".*?</span>|<code>.*?</code>|<[^>]*>", "", body, flags=re.DOTALL)
    assert {*readable(others)} <= {"English", "MM"}, "the page names the language of each of its texts"


@pytest.mark.parametrize("form", ["text", "junit"])
def test_reports_of_lines_are_said(form: str) -> None:
    names = {part for code, e in catalogue.codes().items() for part in (code[:2], *e["name"].split("-"))}
    markup = re.compile(r"<\?xml.*?>|</?[a-z-]+|[a-z]+=(?=\")|&[a-z]+;")
    assert {*readable(PROFILE.sub("", markup.sub("", demonstrated(form))))} - names <= {"machimori", "error"}


# -- the service --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_problem_of_the_service_is_said(name: str) -> None:
    kind = PROBLEMS[name]
    facts = facts_of(kind.title) | facts_of(kind.detail)
    said = ProblemError(name, facts, [Issue("MM101", facts={"field": FACT, "title": FACT})]).data(LANGUAGE)
    told = [said["title"], said["detail"], *(i[part] for i in said["issues"] for part in ("message", "remedy"))]
    assert all("⟦" in text for text in told)
    assert [words for text in told if (words := readable(text))] == []


CALLS = {
    "no path": ("GET", "/nothing", b"", {}),
    "no method": ("DELETE", "/validate", b"", {}),
    "no class": ("POST", "/validate?as=Tripp", b"{}", {"content-type": "application/json"}),
    "no schema": ("GET", "/schemas/Entity", b"", {}),
    "no type": ("POST", "/validate", b"a,b", {"content-type": "text/csv"}),
    "no JSON": ("POST", "/validate", b"{", {"content-type": "application/json"}),
    "no record": ("POST", "/validate", b'{"type": "TransitStop"}', {"content-type": "application/json"}),
    "lines": ("POST", "/validate", b'{"type": "Trip"}\n{\n', {"content-type": "application/x-ndjson"}),
}


@pytest.mark.full
@pytest.mark.parametrize(("method", "path", "body", "headers"), CALLS.values(), ids=CALLS)
def test_every_answer_of_the_service_is_said(method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
    """In the language that the client likes best, since its catalogue is there."""
    told_of = headers | {"accept-language": f"{LANGUAGE}, en;q=0.5"}

    async def asked() -> httpx.Response:
        way = httpx.ASGITransport(application(Settings()), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=way, base_url="http://machimori") as client:
            return await client.request(method, path, content=body, headers=told_of)

    answer = asyncio.run(asked())
    assert answer.headers["content-language"] == LANGUAGE
    held = [json.loads(line) for line in answer.text.splitlines()]
    told = [text for part in held for text in sentences(part)]
    assert told
    names = {*raw.catalogue()["classes"], *(f for c in raw.catalogue()["classes"].values() for f in c["fields"])}
    assert {word for text in told for word in readable(text)} <= {w for n in names for w in re.findall("[A-Za-z]+", n)}


def sentences(part: object) -> Iterator[str]:
    """The texts of an answer that are for people."""
    if isinstance(part, dict):
        yield from (v for k, v in part.items() if k in ("title", "detail", "message", "remedy") and isinstance(v, str))
        for inner in part.values():
            yield from sentences(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from sentences(inner)


# -- the demonstration, and the generated classes -----------------------------------------------------------------------------


def values_of(part: object) -> Iterator[str]:
    """The texts in records, which are nobody's sentence."""
    if isinstance(part, str):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from values_of(inner)


@pytest.mark.full
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_story_is_told(scenario: str) -> None:
    """But for names: of rules, of classes and fields, of units, and what stands in the records that the story is about."""
    out = io.StringIO()
    show(scenario, LANGUAGE, Console(file=out, width=400, highlight=False, markup=False, emoji=False))
    text = out.getvalue()
    assert text.count("⟦") > 8
    model = raw.catalogue()
    known = {
        *shipped().by_name,
        *model["profiles"],
        *(e["name"] for e in catalogue.codes().values()),
        *catalogue.codes(),
    }
    known |= {
        *model["classes"],
        *(f for c in model["classes"].values() for f in c["fields"]),
        *(t for c in model["classes"].values() for t in (c.get("statistics") or {}).get("tables") or ()),
        *catalogue.unit_symbols(),
    }
    known |= {v for e in model["enums"].values() for v in e["values"]}
    known |= {u for unit in catalogue.unit_symbols().values() for u in (unit.en, unit.ja)}
    known |= {value for record in week.records() for value in values_of(record)} | {
        "mixed.ndjson",
        "half_open",
        "kW",
        "kWh",
    }

    def named(token: re.Match[str]) -> str:
        parts = [part.strip("/") for part in token[0].strip(":").split(":")]
        return (
            " " if token[0].strip(":") in known or known.issuperset(p for p in parts if not p.isdigit()) else token[0]
        )

    assert readable(re.sub(r"[\w:./-]+", named, text)) == []


def test_the_generated_classes_say_it_in_every_language_that_there_is() -> None:
    held: dict[str, Any] = {}
    exec(class_sentences.emit(), held)
    for by_language in held["SENTENCES"].values():
        assert [*by_language] == ["en", LANGUAGE]
        facts = dict.fromkeys(catalogues.placeholders(by_language["en"]), FACT)
        assert readable(by_language[LANGUAGE].format(**facts)) == []
