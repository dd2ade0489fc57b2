"""Every kind of loss and every reason, as sentences; adapters name a reason by its key and add facts."""

from __future__ import annotations

from dataclasses import dataclass

from machimori.messages import msgid


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of loss. A quiet kind loses nothing and is counted by column; the others are listed one by one."""

    title: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was lost or changed; ``{…}`` are facts of the loss."""

    kind: str
    sentence: str


LOSS_KINDS: dict[str, Kind] = {
    "row-not-converted": Kind(msgid("row not converted")),
    "empty-row": Kind(msgid("empty row")),
    "ragged-row": Kind(msgid("ragged row")),
    "not-carried": Kind(msgid("column not carried over")),
    "character-replaced": Kind(msgid("character replaced")),
    "metadata-not-carried": Kind(msgid("note about the file not carried over")),
    "unreadable-value": Kind(msgid("unreadable value")),
    "outside-japan": Kind(msgid("outside Japan")),
    "conditional-value": Kind(msgid("value with a condition")),
    "corrected": Kind(msgid("corrected")),
    "duplicate-id": Kind(msgid("duplicate ID")),
    "field-not-written": Kind(msgid("field not written")),
    "normalised": Kind(msgid("normalised"), quiet=True),
    "interpreted": Kind(msgid("interpreted"), quiet=True),
    "derived": Kind(msgid("derived"), quiet=True),
}

ROW_KINDS = ("row-not-converted", "empty-row")
"""The kinds that account for a row from which no record came."""

LOSS_REASONS: dict[str, Reason] = {
    # Rows
    "no-name": Reason("row-not-converted", msgid("no name is given")),
    "no-code": Reason(
        "row-not-converted",
        msgid("the code of the municipality is not in the row; give a default local_government_code"),
    ),
    "row-repeated": Reason("row-not-converted", msgid("says the same as row {other}")),
    "header-again": Reason("row-not-converted", msgid("repeats the header")),
    "quote-not-closed": Reason("row-not-converted", msgid("a quotation mark is not closed")),
    "not-a-shelter": Reason(
        "row-not-converted", msgid("nothing in the row says that the site is also a designated shelter")
    ),
    "not-a-site": Reason(
        "row-not-converted", msgid("nothing in the row says that the shelter is also an evacuation site")
    ),
    "not-a-feature": Reason("row-not-converted", msgid("not a GeoJSON feature")),
    "other-class": Reason("row-not-converted", msgid("not a record of {expected}")),
    "not-valid": Reason("row-not-converted", msgid("the record does not comply with the model ({codes})")),
    "no-value": Reason("empty-row", msgid("no cell has a value")),
    "cells-beyond": Reason("ragged-row", msgid("{count} cells beyond the last column were dropped")),
    "cells-short": Reason("ragged-row", msgid("{count} cells are missing at the end and taken as empty")),
    # Columns
    "no-field": Reason("not-carried", msgid("{entity} has no field for it")),
    "unknown-column": Reason("not-carried", msgid("the layout has no such column")),
    "no-header": Reason("not-carried", msgid("the column has no name")),
    "help-column": Reason("not-carried", msgid("a note for whoever fills in the form")),
    "column-repeated": Reason("not-carried", msgid("another column for the same field was used")),
    "implied": Reason("not-carried", msgid("follows from the code of the municipality")),
    "running-number": Reason("not-carried", msgid("a running number of the file")),
    "meaning-unstated": Reason("not-carried", msgid("the file does not say what the column means")),
    "preamble": Reason("metadata-not-carried", msgid("{key}: {stated}")),
    "preamble-row": Reason("metadata-not-carried", msgid("a row above the header")),
    # Values
    "not-a-number": Reason("unreadable-value", msgid("not a number")),
    "out-of-range": Reason("unreadable-value", msgid("outside the range of the field")),
    "not-a-flag": Reason("unreadable-value", msgid("neither yes nor no")),
    "not-a-code": Reason("unreadable-value", msgid("not a code for local governments")),
    "code-check-digit": Reason("unreadable-value", msgid("the check digit does not fit")),
    "code-ambiguous": Reason("unreadable-value", msgid("may stand for {candidates}")),
    "not-a-telephone": Reason("unreadable-value", msgid("not one telephone number")),
    "not-an-email": Reason("unreadable-value", msgid("not an e-mail address")),
    "not-a-url": Reason("unreadable-value", msgid("not a complete web address")),
    "not-a-postal-code": Reason("unreadable-value", msgid("not a postal code of 7 digits")),
    "not-a-town-id": Reason("unreadable-value", msgid("not a town ID of 7 digits")),
    "not-a-national-id": Reason("unreadable-value", msgid("not an ID of 14 letters and digits")),
    "not-a-point": Reason("unreadable-value", msgid("not latitude and longitude")),
    "half-a-point": Reason("unreadable-value", msgid("latitude or longitude is missing")),
    "elevation-alone": Reason("unreadable-value", msgid("an elevation without coordinates")),
    "nested-value": Reason("unreadable-value", msgid("a list or an object where one value is needed")),
    "geometry-not-point": Reason("unreadable-value", msgid("the geometry is not a point")),
    "capacity-text": Reason(
        "unreadable-value", msgid("no single number of persons; the text is kept in capacity_note")
    ),
    "outside-japan": Reason(
        "outside-japan", msgid("the point lies outside latitude 20° to 46°, longitude 122° to 154°, and was left out")
    ),
    "conditional": Reason("conditional-value", msgid("usable only under a condition that the cell does not state")),
    "flood-scales": Reason("conditional-value", msgid("not usable at both scales of flood")),
    "swapped": Reason("corrected", msgid("latitude and longitude were exchanged")),
    "id-used": Reason("duplicate-id", msgid("row {other} has the same ID; {suffix} was added to the id")),
    # Quiet: counted by column
    "spaces": Reason("normalised", msgid("spaces removed")),
    "control-characters": Reason("normalised", msgid("control characters removed")),
    "line-breaks": Reason("normalised", msgid("line breaks replaced by spaces")),
    "half-width": Reason("normalised", msgid("full-width characters made half-width")),
    "hyphens": Reason("normalised", msgid("dashes made hyphens")),
    "float": Reason("normalised", msgid("a whole number written with decimals")),
    "thousands": Reason("normalised", msgid("separators of thousands removed")),
    "unit-removed": Reason("normalised", msgid("the unit after the number removed")),
    "yes-mark": Reason("normalised", msgid("a mark read as yes")),
    "no-mark": Reason("normalised", msgid("a mark read as no")),
    "leading-zero": Reason("normalised", msgid("lost leading zero restored")),
    "check-digit": Reason("normalised", msgid("missing check digit added")),
    "separators": Reason("normalised", msgid("brackets, spaces and marks removed")),
    "percent-encoded": Reason("normalised", msgid("letters outside ASCII percent-encoded")),
    "capacity-summed": Reason(
        "interpreted", msgid("persons indoors and outdoors added up; the text is kept in capacity_note")
    ),
    "capacity-approximate": Reason(
        "interpreted", msgid("the number of persons taken from the text, which is kept in capacity_note")
    ),
    "flood-merged": Reason("interpreted", msgid("two scales of flood read as one kind of hazard")),
    "code-from-default": Reason("derived", msgid("the default given")),
    "code-from-address": Reason("derived", msgid("from the code of the address")),
    "code-from-national-id": Reason("derived", msgid("from the national shelter ID")),
    "code-from-collection": Reason("derived", msgid("from the name of the collection")),
    "id-from-name": Reason("derived", msgid("from the name, since no number is given")),
    # Writing
    "not-in-encoding": Reason(
        "character-replaced", msgid("{encoding} lacks {count} of its characters; {mark} stands for them")
    ),
    "no-column": Reason("field-not-written", msgid("the format has no column for it")),
    "not-kept": Reason("field-not-written", msgid("would read back differently")),
}
