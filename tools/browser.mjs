// The browser in which the `look_at_*` scripts look at pages: Chromium (CHROMIUM names another one than
// /usr/bin/chromium), driven by `playwright-core`, which is looked for in NODE_FOLDER/node_modules
// (NODE_FOLDER is target/node if not set).

import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const nodeFolder = resolve(process.env.NODE_FOLDER ?? "target/node");
const { chromium } = createRequire(join(nodeFolder, "index.js"))("playwright-core");

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ],
  });
}
