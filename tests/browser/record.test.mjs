// A record over the grid: opened by mouse or keyboard, at its own address, without losing one's place.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible, openPage, signIn, startChromium, takePictures } from './browser.mjs';
import { startBookferry } from './server.mjs';
import { handOver, invoice, payment, send, summary } from './shop.mjs';

let bookferry;
let chromium;

before(async () => {
  bookferry = await startBookferry();
  chromium = await startChromium();
  await handOver(bookferry, [
    ...Array.from({ length: 60 }, (_, index) => invoice(1001 + index, 'Harbor Fleet', `${index + 1}.00`)),
    payment(881, 1042, 'Harbor Fleet', '42.00'),
  ]);
});

after(async () => {
  await chromium?.close();
  await bookferry?.stop();
});

test('a record opens over the grid, and Escape leads back to the very place', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  const grid = page.url();
  await page.getByRole('checkbox', { name: 'Select invoice 1040', exact: true }).check();
  await link(page, 1042).focus();
  const scrolled = await page.evaluate(() => [scrollY, document.querySelector('.grid').scrollTop]);
  await page.keyboard.press('Enter');
  await heading(page, 'Invoice 1042').waitFor();
  assert.match(page.url(), /\/records\//, 'the record has an address of its own');
  await page.getByRole('dialog').getByRole('link', { name: 'Payment 881' }).waitFor();
  await takePictures(page, 'drawer');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.equal(page.url(), grid);
  assert.equal(await link(page, 1042).evaluate((element) => element === document.activeElement), true, 'focus returns');
  assert.deepEqual(await page.evaluate(() => [scrollY, document.querySelector('.grid').scrollTop]), scrolled);
  assert.equal(await page.getByRole('checkbox', { name: 'Select invoice 1040', exact: true }).isChecked(), true);
  await close();
});

test('back and forward, the neighbours, and the record as a page', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  const grid = page.url();
  await link(page, 1042).click();
  await heading(page, 'Invoice 1042').waitFor();
  await page.getByRole('dialog').getByRole('link', { name: 'Payment 881' }).click();
  await heading(page, 'Payment 881').waitFor();
  await page.goBack();
  await heading(page, 'Invoice 1042').waitFor();
  await page.goForward();
  await heading(page, 'Payment 881').waitFor();
  await page.goBack();
  await heading(page, 'Invoice 1042').waitFor();
  await page.getByRole('button', { name: 'Record after' }).click();
  await heading(page, 'Invoice 1041').waitFor();
  const address = page.url();
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.equal(page.url(), grid);
  await page.goto(address);
  await page.getByRole('heading', { name: 'Invoice 1041' }).waitFor();
  assert.equal(await page.getByRole('dialog').count(), 0, 'the address alone is a page');
  await takePictures(page, 'record');
  await close();
});

test('what is done in the drawer shows in it and in the grid, and what was sent and answered can be read there', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  const counted = await summary(bookferry);
  await link(page, 1060).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Mark Ready to Sync', exact: true }).click();
  await page.getByRole('dialog').getByText('1 record marked ready to sync.').first().waitFor();
  assert.equal((await summary(bookferry)).ready_to_sync, counted.ready_to_sync + 1);
  await bookferry.visit();
  const drawer = page.getByRole('dialog');
  await drawer.getByText('Submitted').first().waitFor();
  await drawer.getByText('TxnID', { exact: true }).waitFor();
  await drawer.getByText('XML both ways').click();
  await drawer.getByRole('region', { name: 'Sent to QuickBooks' }).filter({ hasText: '<InvoiceAddRq' }).waitFor();
  await drawer.getByRole('region', { name: 'QuickBooks’ answer' }).filter({ hasText: 'statusSeverity="Info"' }).waitFor();
  await assertAccessible(page, 'the drawer with its XML');
  await page.keyboard.press('Escape');
  await link(page, 1060).waitFor({ state: 'detached' });
  await close();
});

test('a revision says what it changed', async () => {
  const changed = invoice(1010, 'Harbor Fleet', '10.00', { memo: 'Fleet 12', po_number: '7781' });
  await handOver(bookferry, [changed]);
  await send(bookferry, 'PUT', '/api/v1/invoices/inv-1010', JSON.stringify({ ...changed, kind: undefined, external_id: undefined, memo: 'Fleet 13' }), 'application/json');
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  await link(page, 1010).click();
  await page.getByRole('dialog').getByText('Memo Fleet 12 → Fleet 13').or(page.getByText('Fleet 12 → Fleet 13')).first().waitFor();
  await close();
});

function link(page, number) {
  return page.getByRole('link', { name: `Open invoice ${number}`, exact: true });
}

function heading(page, name) {
  return page.getByRole('dialog').getByRole('heading', { name, exact: true });
}
