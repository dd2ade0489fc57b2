// What the package says of a line of JSON ({name, text}): all of its errors, as text, or the message of parse.
import { createInterface } from "node:readline";
import { parse, validate } from "../../generated/javascript/index.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { name, text } = JSON.parse(line);
  let told;
  try {
    told = JSON.stringify(validate(parse(text), name));
  } catch (error) {
    told = `${error.message} ${error.stack} ${error.cause}`;
  }
  process.stdout.write(JSON.stringify(told) + "\n");
}
