// The account of all browser tests: which causes they mended, and which buttons they pressed. `cargo xtask causes` adds it up.

import { appendFile } from 'node:fs/promises';

/** The file in which it is kept; without it, nothing is. */
const ACCOUNT = process.env.BOOKFERRY_MENDED;

/** Adds the codes of causes that were provoked, read and mended, and the labels of buttons that did what they say. */
export async function account({ causes = [], buttons = [] }) {
  if (!ACCOUNT) return;
  const lines = [...[...causes].map((code) => `cause ${code}\n`), ...[...buttons].map((label) => `button ${label}\n`)];
  await appendFile(ACCOUNT, lines.join(''));
}
