"""What a privacy profile says. Plain data without any dependency; see the page of each profile for its reasons."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Granularity:
    """How far a value is coarsened before it leaves the holder in any form weaker than ``identified``."""

    time_step: str | None = None
    """ISO 8601 duration that timestamps are rounded down to."""
    space_step: int | None = None
    """Digits of the JIS X 0410 grid square code that places are reduced to."""
    band: float | None = None
    """Width of the band that a number is put into, in the field's own unit."""
    prefix_length: int | None = None
    """Leading characters of a code that are kept."""
    rounding: int | None = None
    """The number to whose nearest multiple a count of people is rounded."""


@dataclass(frozen=True, slots=True)
class StatutoryTask:
    """The statute (or care relation) that gives the holder its task, and the purposes that the task covers."""

    statute: str
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """One source, and whether it binds by law or is this model's own stricter choice."""

    source: str
    basis: str


@dataclass(frozen=True, slots=True)
class Privacy:
    """A privacy profile: the metadata of every field, ``Annotated[T, Privacy(…)]``.

    ``data_class`` is the part of ``name`` before the dot; ``person_related`` is true from ``pseudonymised`` on.
    ``inherited`` stands on fields of value objects: the strictest profile on the path from the root wins.
    """

    name: str
    data_class: str
    person_related: bool
    title_en: str
    title_ja: str
    why_en: str
    why_ja: str
    identifiability: str = "none"
    dpv: tuple[str, ...] = ()
    government_access: str = "none"
    purposes: tuple[str, ...] = ()
    minimum_group: int = 10
    granularity: Granularity = Granularity()
    traceable: bool = False
    retention: str | None = None
    rescue: bool = False
    biometric: bool = False
    passer_by: bool = False
    other_person: bool = False
    statutory_task: StatutoryTask | None = None
    basis: tuple[Basis, ...] = ()
    law_version: str = ""

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"Privacy({self.name!r})"
