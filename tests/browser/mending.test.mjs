// Needs Attention, mended: each kind of button, from a record that QuickBooks would not take to one that it has.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { account } from './account.mjs';
import { openPage, openTab, signIn, startChromium, takePictures } from './browser.mjs';
import { startBookferry } from './server.mjs';
import { handOver, invoice, payment, send, summary } from './shop.mjs';

const WREN = { email: 'wren@ridgeline.example', password: 'four quiet harbours in fog' };
/** A vendor of the simulated books, whose name no customer can have. */
const VENDOR = 'State Board of Equalization';

let bookferry;
let strict;
let chromium;

before(async () => {
  bookferry = await startBookferry();
  chromium = await startChromium();
  // One company has made the items in QuickBooks; the other works on the same books and may make customers only.
  const company = JSON.parse(await bookferry.run(['company', 'add', 'Ridgeline, second shop', '--enable', '--create', 'customers', '--json']));
  await bookferry.run(['user', 'add', WREN.email, '--role', 'bookkeeper', '--company', company.company.id], WREN.password);
  strict = { ...bookferry, company };
  await handOver(bookferry, [sold(900, 'Windshield FW-02717'), sold(901, 'Labor')]);
  await release(bookferry);
  await bookferry.visit();
});

after(async () => {
  await account({ buttons: pressed });
  await chromium?.close();
  await bookferry?.stop();
});

test('what is too long is shown as it would be shortened, shortened, taken back and shortened again', async () => {
  await handOver(strict, [sold('2026-11-20-0022', 'Labor'), sold('2026-11-20-0023', 'Labor')]);
  await cross();
  const { page, close } = await openAttention();
  await pick(page, 'too long|longer than', 'Shorten…');
  await page.getByText('11-20-0022', { exact: true }).waitFor();
  await takePictures(page, 'mend-shorten');
  await page.getByRole('button', { name: 'Shorten: 2 records', exact: true }).click();
  await page.getByText('2 records shortened, and marked ready to sync.').first().waitFor();
  await page.getByText('Your last: Shorten, 2 records').waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByText('2 records taken back to Needs Attention.').first().waitFor();
  await pick(page, 'too long|longer than', 'Shorten…');
  await page.getByRole('button', { name: 'Shorten: 2 records', exact: true }).click();
  await submitted(2);
  await close();
});

test('a name is linked to the item that QuickBooks has, another is created, and a payment that waited goes by itself', async () => {
  await handOver(strict, [sold(31, 'Labour'), payment(32, 31, 'Harbor Taxi', '50.00', { method: undefined }), sold(33, 'Adhesive')]);
  await cross();
  const { page, close } = await openAttention();
  await page.getByRole('link', { name: 'Invoice 31', exact: true }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('heading', { name: 'What waits for what' }).waitFor();
  await drawer.getByText('item “Labour” is not in QuickBooks').waitFor();
  await drawer.getByRole('link', { name: 'Payment 32' }).first().waitFor();
  await takePictures(page, 'tree');
  await drawer.locator('.tree').getByRole('link', { name: 'Link to existing…' }).click();
  await page.getByRole('combobox', { name: 'What Labour stands for' }).selectOption({ label: 'Labor (91 % alike)' });
  await takePictures(page, 'mend-link');
  await page.getByRole('button', { name: 'Link to existing: 1 record', exact: true }).click();
  await page.getByText('their names stand for what you chose').first().waitFor();
  await page.goto(attention());
  await pick(page, 'item', 'Create in QuickBooks…');
  await page.getByRole('cell', { name: 'Adhesive', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Create in QuickBooks: 1 record', exact: true }).click();
  await submitted(3);
  await close();
});

test('a customer whose name a vendor has is renamed, and a record is corrected and refused what cannot be', async () => {
  await handOver(strict, [{ ...sold(41, 'Labor'), customer: { name: VENDOR } }, sold(42, 'Labor:', { memo: 'Bay 2' })]);
  await cross();
  const { page, close } = await openAttention([/status of 422 /]);
  await pick(page, 'taken', 'Rename with a suffix…');
  await page.getByLabel('Behind the name').fill('(shop)');
  await page.getByRole('button', { name: 'Show what that gives' }).click();
  await page.getByText(`${VENDOR} (shop)`).waitFor();
  await takePictures(page, 'mend-rename');
  await page.getByRole('button', { name: 'Rename with a suffix: 1 record', exact: true }).click();
  await page.getByText('1 record renamed, and marked ready to sync.').first().waitFor();

  await page.getByRole('link', { name: 'Invoice 42', exact: true }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Correct here…' }).click();
  await page.getByLabel('Date', { exact: true }).fill('tomorrow');
  await page.getByRole('button', { name: 'Correct here: 1 record', exact: true }).click();
  await page.getByText('Nothing was done.').waitFor();
  await page.getByLabel('Date', { exact: true }).fill('2026-11-21');
  await page.getByLabel('Line 1, item').fill('Labor');
  await takePictures(page, 'mend-correct');
  await page.getByRole('button', { name: 'Correct here: 1 record', exact: true }).click();
  await page.getByText('1 record corrected here, and marked ready to sync.').first().waitFor();
  await page.getByText('corrected here', { exact: true }).waitFor();
  const told = JSON.parse(await send(strict, 'GET', '/api/v1/invoices/inv-42'));
  assert.deepEqual([told.corrected_here, told.content.date], [true, '2026-11-21'], 'the application is told');
  await submitted(2);
  await close();
});

test('a payment above what is open pays what is open', async () => {
  await handOver(strict, [sold(51, 'Labor'), pays(52, 51, '30.00'), pays(53, 51, '50.00')]);
  await cross();
  await visit();
  const { page, close } = await openAttention();
  await pick(page, 'payment above|not possible', 'Apply what is open…');
  await page.getByText('50.00').first().waitFor();
  await takePictures(page, 'mend-apply-open');
  await page.getByRole('button', { name: 'Apply what is open: 1 record', exact: true }).click();
  await submitted(3);
  await close();
});

test('a change shows what was sent, what is here and what is in QuickBooks, and is sent or kept', async () => {
  await handOver(strict, [sold(61, 'Labor'), sold(62, 'Labor')]);
  await cross();
  await handOver(strict, [sold(61, 'Labor', { po_number: 'PO 7' }), sold(62, 'Labor', { memo: 'Bay 3' })]);
  await visit();
  const { page, close } = await openAttention();
  await page.getByRole('link', { name: 'Invoice 61', exact: true }).click();
  const columns = page.getByRole('dialog').getByRole('region', { name: 'Sent, here now, in QuickBooks now' });
  await columns.getByRole('row', { name: /P\.O\. number nothing PO 7/i }).waitFor();
  await takePictures(page, 'three-columns');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.getByRole('checkbox', { name: 'Select invoice 61', exact: true }).check();
  await page.getByRole('button', { name: 'Send the change', exact: true }).click();
  await page.getByText('1 record marked to send their change.').first().waitFor();
  await page.getByRole('checkbox', { name: 'Select invoice 62', exact: true }).check();
  await page.getByRole('button', { name: 'Keep QuickBooks’ version', exact: true }).click();
  await page.getByText('1 record kept as QuickBooks has them.').first().waitFor();
  await submitted(2);
  await close();
});

test('before a button is pressed it says what it will do, to how many records and for how much', async () => {
  await handOver(strict, [sold(65, 'Labor'), sold(66, 'Labor')]);
  await cross();
  await handOver(strict, [sold(65, 'Labor', { memo: 'Bay 5' }), sold(66, 'Labor', { memo: 'Bay 6' })]);
  const { page, close } = await openAttention();
  const cause = page.locator('form.cause').filter({ has: page.getByRole('checkbox', { name: 'Select invoice 65', exact: true }) });
  const sends = cause.getByRole('button', { name: 'Send the change', exact: true });
  const says = 'Send the change: What your application changed or voided is written to QuickBooks in the next visit.';
  await sends.hover();
  assert.equal(await cause.locator('.does').innerText(), '', 'nothing is selected');
  await cause.getByRole('checkbox', { name: 'Select invoice 65', exact: true }).check();
  await cause.getByText('1 selected · $50.00').waitFor();
  await cause.getByRole('checkbox', { name: 'Select invoice 66', exact: true }).check();
  await cause.getByText('2 selected · $100.00').waitFor();
  await sends.hover();
  await cause.getByText(says).waitFor();
  await takePictures(page, 'attention-preview');
  await page.mouse.move(0, 0);
  await cause.locator('.does', { hasText: /^$/ }).waitFor({ state: 'attached' });
  await sends.focus();
  await cause.getByText(says).waitFor();
  await page.keyboard.press('Tab');
  await cause.getByText('Keep QuickBooks’ version: What QuickBooks has stays').waitFor();
  const { nodes } = await (await page.context().newCDPSession(page)).send('Accessibility.getFullAXTree');
  const heard = nodes.filter(({ role, name }) => role?.value === 'button' && name?.value === 'Send the change');
  assert.ok(heard.length > 0 && heard.every(({ description }) => `Send the change: ${description?.value}` === says), 'a screen reader has it from the button');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByText('2 records marked to send their change.').first().waitFor();
  await submitted(2);
  await close();
});

test('what can wait is put off, given to somebody and commented on; what is put aside says who waits for it', async () => {
  await handOver(strict, [sold(71, 'Caulk'), payment(72, 71, 'Harbor Taxi', '50.00', { method: undefined })]);
  await cross();
  const { page, close } = await openAttention();
  await pick(page, 'item', 'Assign…');
  await page.getByLabel('To', { exact: true }).selectOption(WREN.email);
  await page.getByRole('button', { name: 'Assign: 1 record', exact: true }).click();
  await page.getByText(`${WREN.email}’s business.`).waitFor();
  await pick(page, 'item', 'Comment…');
  await page.getByLabel('Comment').fill('Asked the shop what Caulk is.');
  await page.getByRole('button', { name: 'Comment: 1 record', exact: true }).click();
  await page.getByText('1 record commented on.').first().waitFor();
  await pick(page, 'item', 'Snooze…');
  await page.getByRole('button', { name: 'Snooze: 1 record', exact: true }).click();
  await page.getByRole('heading', { name: 'Out of the way' }).waitFor();
  await takePictures(page, 'attention-snoozed');
  await page.getByRole('button', { name: 'Bring invoice 71 back', exact: true }).click();
  await page.getByRole('heading', { name: 'Out of the way' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'Invoice 71', exact: true }).click();
  await page.getByRole('dialog').getByText('Asked the shop what Caulk is.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await pick(page, 'item', 'Do not send');
  await page.getByText('1 payment waits for it').waitFor();
  await page.getByRole('button', { name: 'Do not send: 1 record', exact: true }).click();
  await page.getByText('1 record will not be sent.').first().waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByText('1 record taken back to Needs Attention.').first().waitFor();
  await close();
});

test('what somebody says is in QuickBooks is looked for there', async () => {
  // Number 900 stands in the books that both companies share, and is Harbor Taxi’s.
  await handOver(strict, [sold('A-900', 'Sealant'), sold('A-901', 'Sealant')]);
  await cross();
  const { page, close } = await openAttention();
  for (const [number, place] of [['A-900', '900'], ['A-901', '4711']]) {
    await page.goto(attention());
    await page.getByRole('link', { name: new RegExp(`^Invoice ${number}$`, 'i') }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('Already in QuickBooks…').click();
    await drawer.getByLabel('Or its number in QuickBooks').fill(place);
    await drawer.getByRole('button', { name: 'Look for it in the next visit' }).click();
    await drawer.getByText(`The next visit looks for ${place} in QuickBooks.`).waitFor();
    await page.keyboard.press('Escape');
    await drawer.waitFor({ state: 'hidden' });
  }
  await visit();
  const told = async (id) => JSON.parse(await send(strict, 'GET', `/api/v1/invoices/inv-${id}`));
  assert.equal((await told('A-900')).status, 'submitted');
  assert.ok((await told('A-900')).txn_id);
  assert.equal((await told('A-901')).status, 'needs_attention');
  await page.goto(attention());
  await page.getByRole('link', { name: /^Invoice A-901$/i }).click();
  await page.getByRole('dialog').getByText('Looked for 4711 in QuickBooks: QuickBooks has no invoice 4711.').waitFor();
  await close();
});

test('everything works without the script', async () => {
  await handOver(strict, [sold('2026-11-20-0081', 'Labor')]);
  await cross();
  const { page, close } = await openPage(chromium, bookferry.base, { javaScriptEnabled: false });
  await signIn(page, WREN);
  await page.goto(attention());
  await pick(page, 'too long|longer than', 'Shorten…');
  await page.getByLabel('Number', { exact: true }).fill('81');
  await page.getByRole('button', { name: 'Shorten: 1 record', exact: true }).click();
  await page.getByText('1 record shortened, and marked ready to sync.').first().waitFor();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByText('1 record taken back to Needs Attention.').first().waitFor();
  await close();
});

let counted = 0;
const pressed = new Set();

async function cross() {
  counted = (await summary(strict)).submitted;
  await release(strict);
  await visit();
  await visit();
}

/** So many more are submitted than before they were handed over, after the next visits. */
async function submitted(count) {
  await visit();
  await visit();
  const { submitted: now } = await summary(strict);
  assert.equal(now - counted, count);
}

async function openAttention(provoked = []) {
  const { page, close } = await openPage(chromium, bookferry.base, {}, provoked);
  await signIn(page, WREN);
  await openTab(page, 'Needs Attention');
  return { page, close };
}

/** Everything of the cause with this in its heading, and its button. */
async function pick(page, heading, button) {
  const cause = page.locator('form.cause').filter({ has: page.getByRole('heading', { name: new RegExp(heading) }) }).first();
  await cause.getByRole('checkbox', { name: /^Select all / }).check();
  await cause.getByRole('button', { name: button, exact: true }).click();
  pressed.add(button);
}

function attention() {
  return `/companies/${strict.company.company.id}/attention`;
}

function sold(number, item, changes = {}) {
  return invoice(number, 'Harbor Taxi', '50.00', { lines: [{ item, quantity: '1', rate: '50.00', amount: '50.00' }], ...changes });
}

function pays(number, invoiceNumber, amount) {
  return payment(number, invoiceNumber, 'Harbor Taxi', amount, { method: undefined });
}

function release(of) {
  return send(of, 'POST', '/api/v1/records/ready', JSON.stringify({ filter: {} }), 'application/json');
}

/** A visit of the strict company's Web Connector to the books that both share. */
function visit() {
  const { url, user_name: user, password } = strict.company.web_connector;
  const books = `company-file-${bookferry.company.web_connector.user_name}.sqlite`;
  return bookferry.run(['simulate', url, '--user', user, '--password', password, '--company-file', books, '--visits', '1']);
}
