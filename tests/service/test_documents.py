"""What the model says of itself: the artefacts as they are, with their types, kept by ETag; and POST /decide."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from tests.service.conftest import JSON, Serve, record

from machimori.catalogue import catalogue

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.full]
GENERATED = Path(__file__).parents[2] / "generated"
HOLDING = {
    "type": "Holding",
    "id": "urn:machimori:holding:minato-power",
    "holder": {"id": "urn:machimori:org:minato-power", "kind": "company", "country": "JP"},
    "collector": {"id": "urn:machimori:org:minato-power", "kind": "company", "country": "JP"},
    "parties": [{"id": "urn:machimori:org:minatogawa-city", "kind": "municipality", "country": "JP"}],
}
REQUEST = {
    "type": "DisclosureRequest",
    "id": "urn:uuid:5f0c2a4e-7f31-4f6a-9c64-0f1d2f7b8a01",
    "at": "2026-08-17T09:00:00+09:00",
    "requester": {"id": "urn:machimori:org:minatogawa-city", "kind": "municipality", "country": "JP"},
    "role": "third_party",
    "purpose": "energy_saving",
    "form": "identified",
    "entity": "ElectricityUse",
    "fields": ["energy", "interval_start"],
}


@pytest.mark.parametrize(
    ("path", "file", "media_type"),
    [
        ("/schemas/Trip", "jsonschema/Trip.json", "application/schema+json"),
        ("/context", "context.jsonld", "application/ld+json"),
        ("/catalogue", "catalogue.json", "application/json"),
        ("/codes", "codes.json", "application/json"),
    ],
)
def test_a_document_is_the_artefact_and_is_kept(client: httpx.Client, path: str, file: str, media_type: str) -> None:
    answer = client.get(path)
    assert answer.headers["content-type"] == media_type
    assert answer.json() == json.loads((GENERATED / file).read_text())
    tag = answer.headers["etag"]
    for had in (tag, f'"other", W/{tag}', "*"):
        again = client.get(path, headers={"If-None-Match": had})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_every_class_has_its_schema_or_a_reason_why_not(client: httpx.Client) -> None:
    for name, class_ in catalogue.catalogue()["classes"].items():
        answer = client.get(f"/schemas/{name}")
        assert answer.status_code == (404 if class_["abstract"] else 200), name
        if class_["abstract"]:
            assert class_["members"][0] in answer.json()["detail"]
    for name in ("Tripp", "../codes", "Trip%00", "%2e%2e%2fcodes"):
        assert client.get(f"/schemas/{name}").status_code in (200, 404)
    assert "did you mean Trip" in client.get("/schemas/Tripp").json()["detail"]


def test_no_holder_no_decision(client: httpx.Client) -> None:
    assert client.post("/decide", json=REQUEST).status_code == 404


def test_the_gate_of_the_holder_decides_and_logs(serve: Serve, tmp_path: Path) -> None:
    holder = tmp_path / "holder.json"
    holder.write_text(json.dumps(HOLDING))
    one = serve("--holder", holder, "--store", f"sqlite:///{tmp_path / 'gate.db'}")
    with httpx.Client(base_url=one.url) as client:
        denied = client.post("/decide", json=REQUEST)
        assert denied.status_code == 200
        assert (denied.json()["form"], denied.json()["rule"]) == ("deny", "no-bulk-trace")
        forbidden = client.post("/decide", json=REQUEST | {"purpose": "person_scoring"})
        assert [d.json()["receipt"]["log_sequence"] for d in (denied, forbidden)] == [0, 1]
        for body, status in ((b"{}", 422), (b"x", 422), (json.dumps(record()).encode(), 422)):
            wrong = client.post("/decide", content=body, headers=JSON)
            assert (wrong.status_code, wrong.json()["status"]) == (status, status)
            assert wrong.json()["issues"]
