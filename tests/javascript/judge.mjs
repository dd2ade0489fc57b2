// Ajv as an engine of the agreement test: a line of JSON in ({schemas} once, then {name, text}), true or false out.
import { createInterface } from "node:readline";
import Ajv2019 from "ajv/dist/2019.js";
import addFormats from "ajv-formats";

const ajv = new Ajv2019({ strict: false, allErrors: false, unicodeRegExp: true });
addFormats(ajv, { mode: "full" });
let folder;
const compiled = new Map();

async function validator(name) {
  if (!compiled.has(name)) {
    const { readFile } = await import("node:fs/promises");
    compiled.set(name, ajv.compile(JSON.parse(await readFile(`${folder}/${name}.json`, "utf8"))));
  }
  return compiled.get(name);
}

// RFC 8259, 8.2: half a surrogate pair is no text, though JSON.parse lets it pass.
function whole(key, value) {
  if (!key.isWellFormed() || (typeof value === "string" && !value.isWellFormed())) throw new SyntaxError("surrogate");
  return value;
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (asked.folder) {
    folder = asked.folder;
    continue;
  }
  let verdict = false;
  try {
    verdict = (await validator(asked.name))(JSON.parse(asked.text, whole));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  process.stdout.write(verdict ? "1\n" : "0\n");
}
