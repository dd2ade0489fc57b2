import type { Classes } from "./types.js";

export type * from "./types.js";

/** What is wrong, without any value of the record. */
export interface Fault {
  /** JSON pointer to the value. */
  path: string;
  /** The keyword of the JSON Schema that is broken. */
  keyword: string;
  /** What the keyword asks for. */
  detail: Record<string, unknown>;
}

export interface Verdict {
  valid: boolean;
  errors: Fault[];
}

/** The names of the classes. */
export const classes: readonly (keyof Classes)[];
/** Judge a record, of the class that it names or of another. */
export function validate(record: unknown, className?: keyof Classes): Verdict;
/** Whether a value is a valid record of a class. */
export function is<Name extends keyof Classes>(record: unknown, className: Name): record is Classes[Name];
/** JSON as the model reads it: a text with half a surrogate pair is a SyntaxError. */
export function parse(text: string): unknown;
/** The name of the privacy profile of a field. */
export function privacyOf(className: string, field: string): string | undefined;
