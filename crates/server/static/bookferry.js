// Makes the pages quicker to work with; everything also works without it. Nothing is kept in the browser.

const RUNNING_MS = 3_000;
const IDLE_MS = 5_000;

const records = document.querySelector('#records');
let lastRow = null;
let refreshedAt = Date.now();

localTimes(document);
announceNotice();
tabsByArrows();
document.addEventListener('submit', oncePerPress);
addEventListener('pageshow', () => document.querySelectorAll('form[data-busy]').forEach((form) => delete form.dataset.busy));
document.querySelectorAll('form.cause').forEach(causeSelection);
if (records) {
  gridSelection();
  liveRows();
} else if (document.querySelector('[data-live="strip"]')) {
  keepFresh((page) => patchFrame(page));
}

/* Selection: rows, groups and the header follow each other; a group that goes on on other pages is selected whole. */

function gridSelection() {
  records.addEventListener('click', (event) => {
    const box = event.target;
    if (!box.matches?.('tr[data-id] input[type="checkbox"]')) return;
    if (event.shiftKey && lastRow?.isConnected) tickBetween(lastRow, box);
    lastRow = box;
  });
  records.addEventListener('change', ({ target: box }) => {
    if (box.name === 'page') groups().forEach((group) => tickGroup(group, box.checked, false));
    else if (box.name === 'everything') groups().forEach((group) => tickGroup(group, box.checked, box.checked));
    else if (box.name === 'group') tickGroup(box.closest('tbody'), box.checked, box.checked);
    showSelection();
  });
  records.addEventListener('formdata', ({ formData }) => {
    ['page', 'everything', 'group', 'invoice', 'payment', 'shown_invoices', 'shown_payments'].forEach((name) => formData.delete(name));
    for (const group of groups()) {
      const whole = 'whole' in group.dataset;
      if (whole) formData.append('group', group.dataset.group);
      for (const row of rowsOf(group)) {
        const { checked } = boxOf(row);
        if (whole && !checked) formData.append('except', row.dataset.id);
        if (!whole && checked) formData.append(group.dataset.group, row.dataset.id);
      }
    }
  });
  showSelection();
}

function groups() {
  return [...records.querySelectorAll('tbody[data-group]')];
}

function rowsOf(group) {
  return [...group.querySelectorAll('tr[data-id]')];
}

function boxOf(row) {
  return row.querySelector('input[type="checkbox"]') ?? { checked: false };
}

/** A group is selected whole when it has rows on other pages, which no box here stands for. */
function tickGroup(group, ticked, whole) {
  const rows = rowsOf(group);
  rows.forEach((row) => { boxOf(row).checked = ticked; });
  if (whole && Number(group.dataset.count) > rows.length) group.dataset.whole = '';
  else delete group.dataset.whole;
}

function tickBetween(from, to) {
  const boxes = [...records.querySelectorAll('tr[data-id] input[type="checkbox"]')];
  const [first, last] = [boxes.indexOf(from), boxes.indexOf(to)].sort((one, other) => one - other);
  boxes.slice(first, last + 1).forEach((box) => { box.checked = to.checked; });
}

function showSelection() {
  const header = records.querySelector('input[name="page"]');
  if (!header) return;
  const all = { count: 0, sum: 0n, ticked: 0, rows: 0, complete: true };
  for (const group of groups()) {
    const picked = selectionOf(group);
    const rows = rowsOf(group);
    const box = group.querySelector('input[name="group"]');
    if (rows.length > 0) setMixed(box, picked.ticked, rows.length);
    else box.checked = picked.count > 0;
    rows.forEach((row) => row.classList.toggle('picked', boxOf(row).checked));
    const elsewhere = picked.count - picked.ticked;
    const beyond = elsewhere > 0 ? `, ${number(elsewhere)} of them on other pages` : '';
    group.querySelector('.sum.picked').textContent =
      picked.count > 0 ? `· ${number(picked.count)} selected${beyond}, ${money(picked.sum)}` : '';
    all.count += picked.count;
    all.sum += picked.sum;
    all.ticked += picked.ticked;
    all.rows += rows.length;
    all.complete &&= picked.count === Number(group.dataset.count);
  }
  setMixed(header, all.ticked, all.rows);
  const everything = records.querySelector('input[name="everything"]');
  if (everything) everything.checked = all.count > 0 && all.complete;
  const told = records.querySelector('.selected');
  told.hidden = false;
  if (all.count > 0) told.replaceChildren(bold(`${number(all.count)} selected`), ` · ${money(all.sum)}`);
  else told.replaceChildren('Nothing selected');
  records.dataset.selected = all.count;
}

function selectionOf(group) {
  const whole = 'whole' in group.dataset;
  const picked = { count: 0, sum: 0n, ticked: 0 };
  if (whole) [picked.count, picked.sum] = [Number(group.dataset.count), BigInt(group.dataset.sum)];
  for (const row of rowsOf(group)) {
    const { checked } = boxOf(row);
    const sum = BigInt(row.dataset.sum);
    if (checked) picked.ticked += 1;
    if (!whole && checked) [picked.count, picked.sum] = [picked.count + 1, picked.sum + sum];
    if (whole && !checked) [picked.count, picked.sum] = [picked.count - 1, picked.sum - sum];
  }
  return picked;
}

function setMixed(box, ticked, all) {
  box.checked = all > 0 && ticked === all;
  box.indeterminate = ticked > 0 && ticked < all;
  if (box.indeterminate) box.setAttribute('aria-checked', 'mixed');
  else box.removeAttribute('aria-checked');
}

/** Under Needs Attention the box above the rows stands for all of the cause. */
function causeSelection(form) {
  const everything = form.querySelector('input[name="everything"]');
  if (!everything) return;
  const boxes = [...form.querySelectorAll('input[name="id"]')];
  const follow = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    setMixed(everything, ticked, boxes.length);
    boxes.forEach((box) => box.closest('tr').classList.toggle('picked', box.checked));
    form.dataset.selected = ticked;
    form.querySelector('.selected').hidden = true;
  };
  form.addEventListener('change', ({ target }) => {
    if (target === everything) boxes.forEach((box) => { box.checked = everything.checked; });
    follow();
  });
  follow();
}

/* Live: what the Web Connector does shows by itself, without moving focus, scroll or selection. */

function liveRows() {
  const refresh = document.querySelector('#refresh');
  refresh?.addEventListener('submit', (event) => {
    event.preventDefault();
    fetchPage().then((page) => page && patchEverything(page), () => refresh.submit());
  });
  keepFresh((page) => {
    patchFrame(page);
    const fresh = page.querySelector('#records');
    if (!fresh || fresh.dataset.view !== records.dataset.view) return;
    if (records.querySelector('tr[data-id]')) patchRows(fresh);
    else patchTable(fresh);
    showSelection();
  });
  setInterval(() => {
    const seconds = Math.round((Date.now() - refreshedAt) / 1000);
    records.querySelector('.updated').textContent = seconds < 5 ? 'Updated just now' : `Updated ${seconds} s ago`;
  }, 1_000);
}

function keepFresh(patch) {
  let timer;
  const wait = () => {
    const running = document.querySelector('[data-running="true"]');
    clearTimeout(timer);
    timer = setTimeout(look, running ? RUNNING_MS : IDLE_MS);
  };
  const look = async () => {
    if (document.hidden) return;
    try {
      const page = await fetchPage();
      if (page) patch(page);
    } catch {
      // The server is away; what is on the page stays, and its age is shown.
    }
    wait();
  };
  document.addEventListener('visibilitychange', () => { if (!document.hidden) look(); });
  wait();
}

async function fetchPage() {
  const view = records?.dataset.view;
  const address = view === undefined ? location.href : `${location.pathname}?${view}`;
  const answer = await fetch(address, { headers: { 'X-Bookferry-Refresh': '1' } });
  if (answer.status === 401) location.reload();
  if (!answer.ok) return null;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  localTimes(page);
  refreshedAt = Date.now();
  return page;
}

/** Counts, badge, strip and title. */
function patchFrame(page) {
  document.title = page.title;
  for (const old of document.querySelectorAll('[data-live]')) {
    const fresh = page.querySelector(`[data-live="${old.dataset.live}"]`);
    if (fresh && !fresh.isEqualNode(old) && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(fresh));
  }
}

function patchRows(fresh) {
  let news = 0;
  for (const group of groups()) {
    const freshGroup = fresh.querySelector(`tbody[data-group="${group.dataset.group}"]`);
    // What came in since is not part of a selection made before.
    if (!('whole' in group.dataset)) Object.assign(group.dataset, { count: freshGroup.dataset.count, sum: freshGroup.dataset.sum });
    const known = new Map(rowsOf(group).map((row) => [row.dataset.id, row]));
    for (const freshRow of rowsOf(freshGroup)) {
      const row = known.get(freshRow.dataset.id);
      known.delete(freshRow.dataset.id);
      if (row) patchRow(row, freshRow);
      else news += 1;
    }
    for (const gone of known.values()) if (!gone.contains(document.activeElement)) gone.remove();
  }
  const told = records.querySelector('.news');
  told.hidden = news === 0;
  told.textContent = `${number(news)} more to show`;
}

function patchRow(row, fresh) {
  row.dataset.sum = fresh.dataset.sum;
  row.classList.remove('changed');
  [...row.cells].forEach((cell, index) => {
    const freshCell = fresh.cells[index];
    if (cell.classList.contains('pick') || cell.contains(document.activeElement) || cell.isEqualNode(freshCell)) return;
    if (cell.querySelector('.status')) row.classList.add('changed');
    cell.replaceWith(document.adoptNode(freshCell));
  });
}

function patchEverything(page) {
  patchFrame(page);
  const fresh = page.querySelector('#records');
  if (fresh) patchTable(fresh);
  showSelection();
}

/** Takes the rows as they are now; what was selected and is still there stays selected. */
function patchTable(fresh) {
  const ticked = new Set([...records.querySelectorAll('tr[data-id] input:checked')].map((box) => box.value));
  const whole = new Set(groups().filter((group) => 'whole' in group.dataset).map((group) => group.dataset.group));
  const old = records.querySelector('.grid');
  const table = document.adoptNode(fresh.querySelector('.grid'));
  old.replaceChildren(...table.childNodes);
  records.querySelectorAll('tr[data-id] input').forEach((box) => { box.checked = ticked.has(box.value); });
  groups().forEach((group) => { if (whole.has(group.dataset.group)) group.dataset.whole = ''; });
  records.elements.seen_until.value = fresh.elements.seen_until.value;
  records.querySelector('.news').hidden = true;
}

/* Small things */

function oncePerPress(event) {
  const form = event.target;
  if (form.method !== 'post') return;
  if (form.dataset.selected === '0') {
    event.preventDefault();
    announce('Nothing is selected. Tick the records first.');
    const told = form.querySelector('.selected');
    told.hidden = false;
    told.replaceChildren(bold('Tick the records first'));
  } else if (form.dataset.busy) {
    event.preventDefault();
  } else {
    form.dataset.busy = '1';
  }
}

/** A live region says only what is put into it after the page has come. */
function announceNotice() {
  const told = document.querySelector('.notice p');
  if (!told) return;
  announce(told.textContent);
  const address = new URL(location.href);
  ['done', 'n', 'left', 'at'].forEach((name) => address.searchParams.delete(name));
  history.replaceState(null, '', address);
}

function announce(text) {
  const region = document.body.appendChild(Object.assign(document.createElement('p'), { className: 'unseen' }));
  region.setAttribute('role', 'status');
  setTimeout(() => { region.textContent = text; }, 150);
}

function tabsByArrows() {
  const tabs = [...document.querySelectorAll('[role="tab"]')];
  document.querySelector('[role="tablist"]')?.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) tabs.at((tabs.indexOf(document.activeElement) + step) % tabs.length)?.focus();
  });
}

function localTimes(root) {
  const today = new Date().toDateString();
  for (const time of root.querySelectorAll('time[datetime*="T"]')) {
    const at = new Date(time.dateTime);
    time.title = at.toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' });
    if (!('clock' in time.dataset)) continue;
    const day = at.toDateString() === today ? {} : { month: 'short', day: 'numeric' };
    time.textContent = at.toLocaleString([], { ...day, hour: 'numeric', minute: '2-digit' });
  }
}

function bold(text) {
  return Object.assign(document.createElement('b'), { textContent: text });
}

function number(count) {
  return count.toLocaleString('en-US');
}

/** From hundred-thousandths, exactly. */
function money(e5) {
  const sign = e5 < 0n ? '-' : '';
  const magnitude = e5 < 0n ? -e5 : e5;
  const fraction = String(magnitude % 100_000n).padStart(5, '0').replace(/000$/, '');
  return `${sign}$${(magnitude / 100_000n).toLocaleString('en-US')}.${fraction}`;
}
