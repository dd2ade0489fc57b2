// Compiled by the tests, never run: what must be a type error is marked as one.
import { type Classes, type DemandResponseEvent, type ElectricityUse, is, parse, type Trip, validate } from "../../generated/javascript/index.js";

const use: ElectricityUse = {
  id: "urn:machimori:use:1",
  type: "ElectricityUse",
  customer: "urn:machimori:customer:17",
  meter: "urn:machimori:meter:9",
  interval_start: "2026-04-01T09:00:00+09:00",
  interval_end: "2026-04-01T09:30:00+09:00",
  energy: 0.42,
  quality: "measured",
};
const trip: Trip = { ...use, id: "urn:machimori:trip:1", type: "Trip", traveller: "urn:machimori:person:1", started_at: use.interval_start, origin: { mesh_code: "53393599" }, mode: null };
// @ts-expect-error a value that is not on the list
const guessed: ElectricityUse = { ...use, quality: "guessed" };
// @ts-expect-error a required field is missing
const nameless: ElectricityUse = { type: "ElectricityUse" };
// @ts-expect-error another class
const other: ElectricityUse = { ...use, type: "Trip" };

function price(event: DemandResponseEvent): number[] {
  return event.signals.flatMap((signal) => (signal.type === "PriceSignal" ? [signal.energy_price] : []));
}
const found: unknown = parse("{}");
const mode = is(found, "Trip") ? found.mode : null;
// @ts-expect-error before it is judged, nothing is known of a value
const early = found.mode;
const faults: string[] = validate(found, "Trip").errors.map((fault) => fault.path);
// @ts-expect-error a class that nobody knows
validate(found, "Nothing");
const known: keyof Classes = "ElectricityUse";
export { early, faults, guessed, known, mode, nameless, other, price, trip };
