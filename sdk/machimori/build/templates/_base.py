"""What every generated class builds on: strictness, silence about values, and the scalars that JSON Schema and Pydantic
read differently.

No error, warning or ``repr`` of a class shows a value of a record, nor a name in it that cannot be the name of a field: each may
be somebody's. Source: design of the model's LinkML profile, "Values"; RFC 3339.
"""

import contextlib
import re
import warnings as python_warnings
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, LiteralString, Self, get_type_hints

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, PydanticSerializationError, core_schema

from ._privacy import Privacy
from ._sentences import SENTENCES

WITHHELD = "<withheld>"
"""What stands in the place of a value."""
EXPLAINING: ContextVar[bool] = ContextVar("EXPLAINING", default=False)
"""Set by the SDK while it explains a record: it needs the values, and itself says none that is about a person."""
_SAFE_NAME = re.compile(r"[@$]?[A-Za-z][A-Za-z0-9_:.-]{0,39}")
_LIMITS = frozenset(
    (
        "actual_length",
        "class",
        "class_name",
        "discriminator",
        "expected",
        "expected_tags",
        "field_type",
        "ge",
        "gt",
        "le",
        "lt",
        "max_length",
        "min_length",
        "multiple_of",
        "pattern",
    )
)
"""What an error may tell besides: all of it is said by the class, and none by the record."""


def shown(name: str) -> str:
    """A key or class name as given, if it looks like one; a key may itself be a personal value."""
    return name if _SAFE_NAME.fullmatch(name) and sum(c.isdigit() for c in name) <= 3 else "…"


def withheld(error: ValidationError) -> ValidationError:
    """The same errors without a value of the record."""
    lines = [_withheld_line(e) for e in error.errors(include_url=False)]
    return ValidationError.from_exception_data(error.title, lines, hide_input=True)


def _withheld_line(error: Any) -> InitErrorDetails:
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "union_tag_invalid":
        context = {**context, "tag": "…"}
    elif kind.partition("_")[0] in ("date", "datetime", "time", "json"):
        context = {"error": context["error"]} if "error" in context else {}  # one of a list of fixed texts
    elif not context.keys() <= _LIMITS:  # the text of a rule that somebody else wrote, or of a foreign exception
        text = error["msg"] if kind in ("value_error", "assertion_error") else "the value cannot be taken"
        kind, context = PydanticCustomError(kind, "{text}", {"text": text}), {}
    elif kind in _OWN:
        kind = PydanticCustomError(kind, _OWN[kind])
    place = tuple(shown(part) if isinstance(part, str) else part for part in error["loc"])
    line = InitErrorDetails(type=kind, loc=place, input=WITHHELD)
    if context:
        line["ctx"] = context
    return line


class _Quietly:
    """Validates, and tells an error without values. Made once a class, whose name stands in the errors of a union."""

    def __init__(self, name: str) -> None:
        self.__name__ = self.__qualname__ = name

    def __call__(self, value: Any, handler: Callable[[Any], Any]) -> Any:
        try:
            return handler(value)
        except ValidationError as error:
            if EXPLAINING.get():
                raise
            quiet = withheld(error)
        raise quiet  # outside of the clause, so that the first one is not its context


def _abstract(_: Any) -> Any:
    raise PydanticCustomError("abstract_class", _OWN["abstract_class"])


class UnclassifiedFieldError(TypeError):
    """A class holds a field that has no privacy profile, or a laxer one than it had, or is more open than those of the model.

    ``sentence`` is a key of ``SENTENCES``, ``facts`` are names in the definition of the class.
    """

    def __init__(self, sentence: str, **facts: str) -> None:
        self.sentence, self.facts = sentence, facts
        super().__init__("\n".join(map(self.text, SENTENCES[sentence])))

    def text(self, language: str = "en") -> str:
        """The error in a language; in English where the classes do not have it."""
        said = SENTENCES[self.sentence]
        return said.get(language, said["en"]).format_map(self.facts)

    def __reduce__(self) -> tuple[type[TypeError], tuple[str]]:
        return TypeError, (str(self),)


class Entity(BaseModel):
    """A class of the model: closed, strict, validated on construction and on assignment.

    ``None`` for an optional field means absent; dump with ``exclude_none=True`` to leave it out. A class of your own that is
    derived from one names a privacy profile for each field that it adds.
    """

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        defer_build=True,
        validate_assignment=True,
        serialize_by_alias=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )
    iri: ClassVar[str] = ""
    domain: ClassVar[str] = ""
    abstract: ClassVar[bool] = False
    data_subject: ClassVar[str | None] = None

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        _hold_closed(cls)
        _hold_classified(cls)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        _hold_classified(cls)
        schema: Any = handler(source)
        if schema["type"] == "function-wrap" and isinstance(schema["function"]["function"], _Quietly):
            found: CoreSchema = schema  # built before
            return found
        if cls.abstract:
            schema = core_schema.no_info_before_validator_function(_abstract, schema)
        quiet: CoreSchema = core_schema.no_info_wrap_validator_function(_Quietly(cls.__name__), schema)
        return quiet

    @classmethod
    def privacy(cls, field: str) -> Privacy:
        """The profile of one field. Raises ``UnclassifiedFieldError`` where nobody gave it one, ``KeyError`` where there is none."""
        found = _profile(cls.model_fields[field])
        if found is None:
            raise _unclassified(cls, field)
        return found

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """As Pydantic has it; of a text that is no JSON nothing is told either."""
        try:
            return super().model_validate_json(json_data, **options)
        except ValidationError as error:
            if error.errors(include_url=False, include_input=False)[0]["type"] != "json_invalid":
                raise  # told without values already
            quiet = withheld(error)
        raise quiet

    def __setattr__(self, name: str, value: Any) -> None:
        try:
            super().__setattr__(name, value)
            return
        except ValidationError:
            raise
        except ValueError:
            text = f'"{type(self).__name__}" has no field "{shown(name)}"'
        raise ValueError(text)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy; what is changed in it is validated, as on assignment."""
        copied = super().model_copy(deep=deep)
        for name, value in (update or {}).items():
            setattr(copied, name, value)
        return copied

    def model_dump(self, *, warnings: bool | str = True, **options: Any) -> dict[str, Any]:
        """As Pydantic has it; a warning or an error about a value that does not comply does not say the value."""
        found: dict[str, Any] = _dumped(self, super().model_dump, warnings, options)
        return found

    def model_dump_json(self, *, warnings: bool | str = True, **options: Any) -> str:
        """As ``model_dump``."""
        found: str = _dumped(self, super().model_dump_json, warnings, options)
        return found

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Of values that are, or may be, about people a ``repr`` shows the profile alone.

        A value object does not know whose it is, so of ``inherited`` fields it shows nothing.
        """
        fields, computed = type(self).model_fields, type(self).__pydantic_decorators__.computed_fields
        for name, value in super().__repr_args__():
            if name is None:
                continue
            profile = _profile(fields[name]) if name in fields else None
            if name in computed:
                profile = _profile_of(computed[name].info.wrapped_property)
            if value is not None and (profile is None or _hidden(profile) or _holds_parts(value)):
                value = _Withheld("unclassified" if profile is None else profile.name)
            yield name if name in fields or name in computed else shown(name), value


def _hidden(profile: Privacy) -> bool:
    return profile.person_related or profile.name == "inherited"


def _holds_parts(value: Any) -> bool:
    """Whether a value that nobody validated holds fields of its own, whose profiles nobody looked up."""
    return isinstance(value, dict) or (isinstance(value, (list, tuple)) and any(map(_holds_parts, value)))


class _Withheld:
    def __init__(self, profile: str) -> None:
        self.profile = profile

    def __repr__(self) -> str:
        return f"<withheld: {self.profile}>"


def _dumped(entity: Entity, dump: Callable[..., Any], warnings: bool | str, options: Mapping[str, Any]) -> Any:
    if warnings in (False, "none"):
        return dump(warnings=False, **options)
    with contextlib.suppress(PydanticSerializationError):  # it holds the value, and is nobody's context
        return dump(warnings="error", **options)
    text = f"{type(entity).__name__} holds a value that does not comply with it; validate it"
    if warnings == "error":
        raise PydanticSerializationError(text)
    python_warnings.warn(text, UserWarning, stacklevel=3)
    return dump(warnings=False, **options)


def _profile(field: Any) -> Privacy | None:
    return next((m for m in field.metadata if isinstance(m, Privacy)), None)


def _hold_closed(cls: type[Entity]) -> None:
    """A class derived from one of the model keeps it closed and silent."""
    for name in ("extra", "hide_input_in_errors"):
        if cls.model_config.get(name) != Entity.model_config.get(name):
            raise UnclassifiedFieldError("closed", class_name=cls.__name__, name=name)


def _hold_classified(cls: type[Entity]) -> None:
    """Each field has a profile, and one that was about people stays so. Fields that are not understood yet wait until they are."""
    for name, field in cls.model_fields.items():
        profile = _profile(field)
        if profile is None and getattr(field, "_complete", True):
            raise _unclassified(cls, name)
        if profile is None or _hidden(profile):
            continue
        for base in cls.__mro__[1:]:
            held = _profile(base.model_fields[name]) if issubclass(base, Entity) and name in base.model_fields else None
            if held is not None and _hidden(held):
                raise UnclassifiedFieldError(
                    "about-people",
                    class_name=cls.__name__,
                    field=name,
                    held=held.name,
                    base=base.__name__,
                    profile=profile.name,
                )

    for name, computed in cls.__pydantic_decorators__.computed_fields.items():
        if _profile_of(computed.info.wrapped_property) is None:
            raise _unclassified(cls, name)


def _profile_of(computed: Any) -> Privacy | None:
    """The profile of what a computed field gives, which stands with the type that its function returns."""
    function = getattr(computed, "fget", None) or getattr(computed, "func", None)
    try:
        given = get_type_hints(function, include_extras=True).get("return")
    except (NameError, TypeError):
        return None
    return next((m for m in getattr(given, "__metadata__", ()) if isinstance(m, Privacy)), None)


def _unclassified(cls: type[Entity], field: str) -> UnclassifiedFieldError:
    example = f"{field}: Annotated[str | None, PERSONAL_TRIP] = None"
    return UnclassifiedFieldError("unclassified", class_name=cls.__name__, field=field, example=example)


_OWN: Mapping[str, LiteralString] = {
    "abstract_class": "an abstract class has no instances",
    "timestamp": "the text is not of the form needed",
    "calendar_date": "the text is not of the form needed",
    "text_type": "the text is not of the form needed",
}
"""The errors that are not Pydantic's own."""


def matching(pattern: str, native: type[date], kind: LiteralString) -> BeforeValidator:
    """Let through text that matches ``pattern`` as a whole, and objects of exactly the native type."""
    whole = re.compile(pattern)

    def check(value: Any) -> Any:
        if type(value) is native or (isinstance(value, str) and whole.fullmatch(value)):
            return value
        named = kind if isinstance(value, str) else "text_type"
        raise PydanticCustomError(named, _OWN[named])

    return BeforeValidator(check)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


AnyFormat = Field(strict=False)
FreeText = Annotated[str, Field(min_length=0)]
"""Any text. A length must be told in whole characters, so half a surrogate pair is refused from Python objects too."""
Whole = BeforeValidator(_whole)

__all__ = ["AnyFormat", "AwareDatetime", "Entity", "FreeText", "Whole", "date", "datetime", "matching"]
