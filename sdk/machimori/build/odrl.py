"""``policy/odrl.jsonld``: the rules of disclosure as one ODRL 2.2 Set.

Export only: ODRL has no agreed evaluation, and no order of rules. Each rule is a permission or a prohibition whose
constraints are its conditions. The JSON-LD context stands in the file, so that nothing is fetched to read it.
"""

from __future__ import annotations

from typing import Any

from machimori.build.json_schema import dumps
from machimori.build.model import Model, Text, Value
from machimori.messages import Message

Entry = dict[str, Any]


def _iri(term: str) -> Entry:
    return {"@id": term, "@type": "@id"}


CONTEXT: Entry = {
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "dpv": "https://w3id.org/dpv#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "uid": "@id",
    "type": "@type",
    "Set": "odrl:Set",
    "Permission": "odrl:Permission",
    "Prohibition": "odrl:Prohibition",
    "LeftOperand": "odrl:LeftOperand",
    "Action": "odrl:Action",
    **{
        name: _iri(f"odrl:{name}")
        for name in ("profile", "conflict", "permission", "prohibition", "target", "action", "duty")
    },
    **{name: _iri(f"odrl:{name}") for name in ("constraint", "leftOperand", "operator", "includedIn")},
    "rightOperand": {"@id": "odrl:rightOperand"},
    "or": {"@id": "odrl:or", "@container": "@list", "@type": "@id"},
    "source": "dct:source",
    "issued": {"@id": "dct:issued", "@type": "xsd:date"},
    "title": {"@id": "dct:title", "@container": "@language"},
    "description": {"@id": "dct:description", "@container": "@language"},
    "prefLabel": {"@id": "skos:prefLabel", "@container": "@language"},
    "closeMatch": _iri("skos:closeMatch"),
    "exactMatch": _iri("skos:exactMatch"),
    "notation": "skos:notation",
}


def emit(model: Model) -> dict[str, str]:
    if model.base:
        return {}
    return {"policy/odrl.jsonld": dumps(_Export(model).document())}


class _Export:
    def __init__(self, model: Model) -> None:
        self.model = model
        self.order = sorted(model.rules.values(), key=lambda r: int(r["rule_order"]))

    def document(self) -> Entry:
        return {
            "@context": CONTEXT | {"mm": self.model.iri},
            "@graph": [self._set(), *self._terms(), *self._purposes(), self._action()],
        }

    def _set(self) -> Entry:
        model = self.model
        return {
            "uid": f"{model.iri}policy",
            "type": "Set",
            "profile": f"{model.iri}odrl-profile",
            "conflict": "odrl:prohibit",
            "title": Text.of(Message("Rules of disclosure of {model}", model=model.title.data())).data(),
            "permission": [self._rule(r, "Permission") for r in self.order if r["rule_scope"] == "field"],
            "prohibition": [self._rule(r, "Prohibition") for r in self.order if r["rule_scope"] == "request"],
        }

    def _rule(self, rule: Entry, kind: str) -> Entry:
        forms = rule.get("candidate_forms")
        asked = [{"alternatives": [{"condition_term": "form", "condition_values": forms}]}] if forms else []
        held = {
            "uid": rule["id"],
            "type": kind,
            "notation": str(rule["rule_order"]),
            "title": {"en": rule["title"], "ja": rule["title_ja"]},
            "description": {"en": rule["description"], "ja": rule["description_ja"]},
            "source": rule["sources"],
            "issued": rule["law_version"],
            "target": f"{self.model.iri}Field",
            "action": f"{self.model.iri}disclose",
            "constraint": [
                self._condition(c)
                for c in (*asked, *(rule.get("applicability") or []), *(rule.get("conditions") or []))
            ],
        }
        if kind == "Permission":
            held["duty"] = [{"action": f"{self.model.iri}Obligation/{o}"} for o in rule["obligations"]]
        return held

    def _condition(self, condition: Entry) -> Entry:
        tests = [self._test(t) for t in condition["alternatives"]]
        return tests[0] if len(tests) == 1 else {"or": tests}

    def _test(self, test: Entry) -> Entry:
        term, values, negated = test["condition_term"], test.get("condition_values"), bool(test.get("negated"))
        operand = "odrl:purpose" if term == "purpose" else f"{self.model.iri}term/{term}"
        if not values:
            return {"leftOperand": operand, "operator": "odrl:eq", "rightOperand": not negated}
        answers = [self._answer(term, v) for v in values]
        if len(answers) == 1:
            return {
                "leftOperand": operand,
                "operator": "odrl:neq" if negated else "odrl:eq",
                "rightOperand": answers[0],
            }
        operator = "odrl:isNoneOf" if negated else "odrl:isAnyOf"
        return {"leftOperand": operand, "operator": operator, "rightOperand": answers}

    def _answer(self, term: str, value: str) -> Any:
        """An answer that is a concept of the model by its IRI, the state of a document by its name."""
        of = self.model.rule_terms[term].get("answers_of")
        if of == "rule":
            return {"@id": f"{self.model.iri}rule/{value}"}
        return {"@id": self.model.enums[of].values[value].iri} if of else value

    def _terms(self) -> list[Entry]:
        """The left operands that the profile adds to those of ODRL."""
        return [
            {"uid": f"{self.model.iri}term/{name}", "type": "LeftOperand", "prefLabel": term["title"]}
            for name, term in self.model.rule_terms.items()
            if name != "purpose"
        ]

    def _purposes(self) -> list[Entry]:
        return [self._purpose(v) for v in self.model.enums["Purpose"].values.values()]

    def _purpose(self, value: Value) -> Entry:
        found = {
            "uid": value.iri,
            "type": "dpv:Purpose",
            "prefLabel": value.title.data(),
            "exactMatch": list(value.mappings.exact),
            "closeMatch": list(value.mappings.close),
        }
        return {key: held for key, held in found.items() if held}

    def _action(self) -> Entry:
        return {
            "uid": f"{self.model.iri}disclose",
            "type": "Action",
            "includedIn": "odrl:use",
            "closeMatch": "dpv:Disclose",
            "prefLabel": Text.of(Message("Disclose")).data(),
        }
