// Every status and error by which QuickBooks refuses a record or a whole visit: provoked, read by a person in plain words,
// mended by the likeliest button of its cause, and submitted. The causes are those of docs/causes.md.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Bookkeeper, readCauses } from './causes.mjs';
import { handOver, invoice, release, resolve, send, statusOf, summary, waiting } from './shop.mjs';

/** QuickBooks is busy: Bookferry tries again by itself, after growing pauses, before a person is asked. */
const TRIED_AGAIN = ['qb_1010', 'qb_3175', 'qb_3176', 'qb_3231'];
const PAUSE_MINUTES_MAX = 20;
const TRIES_MAX = 5;
/** Of the errors over a message set the only one that says at once whose it is. With the others Bookferry waits and tries again. */
const UNREADABLE = '0x80040400';
const VISITS_MAX = 10;
/** What QuickBooks finds too long or too much is neither here; with what is, mending.test.mjs presses these two. */
const NOT_PRESSED = ['Shorten…', 'Apply what is open…'];
const FILLED = {
  'Correct here…': (page) => page.getByLabel('Memo', { exact: true }).fill('Corrected here'),
  'Change the date…': (page) => page.getByLabel('New date').fill('2026-12-24'),
  'Link to existing…': (page) => page.getByRole('combobox', { name: /^What .* stands for$/ }).first().selectOption({ index: 1 }),
};

let dana;
let bookferry;
let causes;
let all;

before(async () => {
  const { records, visits } = await readCauses();
  const byQuickBooks = records.filter(({ code }) => /^(qb|hresult)_/.test(code)).map(told);
  const byStatus = ({ code }) => code.startsWith('qb_');
  causes = { records: byQuickBooks, visits: visits.filter((cause) => !byStatus(cause)).map(told), sets: visits.filter(byStatus).map(told) };
  all = [...causes.records, ...causes.visits, ...causes.sets];
  dana = await Bookkeeper.start({ hasOwnClock: true });
  ({ bookferry } = dana);
  await handOver(bookferry, [invoice(1, 'Harbor Taxi', '125.00'), { ...sold(2), lines: [line('Front pane')] }]);
  await release(bookferry);
  await bookferry.visit();
});

after(async () => {
  await dana?.account(all);
  await dana?.stop();
});

test('what QuickBooks refuses to add is mended by the button of its cause', async () => {
  const refused = causes.records.filter(({ isChange, hresult }) => !isChange && !hresult);
  await handOver(bookferry, refused.map(({ number }) => sold(number)));
  await mendAll(refused);
});

test('what QuickBooks refuses to change is mended by the button of its cause', async () => {
  const refused = causes.records.filter(({ isChange }) => isChange);
  await handOver(bookferry, refused.map(({ number }) => sold(number)));
  await release(bookferry);
  await bookferry.visit();
  await handOver(bookferry, refused.map(({ number }) => sold(number, { po_number: 'PO 7' })));
  for (const { record } of refused) await resolve(bookferry, record, { action: 'send_change' });
  await mendAll(refused);
});

test('what QuickBooks fails over is found among others, and mended by the button of its cause', async () => {
  for (const cause of causes.records.filter(({ hresult }) => hresult)) {
    const neighbour = `N${cause.number}`;
    await handOver(bookferry, [sold(cause.number), sold(neighbour)]);
    await release(bookferry);
    let visits = 0;
    while ((await statusOf(bookferry, cause.record)) !== 'needs_attention') {
      visits += 1;
      assert.ok(visits <= (cause.hresult === UNREADABLE ? 1 : VISITS_MAX), `${cause.hresult}: nobody is asked`);
      await bookferry.visit([], undefined, ['--refuse', `${cause.number}=${cause.hresult}`]);
      await bookferry.passHours(1);
    }
    assert.equal(await statusOf(bookferry, `invoice ${neighbour}`), 'submitted', 'the other went across');
    await mend(cause);
    await bookferry.visit();
    await bookferry.visit();
    assert.equal(await statusOf(bookferry, cause.record), 'submitted', cause.hresult);
    dana.isMended(cause);
  }
});

test('what keeps QuickBooks shut is said on every page, and is over with the next visit', async () => {
  for (const cause of causes.visits) {
    const words = await explained(cause.hresult);
    await handOver(bookferry, [sold(`V${cause.hresult.slice(2)}`)]);
    await release(bookferry);
    await bookferry.visit([], undefined, ['--shut', cause.hresult]);
    await dana.page.goto(dana.path('submissions'));
    await dana.page.getByText(words).first().waitFor();
    await bookferry.visit();
    await dana.page.goto(dana.path('submissions'));
    assert.equal(await dana.page.getByText(words).count(), 0, `${cause.hresult} is over`);
    dana.isMended(cause);
  }
});

test('what QuickBooks says of a whole message set asks nobody, stands in History, and the record is there after all', async () => {
  for (const cause of causes.sets) {
    const number = `S${cause.number}`;
    await handOver(bookferry, [sold(number)]);
    await release(bookferry);
    await bookferry.visit([], undefined, ['--refuse', `${number}=${cause.number}`]);
    await bookferry.visit();
    assert.equal(await statusOf(bookferry, `invoice ${number}`), 'submitted', cause.code);
    assert.ok(await isSaidInHistory(number, cause.title), cause.code);
    dana.isMended(cause);
  }
});

/** Has QuickBooks refuse all of them in one visit, and those that are tried again as often as that; then each is mended. */
async function mendAll(refused) {
  const { submitted: already } = await summary(bookferry);
  await release(bookferry);
  await bookferry.visit([], undefined, ['--refuse', refusals(refused)]);
  const again = refused.filter(({ code }) => TRIED_AGAIN.includes(code));
  for (let tries = 1; again.length > 0 && tries < TRIES_MAX; tries += 1) {
    const { ready_to_sync: ready } = await summary(bookferry);
    assert.equal(ready, again.length, 'what is tried again waits for nobody');
    await bookferry.passHours(PAUSE_MINUTES_MAX / 60);
    await bookferry.visit([], undefined, ['--refuse', refusals(again)]);
  }
  const asked = (await waiting(bookferry)).filter((waits) => refused.some(({ record }) => waits.startsWith(`${record}:`)));
  assert.deepEqual(asked, refused.map(({ record, number }) => `${record}: qb_${number}`).sort(), 'who waits for a person');
  for (const cause of refused) await mend(cause);
  await bookferry.visit();
  await bookferry.visit();
  assert.equal((await summary(bookferry)).submitted - already, refused.length, (await waiting(bookferry)).join(', '));
  dana.isMended(...refused);
}

async function mend(cause) {
  const { record, number, buttons } = cause;
  await dana.reads(record, { ...cause, code: cause.hresult ? cause.code : `qb_${number}` });
  const button = buttons.find((name) => !NOT_PRESSED.includes(name));
  if (button !== 'Already in QuickBooks…') return dana.press(record, button, FILLED[button]);
  // Whether it is there is looked up first; it is not, so that it is sent again.
  await dana.looksFor(record, number);
  await bookferry.visit();
  return dana.press(record, 'Retry');
}

function refusals(refused) {
  return refused.map(({ number }) => `${number}=${number}`).join(',');
}

/** With the number under which it is provoked: of a range its first. */
function told(cause) {
  const [, hresult] = cause.code.match(/^hresult_(0x[0-9a-f]{8})$/) ?? [];
  const number = hresult ? hresult.slice(2) : cause.code.replace('qb_', '').split('-')[0];
  return { ...cause, hresult, number, record: `invoice ${number}`, isChange: cause.buttons?.includes('Keep QuickBooks’ version') };
}

/** Whether one of the message sets that the invoice was in says that. */
async function isSaidInHistory(number, words) {
  const { id } = JSON.parse(await send(bookferry, 'GET', `/api/v1/invoices/inv-${number}`));
  await dana.page.goto(dana.path(`records/${id}`));
  const sets = await dana.page.locator('details[id^="xml-"]').evaluateAll((all) => all.map((attempt) => attempt.id.slice('xml-'.length)));
  for (const set of sets) {
    await dana.page.goto(dana.path(`message-sets/${set}`));
    if (await dana.page.getByText(words).count()) return true;
  }
  return false;
}

/** What the Setup page says when somebody types the code in. */
async function explained(hresult) {
  await dana.page.goto(`${dana.path('setup')}?code=${hresult}`);
  const found = await dana.page.locator('#codes .finding b').textContent();
  const [, words] = found.match(/^0x[0-9A-F]{8}: (.*?)\.?$/);
  return words;
}

function line(item) {
  return { item, quantity: '1', rate: '125.00', amount: '125.00' };
}

function sold(number, changes = {}) {
  return invoice(number, 'Harbor Taxi', '125.00', { lines: [line('Windshield')], ...changes });
}
