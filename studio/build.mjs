// Builds the page into the Python package: `node build.mjs [FOLDER]`. The same sources and lock file give the same bytes.

import { build } from "esbuild";
import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, "../src/rulewright/studio/page"));

await mkdir(target, { recursive: true });
const built = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.ts"],
  outfile: join(target, "studio.js"),
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  banner: { js: "// Generated from studio/ by `make studio`. The licenses of its parts are in licenses.txt beside it." },
});
for (const name of ["index.html", "studio.css", "icon.svg"]) await copyFile(join(here, "src", name), join(target, name));

// The license of every package of which something is in the bundle.
const packages = new Set();
for (const path of Object.keys(built.metafile.inputs)) {
  const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  if (found) packages.add(found[1]);
}
if (packages.size === 0) throw new Error("no package is in the bundle: is node_modules a link?");
const texts = [];
for (const name of [...packages].sort()) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((one) => /^licen[sc]e/i.test(one));
  if (!file) throw new Error(`${name} has no license file`);
  const text = (await readFile(join(folder, file), "utf8")).replaceAll("\r\n", "\n").trim();
  texts.push(`${name} ${version} (${license})\n\n${text}\n`);
}
await writeFile(join(target, "licenses.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
