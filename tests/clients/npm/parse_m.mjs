// Says of each Power Query file why it does not parse: `node parse_m.mjs NODE_MODULES FILE...`.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [modules, ...names] = process.argv.slice(2);
const { DefaultSettings, TaskUtils } = createRequire(`${modules}/`)("@microsoft/powerquery-parser");
const faults = {};
for (const name of names) {
  const task = await TaskUtils.tryLexParse(DefaultSettings, readFileSync(name, "utf8"));
  faults[name] = TaskUtils.isParseStageOk(task) ? null : task.error.message;
}
process.stdout.write(JSON.stringify(faults));
