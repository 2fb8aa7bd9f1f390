// The grid by keyboard: rows by arrows, ticking as one goes, and a list of the keys.

import { records, rowsOf, showSelection } from './selection.js';

const STEP = 10;
const sheet = document.querySelector('#keys');

export function gridKeys() {
  if (!records || !sheet) return;
  records.querySelector('.grid').addEventListener('keydown', inGrid);
  document.addEventListener('keydown', anywhere);
  for (const button of document.querySelectorAll('button.keys')) {
    button.hidden = false;
    button.addEventListener('click', () => sheet.showModal());
  }
}

function inGrid(event) {
  const row = event.target.closest('tr[data-id]');
  if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    records.querySelector('input[name="page"]')?.click();
    return;
  }
  if (!row || event.altKey) return;
  if (event.key === ' ' && event.shiftKey) {
    event.preventDefault();
    row.querySelector('input')?.click();
    return;
  }
  const next = neighbour(row, event);
  if (!next) return;
  event.preventDefault();
  if (event.shiftKey) tickLike(row, next);
  (next.querySelector(event.target.matches('a') ? 'a' : 'input') ?? next.querySelector('a')).focus();
}

function neighbour(row, { key, ctrlKey, metaKey }) {
  const rows = shownRows();
  const index = rows.indexOf(row);
  const far = ctrlKey || metaKey;
  const step = { ArrowDown: 1, ArrowUp: -1, PageDown: STEP, PageUp: -STEP }[key];
  if (step) return rows[Math.min(Math.max(index + step, 0), rows.length - 1)];
  if (far && key === 'Home') return rows[0];
  if (far && key === 'End') return rows.at(-1);
  return undefined;
}

/** All rows from the one to the other become as the first is; from one that is not ticked, ticking begins. */
function tickLike(from, to) {
  const rows = shownRows();
  const [first, last] = [rows.indexOf(from), rows.indexOf(to)].sort((one, other) => one - other);
  for (const row of rows.slice(first, last + 1)) {
    const box = row.querySelector('input');
    if (box) box.checked = true;
  }
  showSelection();
}

/** Without those of a folded group. */
function shownRows() {
  return rowsOf(records).filter((row) => row.offsetParent);
}

/** Single keys work where nothing is typed, and not at all for whoever has switched them off. */
function anywhere(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if ('noKeys' in document.body.dataset || document.querySelector('dialog[open]')) return;
  if (event.target.matches?.('input:not([type="checkbox"]), select, textarea')) return;
  const act = {
    '?': () => sheet.showModal(),
    '/': () => document.querySelector('input[type="search"]').focus(),
    r: () => document.querySelector('#refresh').requestSubmit(),
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}
