// Makes javascript/validators.js of the JSON Schemas in a folder of artefacts: one function a class, with no imports but formats.js.
// Usage: node standalone.mjs FOLDER [-]   (- writes to standard output)
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import Ajv2019 from "ajv/dist/2019.js";
import standalone from "ajv/dist/standalone/index.js";
import { _ } from "ajv/dist/compile/codegen/index.js";

const [folder, out] = process.argv.slice(2);
const { version } = createRequire(import.meta.url)("ajv/package.json");
const NOT_JUDGED = new Set(["title", "description", "$schema", "$id", "$comment", "$defs"]);

/** A schema without what is only said: a property of one of those names has a schema, not a text, and stays. */
function judged(node) {
  if (Array.isArray(node)) return node.map(judged);
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(([key, value]) => !(key.startsWith("x-") || (NOT_JUDGED.has(key) && (typeof value === "string" || key === "$defs"))));
  return Object.fromEntries(kept.map(([key, value]) => [key, judged(value)]));
}

const digest = createHash("sha256");
const classes = [];
const definitions = {};
for (const file of readdirSync(`${folder}/jsonschema`).sort()) {
  const text = readFileSync(`${folder}/jsonschema/${file}`, "utf8");
  digest.update(text);
  const name = file.slice(0, -".json".length);
  const schema = JSON.parse(text);
  classes.push(name);
  for (const [key, definition] of Object.entries({ ...schema.$defs, [name]: schema })) {
    const found = judged(definition);
    definitions[key] ??= found;
    if (JSON.stringify(definitions[key]) !== JSON.stringify(found)) throw new Error(`${name} has another ${key} than the class before it`);
  }
}

const { formats } = await import(new URL("javascript/formats.js", pathToFileURL(`${resolve(folder)}/`)));
const ajv = new Ajv2019({
  strict: false,
  allErrors: true,
  messages: false,
  unicodeRegExp: true,
  inlineRefs: false,
  formats,
  code: { source: true, esm: true, lines: true, optimize: 2, formats: _`formats` },
});
ajv.addSchema({ $id: "machimori", $defs: definitions });
const made = standalone(ajv, Object.fromEntries(classes.map((name) => [name, `machimori#/$defs/${name}`])));
const code = [
  `// Made of jsonschema/ (${digest.digest("hex")}) by Ajv ${version}; do not edit.`,
  'import { formats } from "./formats.js";',
  made.replace('"use strict";', "").trim(),
  "",
].join("\n");
if (/\brequire\(|\bimport\(/.test(code)) throw new Error("the validators need something outside");
if (out === "-") process.stdout.write(code);
else writeFileSync(`${folder}/javascript/validators.js`, code);
