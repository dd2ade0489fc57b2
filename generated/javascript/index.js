// Validators of every class, and how private each field is. No dependencies; Node.js 20 and browsers.

import { fields } from "./privacy.js";
import * as validators from "./validators.js";

const HALF_A_PAIR = new SyntaxError("half a surrogate pair is no text");
const SAFE_NAME = /^[@$]?[A-Za-z][A-Za-z0-9_:.-]{0,39}$/;

/** A key as given, if it looks like the name of a field; a key may itself be a personal value. */
function shown(name) {
  return SAFE_NAME.test(name) && name.replace(/[^0-9]/g, "").length <= 3 ? name : "…";
}

/** What a keyword asks for; of the names in it one is the record's own. */
function told(params) {
  return params.additionalProperty === undefined
    ? params
    : { ...params, additionalProperty: shown(params.additionalProperty) };
}

/** The names of the classes. */
export const classes = Object.freeze(Object.keys(validators).sort());

/**
 * Judge a record, of the class that it names or of another. An error says where and which keyword of the JSON Schema is
 * broken; it holds no value of the record, nor a name in it that cannot be the name of a field.
 */
export function validate(record, className = record?.type) {
  if (typeof className !== "string" || !Object.hasOwn(validators, className)) {
    return { valid: false, errors: [{ path: "/type", keyword: "type", detail: { unknownClass: true } }] };
  }
  const check = validators[className];
  const valid = check(record);
  const errors = valid
    ? []
    : check.errors.map((e) => ({ path: e.instancePath, keyword: e.keyword, detail: told(e.params) }));
  check.errors = null;
  return { valid, errors };
}

/** Whether a value is a valid record of a class, as a type guard of TypeScript. */
export function is(record, className) {
  return validate(record, className).valid;
}

/**
 * JSON as the model reads it: a text with half a surrogate pair is refused (RFC 8259, section 8.2). The error says where the
 * text stops being JSON; that of JSON.parse would repeat a piece of it.
 */
export function parse(text) {
  let place;
  try {
    return JSON.parse(text, (key, value) => {
      if (!key.isWellFormed() || (typeof value === "string" && !value.isWellFormed())) {
        throw HALF_A_PAIR;
      }
      return value;
    });
  } catch (error) {
    if (error === HALF_A_PAIR || !(error instanceof SyntaxError)) throw error;
    place = /at position ([0-9]+)(?: \(line [0-9]+ column [0-9]+\))?$/.exec(error.message); // at its end, after any piece
  }
  throw new SyntaxError(place ? `not JSON at position ${place[1]}` : "not JSON");
}

/** The name of the privacy profile of a field, or undefined where the class has no such field. */
export function privacyOf(className, field) {
  const held = Object.hasOwn(fields, className) ? fields[className] : {};
  return Object.hasOwn(held, field) ? held[field] : undefined;
}
