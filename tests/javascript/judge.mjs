// The shipped validators as an engine of the agreement test: a line of JSON in ({name, texts}), a line of 1 and 0 out.
import { createInterface } from "node:readline";
import { parse, validate } from "../../generated/javascript/index.js";

function accepts(name, text) {
  try {
    return validate(parse(text), name).valid;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return false;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { name, texts } = JSON.parse(line);
  process.stdout.write(`${texts.map((text) => (accepts(name, text) ? "1" : "0")).join("")}\n`);
}
