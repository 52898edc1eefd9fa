// Compile portal.scss and copy the fonts and htmx into ../static. Run by `make style`; what it writes is committed.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as sass from "sass";

const [here, there] = [new URL(".", import.meta.url), new URL("../static/", import.meta.url)];
const sources = ["package.json", "portal.scss", "_own.scss"];
const digest = createHash("sha256");
for (const name of sources) digest.update(readFileSync(new URL(name, here)));

const { css } = sass.compile(new URL("portal.scss", here).pathname, {
  loadPaths: [new URL("node_modules", here).pathname],
  style: "compressed",
  charset: false,
  quietDeps: true,
});
mkdirSync(new URL("fonts/", there), { recursive: true });
writeFileSync(new URL("portal.css", there), `/* compiled by make style from ${digest.digest("hex")} */\n${css}\n`);
for (const subset of ["latin", "vietnamese"])
  for (const weight of [400, 700]) {
    const name = `be-vietnam-pro-${subset}-${weight}-normal.woff2`;
    copyFileSync(new URL(`node_modules/@fontsource/be-vietnam-pro/files/${name}`, here), new URL(`fonts/${name}`, there));
  }
copyFileSync(new URL("node_modules/@fontsource/be-vietnam-pro/LICENSE", here), new URL("fonts/LICENSE", there));
copyFileSync(new URL("node_modules/htmx.org/dist/htmx.min.js", here), new URL("htmx.min.js", there));
