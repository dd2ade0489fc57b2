// The shipped validators as an engine of the agreement test: a line of JSON in ({name, text}), 1 or 0 out.
import { createInterface } from "node:readline";
import { parse, validate } from "../../generated/javascript/index.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { name, text } = JSON.parse(line);
  let verdict = false;
  try {
    verdict = validate(parse(text), name).valid;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  process.stdout.write(verdict ? "1\n" : "0\n");
}
