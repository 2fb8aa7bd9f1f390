// Rows, groups and the header follow each other; a group that goes on on other pages is selected whole.

import { bold, money, number } from './words.js';

export const records = document.querySelector('form.records');
let lastRow = null;

export function gridSelection() {
  records.addEventListener('click', (event) => {
    const box = event.target;
    if (!box.matches?.('tr[data-id] input[type="checkbox"]')) return;
    if (event.shiftKey && lastRow?.isConnected) tickBetween(lastRow, box);
    lastRow = box;
  });
  records.addEventListener('change', ({ target: box }) => {
    if (box.name === 'page') groups().forEach((group) => tickGroup(group, box.checked, false));
    else if (box.name === 'everything') groups().forEach((group) => tickGroup(group, box.checked, box.checked));
    else if (box.matches('.of-group')) tickGroup(box.closest('tbody'), box.checked, box.checked);
    showSelection();
  });
  records.addEventListener('formdata', ({ formData }) => {
    ['page', 'everything', 'group', 'shown_group', 'invoice', 'payment', 'shown_invoices', 'shown_payments'].forEach((name) => formData.delete(name));
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
  foldGroups();
  showSelection();
}

/** A folded group keeps its selection, its count and its sum. */
export function foldGroups(folded = []) {
  for (const group of groups()) {
    const button = group.querySelector('.fold');
    button.hidden = false;
    group.querySelector('.folded-not').hidden = true;
    const fold = () => {
      const isOpen = !group.classList.toggle('folded');
      button.setAttribute('aria-expanded', isOpen);
    };
    button.addEventListener('click', fold);
    if (folded.includes(group.dataset.group)) fold();
  }
}

export function groups() {
  return [...records.querySelectorAll('tbody[data-group]')];
}

export function rowsOf(group) {
  return [...group.querySelectorAll('tr[data-id]')];
}

export function boxOf(row) {
  return row.querySelector('input[type="checkbox"]') ?? { checked: false };
}

/** A group is selected whole when it has rows on other pages, which no box here stands for; never before it was counted. */
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

export function showSelection() {
  const header = records.querySelector('input[name="page"]');
  if (!header) return;
  const all = { count: 0, sum: 0n, ticked: 0, rows: 0, complete: true };
  for (const group of groups()) {
    const picked = selectionOf(group);
    const rows = rowsOf(group);
    const box = group.querySelector('.of-group');
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
  records.dataset.selected = all.count;
  if ('doing' in records.dataset) return;
  told.hidden = false;
  if (all.count > 0) told.replaceChildren(bold(`${number(all.count)} selected`), ` · ${money(all.sum)}`);
  else told.replaceChildren('Nothing selected');
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
export function causeSelection(form) {
  if ('wired' in form.dataset) return;
  form.dataset.wired = '';
  const everything = form.querySelector('input[name="everything"]');
  if (!everything) return;
  const boxes = causeBoxes(form);
  form.addEventListener('change', ({ target }) => {
    if (target === everything) boxes.forEach((box) => { box.checked = everything.checked; });
    showCause(form);
  });
  showCause(form);
}

/** How many of a cause are selected, and their sum; the box above the rows stands for those that are not shown as well. */
export function showCause(form) {
  const everything = form.querySelector('input[name="everything"]');
  const boxes = causeBoxes(form);
  const ticked = boxes.filter((box) => box.checked);
  setMixed(everything, ticked.length, boxes.length);
  boxes.forEach((box) => box.closest('tr').classList.toggle('picked', box.checked));
  form.dataset.selected = ticked.length;
  const sum = ticked.reduce((all, box) => all + BigInt(box.closest('tr').dataset.sum), 0n);
  const [count, e5] = everything.checked ? [Number(form.dataset.count), BigInt(form.dataset.sum)] : [ticked.length, sum];
  const told = form.querySelector('.selected');
  told.hidden = count === 0;
  told.replaceChildren(bold(`${number(count)} selected`), ` · ${money(e5)}`);
  if (count === 0) form.querySelector('.does').textContent = '';
}

function causeBoxes(form) {
  return [...form.querySelectorAll('input[name="id"]')];
}
