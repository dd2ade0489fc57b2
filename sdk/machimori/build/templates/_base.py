"""What every generated class builds on: strictness, and the scalars that JSON Schema and Pydantic read differently.

Source: design of the model's LinkML profile, "Values"; RFC 3339.
"""

import re
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, LiteralString

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ._privacy import Privacy


class Entity(BaseModel):
    """A class of the model: closed, strict, validated on construction and on assignment.

    ``None`` for an optional field means absent; dump with ``exclude_none=True`` to leave it out.
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

    @model_validator(mode="before")
    @classmethod
    def _refuse_abstract(cls, data: Any) -> Any:
        if cls.abstract:
            raise PydanticCustomError("abstract_class", "an abstract class has no instances")
        return data

    @classmethod
    def privacy(cls, field: str) -> Privacy:
        """The profile of one field."""
        return next(m for m in cls.model_fields[field].metadata if isinstance(m, Privacy))

    def __repr_args__(self) -> Any:
        """Values of person-related fields never show in a ``repr``."""
        for name, value in super().__repr_args__():
            if name is None:
                continue
            profile = type(self).privacy(name) if name in type(self).model_fields else None
            hidden = profile is not None and profile.person_related and value is not None
            yield name, _Withheld(str(profile)) if hidden else value


class _Withheld:
    def __init__(self, profile: str) -> None:
        self.profile = profile

    def __repr__(self) -> str:
        return f"<withheld: {self.profile}>"


def matching(pattern: str, native: type[date], kind: LiteralString) -> BeforeValidator:
    """Let through text that matches ``pattern`` as a whole, and objects of exactly the native type."""
    whole = re.compile(pattern)

    def check(value: Any) -> Any:
        if type(value) is native or (isinstance(value, str) and whole.fullmatch(value)):
            return value
        raise PydanticCustomError(kind if isinstance(value, str) else "text_type", "the text is not of the form needed")

    return BeforeValidator(check)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


AnyFormat = Field(strict=False)
FreeText = Annotated[str, Field(min_length=0)]
"""Any text. A length must be told in whole characters, so half a surrogate pair is refused from Python objects too."""
Whole = BeforeValidator(_whole)

__all__ = ["AnyFormat", "AwareDatetime", "Entity", "FreeText", "Whole", "date", "datetime", "matching"]
