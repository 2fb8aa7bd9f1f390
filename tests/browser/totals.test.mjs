// A search for what thousands have shows its page at once; it is counted when somebody asks.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openPage, signIn, startChromium, takePictures } from './browser.mjs';
import { startBookferry } from './server.mjs';
import { handOver, invoice, summary } from './shop.mjs';

let bookferry;
let chromium;

before(async () => {
  bookferry = await startBookferry();
  chromium = await startChromium();
  for (let first = 0; first < 5_100; first += 300) {
    await handOver(bookferry, Array.from({ length: 300 }, (_, index) => invoice(first + index, 'Lawn Depot', '1.00')));
  }
});

after(async () => {
  await chromium?.close();
  await bookferry?.stop();
});

test('what thousands have is counted on demand, and only then selected whole', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  await page.getByRole('searchbox').fill('lawn');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByText('More than 2,000 records have this text · Count what matches').waitFor();
  await box(page, 'Select all invoices').check();
  await page.getByText('100 selected · $100.00').waitFor();
  await takePictures(page, 'uncounted');
  await page.getByRole('link', { name: 'Count what matches' }).click();
  await page.getByRole('checkbox', { name: 'Select all 5,100 that match · $5,100.00' }).check();
  await box(page, 'Select invoice 5099').uncheck();
  await page.getByText('5,099 selected · $5,099.00').waitFor();
  const looked = page.waitForResponse((answer) => answer.url().includes('/submissions?'));
  await handOver(bookferry, [invoice(9001, 'Lawn Depot', '1.00')]);
  await looked;
  await page.getByText('1 more to show').waitFor();
  await page.getByText('5,099 selected · $5,099.00').waitFor();
  await takePictures(page, 'counted');
  await page.getByRole('button', { name: 'Mark Ready to Sync', exact: true }).click();
  await page.getByText('5,099 records marked ready to sync.').first().waitFor();
  assert.equal((await summary(bookferry)).ready_to_sync, 5_099);
  await close();
});

test('Refresh forgets the count, and nothing stays selected that is not in sight', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  await page.goto(`${page.url().split('?')[0]}?q=lawn&count=1`);
  await box(page, 'Select all invoices').check();
  await page.getByText(/^5,10\d selected/).waitFor();
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await page.getByText('More than 2,000 records have this text · Count what matches').waitFor();
  await page.getByText('100 selected · $100.00').waitFor();
  await close();
});

function box(page, name) {
  return page.getByRole('checkbox', { name, exact: true });
}
