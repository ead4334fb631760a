// Writes dates.json again: what dayjs.utc(text).valueOf() is, null for no date. `npm install dayjs@1.11`, then
// TZ=UTC node dates.mjs
import fs from "node:fs";
import dayjs from "dayjs";
import utc from "dayjs/plugin/utc.js";

dayjs.extend(utc);
const file = new URL("dates.json", import.meta.url);
const rows = JSON.parse(fs.readFileSync(file, "utf8")).map(([text]) => {
  const date = dayjs.utc(text);
  return JSON.stringify([text, date.isValid() ? date.valueOf() : null]);
});
fs.writeFileSync(file, `[\n${rows.join(",\n")}\n]\n`);
