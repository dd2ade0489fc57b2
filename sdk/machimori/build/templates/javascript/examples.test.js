// Every example of the model gets the verdict in its name; what the SDK alone checks (MM3…, a key that stands twice) is valid here.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { classes, is, parse, privacyOf, validate } from "./index.js";

const EXAMPLES = fileURLToPath(new URL("../../model/examples", import.meta.url));
const ABSENT = existsSync(EXAMPLES) ? false : "the examples are in the repository of the model";
const WEEK = "week";
const BY_THE_SDK_ALONE = /^invalid-(MM3|MM004)/;

test("every example", { skip: ABSENT }, () => {
  let judged = 0;
  for (const name of readdirSync(EXAMPLES).filter((name) => name !== WEEK)) {
    for (const file of readdirSync(`${EXAMPLES}/${name}`)) {
      const record = parse(readFileSync(`${EXAMPLES}/${name}/${file}`, "utf8"));
      const { valid, errors } = validate(record, name);
      assert.equal(valid, file.startsWith("valid-") || BY_THE_SDK_ALONE.test(file), `${name}/${file}`);
      assert.equal(errors.length === 0, valid);
      judged += 1;
    }
  }
  assert.ok(judged > 1000);
});

test("every record of the week", { skip: ABSENT }, () => {
  for (const file of readdirSync(`${EXAMPLES}/${WEEK}`)) {
    const lines = readFileSync(`${EXAMPLES}/${WEEK}/${file}`, "utf8").split("\n").filter(Boolean);
    assert.ok(lines.length > 0);
    for (const line of lines) assert.deepEqual(validate(parse(line)).errors, [], file);
  }
});

test("a class that nobody knows is an error", () => {
  for (const type of ["Nothing", "__proto__", "constructor", "toString", 7, null, undefined, {}]) {
    assert.equal(validate({ type }).valid, false);
  }
  for (const record of [undefined, null, 7, "text", [], () => 1]) assert.equal(validate(record).valid, false);
});

test("an error holds no value of the record", () => {
  const record = { id: "urn:x:1", type: "ElectricityUse", customer: "Tanaka Hanako", energy: 123456.5, quality: "Yamada" };
  const told = JSON.stringify(validate(record));
  assert.ok(!/Tanaka|123456|Yamada/.test(told), told);
  assert.ok(validate(record).errors.length > 4);
});

test("half a surrogate pair is no text", () => {
  assert.throws(() => parse('{"name": "\\ud800"}'), SyntaxError);
});

test("the privacy of a field", () => {
  assert.equal(privacyOf("ElectricityUse", "energy"), "personal.energy_use");
  assert.equal(privacyOf("ElectricityUse", "constructor"), undefined);
  assert.equal(privacyOf("__proto__", "energy"), undefined);
  for (const name of classes) assert.equal(is(null, name), false);
});
