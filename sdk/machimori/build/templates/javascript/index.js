// Validators of every class, and how private each field is. No dependencies; Node.js 20 and browsers.

import { fields } from "./privacy.js";
import * as validators from "./validators.js";

/** The names of the classes. */
export const classes = Object.freeze(Object.keys(validators).sort());

/**
 * Judge a record, of the class that it names or of another. An error says where and which keyword of the JSON Schema is
 * broken; it holds no value of the record.
 */
export function validate(record, className = record?.type) {
  if (typeof className !== "string" || !Object.hasOwn(validators, className)) {
    return { valid: false, errors: [{ path: "/type", keyword: "type", detail: { unknownClass: true } }] };
  }
  const check = validators[className];
  const valid = check(record);
  const errors = valid ? [] : check.errors.map((e) => ({ path: e.instancePath, keyword: e.keyword, detail: e.params }));
  check.errors = null;
  return { valid, errors };
}

/** Whether a value is a valid record of a class, as a type guard of TypeScript. */
export function is(record, className) {
  return validate(record, className).valid;
}

/** JSON as the model reads it: a text with half a surrogate pair is refused (RFC 8259, section 8.2). */
export function parse(text) {
  return JSON.parse(text, (key, value) => {
    if (!key.isWellFormed() || (typeof value === "string" && !value.isWellFormed())) {
      throw new SyntaxError("half a surrogate pair is no text");
    }
    return value;
  });
}

/** The name of the privacy profile of a field, or undefined where the class has no such field. */
export function privacyOf(className, field) {
  const held = Object.hasOwn(fields, className) ? fields[className] : {};
  return Object.hasOwn(held, field) ? held[field] : undefined;
}
