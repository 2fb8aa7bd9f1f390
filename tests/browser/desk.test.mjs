// Eight hours at the grid: keys, columns, views, paper; and every other page in every scheme and width.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { assertAccessible, openPage, openTab, signIn, startChromium, takePictures } from './browser.mjs';
import { startBookferry } from './server.mjs';
import { handOver, invoice, payment, summary } from './shop.mjs';

const ADMIN = { email: 'ada@ridgeline.example', password: 'the keys to everything' };

let bookferry;
let chromium;

before(async () => {
  bookferry = await startBookferry();
  chromium = await startChromium();
  await bookferry.run(['user', 'add', ADMIN.email, '--role', 'admin', '--company', bookferry.company.company.id], ADMIN.password);
  await handOver(bookferry, [
    ...Array.from({ length: 40 }, (_, index) => invoice(1001 + index, index % 2 ? 'Harbor Fleet' : 'Lawn Depot', `${index + 1}.00`)),
    payment(881, 1001, 'Lawn Depot', '1.00'),
  ]);
});

after(async () => {
  await chromium?.close();
  await bookferry?.stop();
});

test('rows are walked and ticked by keyboard alone, released, opened and closed', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  await box(page, 'Select invoice 1040').focus();
  for (const key of ['Shift+ArrowDown', 'Shift+ArrowDown', 'ArrowDown', 'ArrowDown', 'Space']) await page.keyboard.press(key);
  assert.deepEqual(await ticked(page), ['1040', '1039', '1038', '1036']);
  await page.getByText('4 selected · $153.00').waitFor();
  await page.keyboard.press('ControlOrMeta+End');
  assert.equal(await focused(page), 'Select payment 881');
  await page.keyboard.press('ControlOrMeta+Home');
  assert.equal(await focused(page), 'Select invoice 1040');
  await page.keyboard.press('PageDown');
  assert.equal(await focused(page), 'Select invoice 1030');
  await page.keyboard.press('ControlOrMeta+a');
  await page.getByText('41 selected').waitFor();
  await page.keyboard.press('ControlOrMeta+a');
  await page.getByText('Nothing selected').waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Open invoice 1030');
  await page.keyboard.press('Shift+Space');
  await page.getByText('1 selected · $30.00').waitFor();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('heading', { name: 'Invoice 1031' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  assert.equal(await focused(page), 'Open invoice 1031');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
  await takePictures(page, 'keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  assert.equal(await focused(page), 'Find');
  await page.keyboard.type('?');
  assert.equal(await page.getByRole('dialog', { name: 'Keys' }).count(), 0, 'what is typed is typed');
  await close();
});

test('columns, their widths, views and colours follow the person to another desk', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  await page.getByText('Columns', { exact: true }).click();
  await takePictures(page, 'columns');
  await page.getByRole('checkbox', { name: 'Created', exact: true }).uncheck();
  await page.getByLabel('Width of Customer').fill('120');
  await page.getByRole('button', { name: 'Arrange' }).click();
  await page.getByRole('columnheader', { name: 'Created' }).waitFor({ state: 'detached' });
  await page.getByRole('searchbox').fill('harbor');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.waitForURL(/q=harbor/);
  await page.getByText('Views', { exact: true }).click();
  await page.getByLabel('Name of the view').fill('The fleet');
  await page.getByRole('button', { name: 'Save this view' }).click();
  await page.locator('#account summary').click();
  await takePictures(page, 'account');
  await page.getByRole('button', { name: 'Dark' }).click();
  await page.waitForFunction(() => getComputedStyle(document.documentElement).colorScheme === 'dark');
  await close();

  const elsewhere = await openPage(chromium, bookferry.base);
  await signIn(elsewhere.page);
  assert.equal(await elsewhere.page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
  assert.equal(await elsewhere.page.getByRole('columnheader', { name: 'Created' }).count(), 0);
  const width = await elsewhere.page.getByRole('columnheader', { name: 'Customer' }).evaluate((heading) => heading.offsetWidth);
  assert.ok(Math.abs(width - 120) < 40, `the column is ${width} pixels wide`);
  await elsewhere.page.getByText('Views', { exact: true }).click();
  await takePictures(elsewhere.page, 'views');
  await elsewhere.page.getByRole('link', { name: 'The fleet' }).click();
  await elsewhere.page.waitForURL(/q=harbor/);
  await elsewhere.close();
});

test('a group folds away and keeps what is selected in it', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  await box(page, 'Select invoice 1040').check();
  await page.getByRole('button', { name: 'Invoices', exact: true }).click();
  await box(page, 'Select invoice 1040').waitFor({ state: 'hidden' });
  await page.getByText('1 selected · $40.00').waitFor();
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await page.getByRole('button', { name: 'Invoices', expanded: false }).waitFor();
  await takePictures(page, 'folded');
  await page.getByRole('button', { name: 'Invoices', exact: true }).click();
  assert.equal(await box(page, 'Select invoice 1040').isChecked(), true);
  await close();
});

test('the heading stays in sight, and the filter goes to a file', async () => {
  const { page, close } = await openPage(chromium, bookferry.base, { viewport: { width: 1280, height: 600 } });
  await signIn(page);
  await box(page, 'Select payment 881').focus();
  const places = await page.evaluate(() => [document.querySelector('thead').getBoundingClientRect().top, document.activeElement.getBoundingClientRect().bottom, innerHeight]);
  assert.ok(places[0] > 40 && places[1] <= places[2], `heading at ${places[0]}, focus at ${places[1]} of ${places[2]}`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export CSV' }).click()]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  assert.equal(lines.length, 42);
  await close();
});

test('what was carried across is found in History, and every page by the menu', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page, ADMIN);
  await box(page, 'Select all records').check();
  await page.getByRole('button', { name: 'Mark Ready to Sync', exact: true }).click();
  await page.getByText('41 records marked ready to sync.').first().waitFor();
  await takePictures(page, 'released');
  await bookferry.visit();
  assert.equal((await summary(bookferry)).submitted, 41);
  await openTab(page, 'History');
  await page.getByRole('img', { name: /^Submitted in the last 14 days: 41/ }).waitFor();
  await takePictures(page, 'history-chart');
  await page.getByRole('link', { name: /^Visit \d/ }).first().click();
  await page.getByRole('link', { name: /^Message set/ }).first().waitFor();
  await page.getByRole('link', { name: /^Message set/ }).last().click();
  await page.getByText('Sent to QuickBooks').click();
  await openTab(page, 'History');
  await page.getByRole('link', { name: 'What people did' }).click();
  await page.getByRole('cell', { name: ADMIN.email }).first().waitFor();
  await takePictures(page, 'people-did');
  await openTab(page, 'Lists');
  for (const name of ['Setup', 'People and keys', 'Help']) {
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
  }
  await close();
});

test('an administrator adds a person, makes a key and takes both away', async () => {
  const { page, close } = await openPage(chromium, bookferry.base, { permissions: ['clipboard-read', 'clipboard-write'] });
  await signIn(page, ADMIN);
  await page.getByRole('link', { name: 'People and keys', exact: true }).click();
  await takePictures(page, 'people-and-keys');
  await page.getByLabel('E-mail of the new person').fill('new@ridgeline.example');
  await page.getByRole('button', { name: 'Add the person' }).click();
  await page.getByRole('heading', { name: 'The password of new@ridgeline.example' }).waitFor();
  await takePictures(page, 'password-shown');
  await page.getByRole('button', { name: 'Disable new@ridgeline.example' }).click();
  await page.getByRole('button', { name: 'Enable new@ridgeline.example' }).waitFor();
  await page.getByLabel('Role of new@ridgeline.example', { exact: true }).selectOption('Viewer');
  await page.getByRole('button', { name: 'Change the role of new@ridgeline.example' }).click();
  await page.getByText('The role was changed.').waitFor();
  await takePictures(page, 'people-who-signed-in');
  const people = page.url();
  await page.goto(`/companies/${bookferry.company.company.id}/history/people`);
  await page.getByRole('cell', { name: 'Changed new@ridgeline.example from Bookkeeper to Viewer' }).waitFor();
  await page.getByRole('cell', { name: 'Disabled new@ridgeline.example, Bookkeeper' }).waitFor();
  await takePictures(page, 'who-may-do-what');
  await page.goto(people.split('?')[0]);
  await page.getByLabel('Name of the new key').fill('The till');
  await page.getByRole('button', { name: 'Make a key' }).click();
  await page.getByRole('heading', { name: 'The new key, The till' }).waitFor();
  const secret = await page.getByRole('region', { name: 'The new key, The till' }).getByText(/^bf_live_/).innerText();
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByRole('button', { name: 'Copied', exact: true }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
  await page.getByRole('row').filter({ hasText: 'The till' }).getByText('Revoke…').click();
  await takePictures(page, 'key-to-revoke');
  await page.getByRole('button', { name: /^Revoke the key The till/ }).click();
  await page.getByText('The key was revoked.').waitFor();
  await assertAccessible(page, 'people and keys after a revocation');
  await close();
});

test('on paper there are rows and nothing to press', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  await page.goto(`${page.url().split('?')[0]}?filtered=1&status=unsent&status=ready_to_sync&status=submitted`);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.getByRole('button').count(), 0);
  assert.equal(await page.getByRole('row').filter({ hasText: 'Harbor Fleet' }).count(), 20);
  await close();
});

function box(page, name) {
  return page.getByRole('checkbox', { name, exact: true });
}

function focused(page) {
  return page.evaluate(() => document.activeElement.getAttribute('aria-label'));
}

function ticked(page) {
  return page.evaluate(() => [...document.querySelectorAll('tr[data-id] input:checked')].map((input) => input.ariaLabel.split(' ').at(-1)));
}
