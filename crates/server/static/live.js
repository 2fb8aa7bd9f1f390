// What happens elsewhere shows by itself, without moving focus, scroll or selection.
//
// The server says only that something happened; what it is, is read from the page's own address and put in place.

import { boxOf, causeSelection, foldGroups, groups, records, rowsOf, showSelection } from './selection.js';
import { bold, element, localTimes, number } from './words.js';

/** Between two looks, however much happens. */
const GAP_MS = 700;
/** Times go stale, and a visit that does not come is no news: so often the page looks anyway. */
const QUIET_MS = 60_000;
/** After the server had no place for one more listener. */
const COME_AGAIN_MS = 30_000;

/** Where this page is read from, whatever the address bar says while a record lies over it. */
const here = records ? `${records.getAttribute('action')}?${records.dataset.view}` : location.pathname + location.search;
let pulse = document.body.dataset.pulse;
let source = null;
let looking = null;
let isOutdated = false;
let lookedAt = 0;
let timer;
let refreshedAt = Date.now();
const followers = [];

/** Looks whenever something happens, as long as the page is seen. */
export function keepFresh() {
  if (!document.body.dataset.news) return;
  listen();
  setInterval(look, QUIET_MS);
  setInterval(tellAge, 1_000);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      source?.close();
      source = null;
    } else {
      look().then(listen);
    }
  });
  document.querySelector('#refresh')?.addEventListener('submit', (event) => {
    event.preventDefault();
    fetchPage(here).then(patchEverything).catch(() => event.target.submit());
  });
}

/** Calls `follow` after each look. */
export function afterEachLook(follow) {
  followers.push(follow);
}

/** One look at a time; what happens meanwhile is looked at next. */
export function look() {
  if (document.hidden) return Promise.resolve();
  if (looking) {
    isOutdated = true;
    return looking;
  }
  lookedAt = performance.now();
  looking = fetchPage(here)
    .then(patchPage, tellTrouble)
    .then(() => followers.forEach((follow) => follow()))
    .finally(() => {
      looking = null;
      if (isOutdated) lookSoon();
      isOutdated = false;
    });
  return looking;
}

/** Reads a page of ours; throws where there is none, with the page that says why. */
export async function fetchPage(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { 'X-Bookferry-Refresh': '1', ...options.headers } });
  if (answer.status === 401) location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (!answer.ok) throw Object.assign(new Error(`status ${answer.status}`), { page });
  localTimes(page);
  return page;
}

/** Replaces the pieces of `root` that are told apart by `data-live`, except where somebody is at work. What somebody had
 * counted stays, as of then, unless the whole page is read anew. */
export function patchPieces(root, page, isAnew = false) {
  for (const old of root.querySelectorAll('[data-live]')) {
    const fresh = page.querySelector(`[data-live="${old.dataset.live}"]`);
    if (!fresh || (!isAnew && 'uncounted' in fresh.dataset)) continue;
    if (old === document.activeElement) {
      patchInPlace(old, fresh);
      continue;
    }
    if (old.contains(document.activeElement) || old.querySelector('tr input:checked')) continue;
    keepOpen(old, fresh);
    if (!fresh.isEqualNode(old)) old.replaceWith(document.adoptNode(fresh));
  }
}

function listen() {
  if (source || document.hidden) return;
  source = new EventSource(`${document.body.dataset.news}?since=${pulse}`);
  source.addEventListener('news', ({ lastEventId }) => {
    pulse = lastEventId;
    lookSoon();
  });
  source.addEventListener('open', () => {
    if (!document.querySelector('.offline').hidden) look();
  });
  source.addEventListener('error', () => {
    look();
    if (source?.readyState !== EventSource.CLOSED) return;
    source = null;
    setTimeout(listen, COME_AGAIN_MS);
  });
}

function lookSoon() {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(0, lookedAt + GAP_MS - performance.now()));
}

function patchPage(page) {
  patchFrame(page);
  document.querySelectorAll('form.cause').forEach(causeSelection);
  const fresh = page.querySelector('form.records');
  if (!records || fresh?.dataset.view !== records.dataset.view) return;
  if (records.querySelector('tr[data-id]')) patchRows(fresh);
  else patchTable(fresh);
  showSelection();
}

function patchEverything(page) {
  patchFrame(page, true);
  const fresh = page.querySelector('form.records');
  if (fresh) patchTable(fresh);
  showSelection();
}

/** Counts, badge, strip and title, all from the same moment. */
function patchFrame(page, isAnew) {
  refreshedAt = Date.now();
  document.title = page.title;
  document.querySelector('.offline').hidden = true;
  patchPieces(document, page, isAnew);
}

function patchRows(fresh) {
  let news = 0;
  for (const group of groups()) {
    const freshGroup = fresh.querySelector(`tbody[data-group="${group.dataset.group}"]`);
    // What came in since is not part of a selection made before.
    if (!('whole' in group.dataset) && 'count' in freshGroup.dataset) Object.assign(group.dataset, { count: freshGroup.dataset.count, sum: freshGroup.dataset.sum });
    const known = new Map(rowsOf(group).map((row) => [row.dataset.id, row]));
    for (const freshRow of rowsOf(freshGroup)) {
      const row = known.get(freshRow.dataset.id);
      known.delete(freshRow.dataset.id);
      if (row) patchRow(row, freshRow);
      else news += 1;
    }
    for (const gone of known.values()) removeRow(gone);
  }
  takeOver(fresh, ['shown_until', 'pulse']);
  const told = records.querySelector('.news');
  told.hidden = news === 0;
  told.textContent = `${number(news)} more to show`;
}

/** What the server is told of what somebody has seen. */
function takeOver(fresh, names) {
  for (const name of names) records.elements[name].value = fresh.elements[name].value;
}

/** A row that somebody stands in takes them along to its neighbour. */
function removeRow(row) {
  if (row.contains(document.activeElement)) {
    const place = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector('input, a');
    (place ?? records.querySelector('.grid')).focus({ preventScroll: true });
  }
  row.remove();
}

function patchRow(row, fresh) {
  row.dataset.sum = fresh.dataset.sum;
  row.classList.remove('changed');
  const freshCells = [...fresh.cells];
  [...row.cells].forEach((cell, index) => {
    const freshCell = freshCells[index];
    if (cell.classList.contains('pick') || cell.contains(document.activeElement) || cell.isEqualNode(freshCell)) return;
    if (cell.querySelector('.status')) row.classList.add('changed');
    cell.replaceWith(document.adoptNode(freshCell));
  });
}

/** Takes the rows as they are now; what was selected and is still there stays selected. */
function patchTable(fresh) {
  const ticked = new Set([...records.querySelectorAll('tr[data-id] input:checked')].map((box) => box.value));
  const whole = new Set(groups().filter((group) => 'whole' in group.dataset).map((group) => group.dataset.group));
  const old = records.querySelector('.grid');
  const folded = groups().filter((group) => group.classList.contains('folded')).map((group) => group.dataset.group);
  const table = document.adoptNode(fresh.querySelector('.grid'));
  old.replaceChildren(...table.childNodes);
  foldGroups(folded);
  rowsOf(old).forEach((row) => { if (ticked.has(boxOf(row).value)) boxOf(row).checked = true; });
  groups().forEach((group) => { if (whole.has(group.dataset.group) && 'count' in group.dataset) group.dataset.whole = ''; });
  takeOver(fresh, ['seen_until', 'shown_until', 'pulse']);
  records.querySelector('.news').hidden = true;
}

/** What has the focus stays the same element. */
function patchInPlace(old, fresh) {
  if (fresh.isEqualNode(old)) return;
  for (const { name, value } of fresh.attributes) old.setAttribute(name, value);
  old.replaceChildren(...document.adoptNode(fresh).childNodes);
}

/** What somebody has opened stays open, with what was loaded into it. */
function keepOpen(old, fresh) {
  for (const opened of old.querySelectorAll('details[id][open]')) {
    const place = fresh.querySelector(`#${CSS.escape(opened.id)}`);
    if (place && 'load' in opened.dataset) place.replaceWith(opened.cloneNode(true));
    else if (place) place.open = true;
  }
}

/** The last data stay on the screen, and the page says from when they are. */
function tellTrouble() {
  const told = document.querySelector('.offline');
  if (!told.hidden) return;
  const at = new Date(refreshedAt).toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' });
  const again = element('button', { type: 'button', textContent: 'Try again' });
  again.addEventListener('click', look);
  told.replaceChildren(bold('The server does not answer.'), ` What you see is from ${at}; it catches up by itself. `, again);
  told.hidden = false;
}

function tellAge() {
  const told = document.querySelector('.updated');
  if (!told) return;
  const seconds = Math.round((Date.now() - refreshedAt) / 1000);
  const age = seconds < 5 ? 'just now' : seconds < 60 ? `${seconds} s ago` : `${Math.floor(seconds / 60)} min ago`;
  told.textContent = `Updated ${age}`;
}
