// Whatever list lacks a name, or has its entry out of use: provoked in the simulated QuickBooks, mended by a button of its cause,
// and submitted.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Bookkeeper, readCauses } from './causes.mjs';
import { handOver, invoice, payment, release, resolve, send, summary, waiting } from './shop.mjs';

/** How an entry of a list is made in QuickBooks, one that is good for all, and how a record names one; terms can be created where their name tells the days. */
const LISTS = {
  customers: { kind: 'customer', good: 'Harbor Taxi', says: (name) => ({ customer: { name } }) },
  items: { kind: 'item', good: 'Windshield', says: (name) => ({ lines: [line(name)] }) },
  accounts: { kind: 'account', good: 'Checking', of: 'payment', says: (name) => ({ deposit_to: name }) },
  terms: { kind: 'terms', good: 'Net 30', missing: 'Net 45', says: (name) => ({ terms: name }) },
  payment_methods: { kind: 'payment-method', good: 'Visa', of: 'payment', says: (name) => ({ method: name }) },
  sales_tax_items: { kind: 'tax-item', good: 'State Tax', says: (name) => ({ sales_tax: { item: name, amount: '10.00' }, total: '135.00' }) },
  classes: { kind: 'class', good: 'North', says: (name) => ({ lines: [{ ...line('Windshield'), class: name }] }) },
};
const CONDITION = /^(.*?)_(missing|mapping_gone|inactive|mapping_inactive)$/;
/** Those of whose conditions not every one is mended by its first button, so that the others are pressed too. */
const MENDED_BY = { terms_missing: 'Create in QuickBooks…', payment_methods_missing: 'Create in QuickBooks…', classes_missing: 'Correct here…', items_inactive: 'Retry', accounts_mapping_inactive: 'Retry' };

let dana;
let bookferry;
let cases;

before(async () => {
  const { records } = await readCauses();
  cases = records.filter(({ code }) => CONDITION.test(code)).map(caseOf);
  dana = await Bookkeeper.start({ adding: ['--create', 'none'] });
  ({ bookferry } = dana);
});

after(async () => {
  await dana?.stop();
});

test('a name that QuickBooks lacks or has out of use is mended by a button, whatever its list', async () => {
  const added = ['customer Harbor Taxi', 'item Windshield', 'class North'].map((good) => `add ${good}`);
  for (const { condition, list, entry } of cases) {
    if (condition !== 'missing') added.push(`add ${list.kind} ${entry}`);
    if (condition === 'inactive') added.push(`deactivate ${list.kind} ${entry}`);
  }
  await edit('switch on classes', ...added);
  await handOver(bookferry, cases.map(record));
  await release(bookferry);
  await visit();
  assert.equal((await summary(bookferry)).needs_attention, cases.length);
  for (const { record: number, code, condition, list, name, entry } of cases.filter(({ condition }) => condition.startsWith('mapping'))) {
    await resolve(bookferry, number, { action: 'link', list: CONDITION.exec(code)[1], name, entry });
    await edit(`${condition === 'mapping_gone' ? 'delete' : 'deactivate'} ${list.kind} ${entry}`);
  }
  // A visit reads the lists again after it has sent what is ready: once a day, or when somebody asks for it.
  await send(bookferry, 'POST', '/api/v1/records/unready', JSON.stringify({ filter: {} }), 'application/json');
  await dana.page.goto(dana.path('lists'));
  await dana.page.getByRole('button', { name: 'Read the lists again' }).click();
  await dana.page.getByRole('button', { name: 'Read the lists again' }).waitFor({ state: 'detached' });
  await visit();
  await release(bookferry);
  await visit();
  assert.equal((await summary(bookferry)).needs_attention, cases.length);
  for (const cause of cases) {
    await dana.reads(cause.record, cause);
    await mend(cause);
  }
  await visit();
  await visit();
  assert.deepEqual(await waiting(bookferry), [], 'who still waits');
  assert.equal((await summary(bookferry)).submitted, cases.length);
  dana.isMended(...cases);
  await dana.account(cases);
});

async function mend({ record, code, buttons, list, name, entry }) {
  const button = MENDED_BY[code] ?? buttons[0];
  assert.ok(buttons.includes(button), `${code} has no button ${button}`);
  if (button === 'Retry') await edit(`activate ${list.kind} ${entry}`);
  await dana.press(record, button, async (page) => {
    if (button === 'Correct here…') await page.getByLabel('Line 1, class').fill(list.good);
    if (/^(Link|Choose)/.test(button)) await page.getByLabel(`Full name in QuickBooks of what ${name} stands for`).fill(list.good);
  });
}

/** A cause with the record that is to meet it: one that names an inactive entry by its own name, the others by another. */
function caseOf(cause, index) {
  const [, word, condition] = CONDITION.exec(cause.code);
  const list = LISTS[word];
  assert.ok(list, `how is ${cause.code} provoked?`);
  const number = 100 + index;
  const entry = `${condition} ${list.kind}`;
  const name = condition === 'inactive' ? entry : (list[condition] ?? `Our ${entry}`);
  return { ...cause, list, condition, entry, name, number, record: `${list.of ?? 'invoice'} ${number}` };
}

function record({ list, number, name }) {
  const changes = list.says(name);
  return list.of === 'payment'
    ? payment(number, 0, 'Harbor Taxi', '125.00', { method: undefined, applied_to: [], ...changes })
    : invoice(number, 'Harbor Taxi', '125.00', { lines: [line('Windshield')], ...changes });
}

function line(item) {
  return { item, quantity: '1', rate: '125.00', amount: '125.00' };
}

function visit() {
  return bookferry.visit();
}

function edit(...deeds) {
  return bookferry.edit(...deeds);
}
