// What somebody at work notices: news come by themselves, nothing jumps, mistakes can be taken back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openPage, openTab, signIn, startChromium } from './browser.mjs';
import { startBookferry } from './server.mjs';
import { beginVisit } from './visit.mjs';
import { handOver, invoice, payment, send, summary } from './shop.mjs';

let bookferry;
let chromium;

before(async () => {
  bookferry = await startBookferry();
  chromium = await startChromium();
});

after(async () => {
  await chromium?.close();
  await bookferry?.stop();
});

test('a visit shows by itself, and selection and focus stay where they are', async () => {
  await handOver(bookferry, [invoice(1, 'Lawn Depot', '10.00'), invoice(2, 'Lawn Depot', '20.00'), invoice(3, 'Lawn Depot', '30.00')]);
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  await openTab(page, 'Submissions');
  await box(page, 'Select invoice 1').check();
  await press(page, 'Mark Ready to Sync');
  await box(page, 'Select invoice 2').check();
  await box(page, 'Select invoice 3').focus();
  await bookferry.visit();
  await box(page, 'Select invoice 1').waitFor({ state: 'detached', timeout: 20_000 });
  assert.equal(await box(page, 'Select invoice 2').isChecked(), true, 'the selection stays');
  assert.equal(await box(page, 'Select invoice 3').evaluate((input) => input === document.activeElement), true, 'so does focus');
  await page.getByText('1 selected · $20.00').waitFor();
  await handOver(bookferry, [invoice(4, 'Lawn Depot', '40.00')]);
  await page.getByRole('link', { name: '1 more to show' }).waitFor({ timeout: 20_000 });
  assert.equal(await box(page, 'Select invoice 4').count(), 0, 'new rows do not push the others away');
  await press(page, 'Refresh');
  await box(page, 'Select invoice 4').waitFor();
  assert.equal(await box(page, 'Select invoice 2').isChecked(), true, 'Refresh keeps the selection');
  await close();
});

test('the tab, the menu, the badge and the title agree within two seconds', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  const before = (await summary(bookferry)).needs_attention;
  await handOver(bookferry, [invoice('2026-11-20-0051', 'Harbor Fleet', '51.00', { external_id: 'inv-51' })]);
  await box(page, 'Select invoice 2026-11-20-0051').count();
  await send(bookferry, 'POST', '/api/v1/records/ready', JSON.stringify({ filter: { q: '2026-11-20-0051' } }), 'application/json');
  await bookferry.visit();
  const wanted = String(before + 1);
  const told = () => page.evaluate(() => ({
    title: /^\((\d+)\)/.exec(document.title)?.[1],
    tab: document.querySelector('#tab-attention .count').textContent,
    menu: /(\d+) needs? attention/.exec(document.querySelector('nav a').getAttribute('aria-label'))?.[1],
    badge: document.querySelector('.badge')?.textContent,
    filter: document.querySelector('#n-needs_attention').textContent,
  }));
  await page.waitForFunction((count) => document.title.startsWith(`(${count})`), wanted, { timeout: 2_000 });
  assert.deepEqual(await told(), { title: wanted, tab: wanted, menu: wanted, badge: wanted, filter: wanted });
  await close();
});

test('while a visit runs a bar says how far it is', async () => {
  await handOver(bookferry, [invoice(61, 'Progress Motors', '61.00'), invoice(62, 'Progress Motors', '62.00')]);
  await send(bookferry, 'POST', '/api/v1/records/ready', JSON.stringify({ filter: { q: 'progress' } }), 'application/json');
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  const visit = await beginVisit(bookferry);
  await page.getByRole('progressbar', { name: 'Records settled in this visit' }).waitFor();
  await page.getByText(/0 of 2$/).first().waitFor();
  await visit.end();
  await page.getByRole('progressbar').waitFor({ state: 'detached' });
  await close();
});

test('a server that is away is told of, and the page catches up by itself', async () => {
  const other = await startBookferry();
  const context = await chromium.newContext({ baseURL: other.base });
  const page = await context.newPage();
  await signIn(page);
  await handOver(other, [invoice(71, 'Away Motors', '71.00')]);
  await page.getByText('Away Motors').waitFor();
  await other.stop({ keep: true });
  await page.getByText('The server does not answer.').waitFor();
  assert.equal(await page.getByText('Away Motors').count(), 1, 'the last data stay on the screen');
  await other.start();
  await page.getByText('The server does not answer.').waitFor({ state: 'hidden', timeout: 20_000 });
  await context.close();
  await other.stop();
});

test('a press can be taken back until the records have left', async () => {
  await handOver(bookferry, [invoice(11, 'Harbor Fleet', '11.00'), payment(12, 11, 'Harbor Fleet', '11.00')]);
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  await page.goto(`${page.url().split('?')[0]}?q=harbor`);
  await box(page, 'Select all records').check();
  await page.getByText('2 selected · $22.00').waitFor();
  await press(page, 'Mark Ready to Sync');
  await page.getByText('2 records marked ready to sync.').first().waitFor();
  assert.doesNotMatch(page.url(), /done=/, 'reloading does not tell it again');
  await press(page, 'Undo');
  await page.getByText('2 records taken back to Unsent.').first().waitFor();
  assert.match(page.url(), /q=harbor/, 'the filter is still there');
  await close();
});

test('without JavaScript records are filtered, released and counted', async () => {
  await handOver(bookferry, [invoice(31, 'Plain Motors', '31.00'), invoice(32, 'Plain Motors', '32.00'), payment(33, 31, 'Plain Motors', '31.00')]);
  const ready = (await summary(bookferry)).ready_to_sync;
  const { page, close } = await openPage(chromium, bookferry.base, { javaScriptEnabled: false });
  await signIn(page);
  await page.getByRole('searchbox').fill('plain');
  await press(page, 'Search');
  await box(page, 'Select all invoices').check();
  await box(page, 'Select payment 33').check();
  await press(page, 'Mark Ready to Sync');
  await page.getByText('3 records marked ready to sync.').waitFor();
  assert.equal((await summary(bookferry)).ready_to_sync, ready + 3);
  await close();
});

function box(page, name) {
  return page.getByRole('checkbox', { name, exact: true });
}

function press(page, name) {
  return page.getByRole('button', { name, exact: true }).click();
}
