// Tells of each regular expression on standard input, [source, flags], what recheck finds: "safe", or how time grows with a text.
import { readFileSync } from "node:fs";

process.env.RECHECK_BACKEND = "pure";
const { checkSync } = await import("recheck");

const told = JSON.parse(readFileSync(0, "utf8")).map(([source, flags]) => {
  const { status, complexity, error } = checkSync(source, flags, { timeout: 60000 });
  return status === "safe" ? status : `${status}: ${complexity?.summary ?? JSON.stringify(error)}`;
});
console.log(JSON.stringify(told));
