"""What a maker's own service does with its extension: check a record, ask how private it is, make it a graph."""

import json
from pathlib import Path

from heatpump_model import HeatPumpState

import machimori as mm

record = (Path(__file__).parent / "model/examples/HeatPumpState/valid-frosty-morning.json").read_text(encoding="utf-8")

print("valid:", mm.validate(record).ok)
for issue in mm.validate({**json.loads(record), "compressor_frequency": 900}).issues:
    print(issue.code, issue.path, issue.message)

state = HeatPumpState.model_validate_json(record)
print(state.type, state.compressor_frequency, "Hz,", "defrosting" if state.defrosting else "heating")

profile = mm.privacy_of("HeatPumpState.compressor_frequency")
print(profile, profile.government_access, profile.retention, profile.minimum_group)
print(len(mm.to_graph(record)), "statements; back again:", mm.from_jsonld(record) == json.loads(record))
