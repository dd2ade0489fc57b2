"""No form of an error, a warning or a ``repr`` of the classes shows a value of a person-related field or a strange name."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
import warnings
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Generic, TypeVar

import pytest
from machimori.model import class_named
from machimori.model._base import EXPLAINING, Entity, UnclassifiedFieldError
from machimori.model._profiles import OPEN, PERSONAL_TRIP
from machimori.model.core import Place
from machimori.model.mobility import FareTransaction, TransitStop, Trip
from pydantic import (
    BaseModel,
    ConfigDict,
    PrivateAttr,
    TypeAdapter,
    ValidationError,
    computed_field,
    create_model,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticSerializationError
from tests.validation.canaries import CANARY, Bad, cries, entities, example, records

import machimori as mm
from machimori.catalogue import paths

T = TypeVar("T")
TRIP: dict[str, Any] = json.loads(example("Trip"))


class Held(BaseModel, Generic[T]):
    """A vendor's own class, without any of our care, that holds one of the model's."""

    held: T


def forms(error: BaseException) -> str:
    """All that a program can get out of an error without looking into frames."""
    told = [str(error), repr(error), repr(error.args), *traceback.format_exception_only(error)]
    for linked in (error.__cause__, error.__context__):
        told.append(repr(linked))
    if isinstance(error, ValidationError):
        told += [repr(error.errors()), error.json(), error.title]
        told.append(repr(pickle.loads(pickle.dumps(error)).errors()))
    return "\n".join(told)


def told(call: Callable[[], object]) -> str:
    """What a call says: its error in every form, its warnings, or the ``repr`` of what it gives."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            given = call()
            said = "" if isinstance(given, (dict, str)) else f"{given!r} {given!s}"
        except (ValidationError, ValueError, TypeError, AttributeError, PydanticSerializationError) as error:
            said = forms(error)
    return said + "".join(str(w.message) for w in warned)


def entries(
    bad: Bad, class_: type[Entity], each: TypeAdapter[Any], holder: type[BaseModel]
) -> dict[str, Callable[[], object]]:
    """Each way in for a record."""
    record, text = bad.record, json.dumps(bad.record, ensure_ascii=False)
    attribute = next((n for n, f in class_.model_fields.items() if (f.alias or n) == bad.field), CANARY)
    value = record.get(bad.field, CANARY)
    ways: dict[str, Callable[[], object]] = {
        "model_validate": lambda: class_.model_validate(record),
        "model_validate_json": lambda: class_.model_validate_json(text),
        "model_validate_strings": lambda: class_.model_validate_strings(record),
        "constructor": lambda: class_(**record),
        "list of them": lambda: each.validate_python([record]),
        "list of them as JSON": lambda: each.validate_json(f"[{text}]"),
        "held by another": lambda: holder.model_validate({"held": record}),
        "held by another as JSON": lambda: holder.model_validate_json(f'{{"held": {text}}}'),
        "text cut off": lambda: class_.model_validate_json(text[:-9]),
        "dump of what was constructed": lambda: class_.model_construct(**record).model_dump(),
        "and as JSON": lambda: class_.model_construct(**record).model_dump_json(),
        "and strictly": lambda: class_.model_construct(**record).model_dump(warnings="error"),
    }
    if record.get("type") != CANARY:  # which is open, and which nobody judges here
        ways["construct"] = lambda: class_.model_construct(**record)
    good = class_.model_validate_json(example(bad.entity))
    ways["assignment"] = lambda: setattr(copy.copy(good), attribute, value)
    ways["copy"] = lambda: good.model_copy(update={attribute: value})
    return ways


TRIED: dict[str, int] = {}


@pytest.mark.parametrize("entity", entities())
def test_no_way_in_shows_a_canary(entity: str) -> None:
    class_ = class_named(entity)
    each, holder = TypeAdapter(list[class_]), Held[class_]  # type: ignore[valid-type]  # a class by its name
    tried = errors = 0
    for bad in records(entity):
        for way, call in entries(bad, class_, each, holder).items():
            said = told(call)
            assert not cries(said), (way, bad.field)
            tried += 1
            errors += "validation error" in said
    assert errors > tried / 4, "canaries are mostly errors"
    TRIED[entity] = tried


def test_the_canaries_cry_where_nobody_is_careful() -> None:
    """The same by Pydantic alone, or the sweep could not fail."""

    class Careless(BaseModel):
        model_config = ConfigDict(extra="forbid")
        traveller: int

    assert cries(told(lambda: Careless.model_validate({"traveller": CANARY})))
    assert cries(told(lambda: Careless.model_validate({"traveller": 1, CANARY: 1})))
    assert cries(told(lambda: Careless.model_construct(traveller=CANARY).model_dump()))
    before = EXPLAINING.set(True)
    try:
        assert cries(told(lambda: Trip.model_validate(TRIP | {"traveller": CANARY})))
    finally:
        EXPLAINING.reset(before)


def test_errors_say_where_and_why() -> None:
    with pytest.raises(ValidationError) as refused:
        Trip.model_validate(
            TRIP | {"traveller": CANARY, "origin": {"latitude": 91}, "mode": "rocket", "note": 1, CANARY: 1}
        )
    found = {e["loc"]: (e["type"], e["input"]) for e in refused.value.errors()}
    assert found == {
        ("traveller",): ("string_pattern_mismatch", "<withheld>"),
        ("origin", "latitude"): ("less_than_equal", "<withheld>"),
        ("mode",): ("enum", "<withheld>"),
        ("note",): ("extra_forbidden", "<withheld>"),
        ("…",): ("extra_forbidden", "<withheld>"),
    }
    assert {"le": 90.0} in [e.get("ctx") for e in refused.value.errors()]


def test_every_field_may_be_named() -> None:
    classes = map(class_named, entities())
    assert all(paths.shown(f.alias or n) == (f.alias or n) for c in classes for n, f in c.model_fields.items())
    from machimori.model._base import shown

    for name in ("a", "@id", "$x", "a" * 40, "a" * 41, "a1234", "山田", "a b", "", "090-0000"):
        assert shown(name) == paths.shown(name)


def test_explaining_is_of_one_thread_and_call() -> None:
    assert mm.validate(TRIP | {"origin": CANARY}, "Trip").issues
    assert not EXPLAINING.get()


# -- objects -------------------------------------------------------------------------------------------------------------------


def trip(**more: Any) -> Trip:
    return Trip.model_validate_json(json.dumps(TRIP | more))


def test_a_copy_is_validated() -> None:
    changed = trip().model_copy(update={"origin": {"latitude": 35.123456, "longitude": 139.1}})
    assert isinstance(changed.origin, Place)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "35.123456" in changed.model_dump_json()
    for update in ({"origin": {"latitude": 91}}, {"nothing": 1}):
        with pytest.raises(ValueError, match=r"origin|nothing"):
            trip().model_copy(update=update)
    deep = changed.model_copy(deep=True)
    assert deep == changed
    assert deep.origin is not changed.origin


@pytest.mark.parametrize("mode", [None, True, False, "warn", "none"])
def test_a_warning_names_the_class_alone(mode: Any) -> None:
    made = Trip.model_construct(**TRIP | {"origin": CANARY})
    options = {} if mode is None else {"warnings": mode}
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        assert made.model_dump(**options)["origin"] == CANARY, "data are data"
        assert json.loads(made.model_dump_json(**options))["origin"] == CANARY
    said = [str(w.message) for w in warned]
    assert said == (
        [] if mode in (False, "none") else ["Trip holds a value that does not comply with it; validate it"] * 2
    )
    with pytest.raises(PydanticSerializationError, match=r"^Trip holds") as refused:
        made.model_dump(warnings="error")
    assert not cries(forms(refused.value))


def test_printed_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    home = Place(latitude=34.691301, longitude=135.184201)
    with caplog.at_level(logging.WARNING):
        logging.warning("%s %r %s", home, [home], trip(origin={"latitude": 34.691301}))
    assert "34.69" not in caplog.text
    assert "<withheld: inherited>" in caplog.text
    made = Trip.model_validate(TRIP | {CANARY: CANARY, "note": CANARY}, extra="allow")
    assert not cries(f"{made} {made!r} {list(made.__rich_repr__())}")
    assert "本町" in repr(TransitStop(id="urn:x:1", type="TransitStop", name="本町")), "open values are shown"


# -- classes of vendors --------------------------------------------------------------------------------------------------------


def refused(define: Callable[[], object]) -> UnclassifiedFieldError:
    with pytest.raises(UnclassifiedFieldError) as error:
        define()
    return error.value


def test_a_field_without_a_profile_is_refused_when_the_class_is_defined() -> None:
    def define() -> object:
        class My(Trip):
            note: str | None = None

        return My

    error = refused(define)
    for part in ("My.note", "Annotated[str | None, PERSONAL_TRIP]", "machimori.model._profiles"):
        assert part in str(error)
        assert part in error.text("ja")
    assert "プライバシー区分" in str(error)
    assert isinstance(pickle.loads(pickle.dumps(error)), TypeError)


def test_every_way_to_add_a_field_is_seen() -> None:
    class Plain:
        note: str = ""

    class Mixed(BaseModel):
        note: str = ""

    makers: list[Callable[[], object]] = [
        lambda: create_model("My", __base__=Trip, note=(str, "")),
        lambda: type("My", (Trip,), {"__annotations__": {"note": str}, "__module__": __name__}),
        lambda: type("My", (Mixed, Trip), {"__module__": __name__}),
        lambda: type("My", (Plain, Trip), {"__module__": __name__}),
        lambda: type("My", (Trip,), {"__annotations__": {"traveller": str}, "__module__": __name__}),
        lambda: type("My", (Trip,), {"__annotations__": {"note": "str"}, "__module__": __name__}),
    ]
    for make in makers:
        assert "My." in str(refused(make))


def test_what_is_computed_is_classified_too() -> None:
    def unclassified() -> object:
        class My(Trip):
            @computed_field  # type: ignore[prop-decorator]  # as Pydantic shows it
            @property
            def note(self) -> str:
                return self.traveller

        return My

    assert "My.note" in str(refused(unclassified))


def test_a_part_that_is_as_private_as_its_whole_is_not_opened() -> None:
    def opened() -> object:
        class My(Place):
            latitude: Annotated[float | None, OPEN] = None

        return My

    assert "My.latitude" in str(refused(opened))


def test_a_profile_is_not_relaxed_and_a_class_stays_closed() -> None:
    def relaxed() -> object:
        class My(Trip):
            traveller: Annotated[str, OPEN]

        return My

    assert "personal.identifier" in str(refused(relaxed))
    for config in ({"extra": "allow"}, {"extra": "ignore"}, {"hide_input_in_errors": False}):
        (name,) = config
        error = refused(lambda c=config: type("My", (Trip,), {"model_config": ConfigDict(**c), "__module__": __name__}))
        assert name in str(error)


def test_a_classified_subclass_works() -> None:
    class My(Trip):
        note: Annotated[str | None, PERSONAL_TRIP] = None
        counter: ClassVar[int] = 1
        _seen: int = PrivateAttr(0)

        @computed_field  # type: ignore[prop-decorator]  # as Pydantic shows it
        @property
        def both(self) -> Annotated[str, PERSONAL_TRIP]:
            return f"{self.traveller} {self.note}"

    made = My.model_validate(TRIP | {"note": CANARY})
    assert not cries(f"{made} {made!r}")
    assert "both=<withheld: personal.trip>" in repr(made)
    assert made.model_dump()["note"] == CANARY
    assert not cries(told(lambda: My.model_validate(TRIP | {"note": [CANARY], "traveller": CANARY})))


def test_a_field_that_is_understood_later_is_judged_then() -> None:
    class My(Trip):
        note: "Annotated[Later | None, PERSONAL_TRIP]" = None  # type: ignore[name-defined]  # noqa: F821, UP037
        other: "Later" = None  # type: ignore[name-defined]  # noqa: F821, UP037

    with pytest.raises(UnclassifiedFieldError, match=r"My\.other"):
        My.model_rebuild(_types_namespace={"Later": str, "Annotated": Annotated, "PERSONAL_TRIP": PERSONAL_TRIP})


def test_a_profile_that_is_missing_is_said_by_name() -> None:
    class My(Trip):
        pass

    My.model_fields["added"] = FieldInfo(annotation=str)
    with pytest.raises(UnclassifiedFieldError, match=r"My\.added"):
        My.privacy("added")


def test_a_union_by_type_inside_the_model_shows_no_tag() -> None:
    each: TypeAdapter[Any] = TypeAdapter(Trip | FareTransaction)
    assert not cries(told(lambda: each.validate_python(TRIP | {"type": CANARY, "traveller": CANARY})))
