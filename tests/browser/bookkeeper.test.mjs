// The bookkeeper's job from the first look to the last: review, release, see it gone, mend what waits.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openPage, openTab, signIn, startChromium, takePictures } from './browser.mjs';
import { startBookferry } from './server.mjs';
import { handOver, invoice, payment, summary } from './shop.mjs';

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

test('an empty queue says what to do, in every scheme and width', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await page.goto('/login');
  await takePictures(page, 'login');
  await signIn(page);
  for (const name of ['Submissions', 'Needs Attention', 'History', 'Lists']) {
    await openTab(page, name);
    await takePictures(page, `empty-${name.toLowerCase().replace(' ', '-')}`);
  }
  await close();
});

test('a wrong password is refused and says so', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await page.goto('/login');
  await page.getByLabel('Email').fill('dana@ridgeline.example');
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('alert').waitFor();
  await takePictures(page, 'login-refused');
  assert.equal(new URL(page.url()).pathname, '/login');
  await page.context().close();
});

test('records are reviewed, released, carried across, and gone from view', async () => {
  await handOver(bookferry, [
    invoice(1042, 'Müller Auto & Glass', '270.00'),
    invoice(1043, 'Harbor Fleet', '1080.50'),
    // QuickBooks takes eleven characters for a number, so this one has to wait for a person.
    invoice('2026-11-20-1044', 'Harbor Fleet', '99.00'),
    payment(881, 1042, 'Müller Auto & Glass', '270.00'),
  ]);
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  await openTab(page, 'Submissions');
  await selectionIsTriState(page);
  await filtersAreSearchedFor(page);

  await page.getByRole('checkbox', { name: 'Select all records', exact: true }).check();
  await page.getByRole('button', { name: 'Mark Ready to Sync', exact: true }).click();
  await row(page, 'invoice', 1042).filter({ hasText: 'Ready To Sync' }).waitFor();
  await takePictures(page, 'full-submissions');

  await bookferry.visit();
  await page.getByRole('button', { name: 'Refresh', exact: true }).click();
  await row(page, 'invoice', 1042).waitFor({ state: 'detached' });
  await row(page, 'payment', 881).waitFor({ state: 'detached' });
  const counts = await summary(bookferry);
  assert.deepEqual([counts.submitted, counts.needs_attention, counts.ready_to_sync], [3, 1, 0]);

  await page.getByRole('checkbox', { name: 'Submitted', exact: true }).check();
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await row(page, 'invoice', 1042).filter({ hasText: 'Submitted' }).waitFor();
  assert.match(page.url(), /submitted/, 'the filter is in the address');
  await whatWaitsIsCounted(page);
  await close();
});

/** Row, group and header boxes follow each other, and a mixed group is neither on nor off. */
async function selectionIsTriState(page) {
  const box = (name) => page.getByRole('checkbox', { name, exact: true });
  const mixed = (name) => box(name).evaluate((input) => input.indeterminate);
  await box('Select invoice 1042').check();
  assert.equal(await mixed('Select all invoices'), true, 'the group is mixed when one of its rows is selected');
  assert.equal(await mixed('Select all records'), true, 'so is the header');
  await box('Select all invoices').check();
  assert.equal(await box('Select invoice 1043').isChecked(), true, 'the group selects its rows');
  assert.equal(await mixed('Select all records'), true, 'payments are not selected');
  await box('Select all payments').check();
  assert.equal(await box('Select all records').isChecked(), true, 'both groups are all records');
  await box('Select all records').uncheck();
  assert.equal(await box('Select invoice 1042').isChecked(), false, 'the header clears the rows');
}

/** Nothing changes until Search is pressed; then the grid and the address both say what was asked for. */
async function filtersAreSearchedFor(page) {
  for (const [name, on] of [['Unsent', true], ['Ready To Sync', true], ['Submitted', false]]) {
    assert.equal(await page.getByRole('checkbox', { name, exact: true }).isChecked(), on, `the filter ${name}`);
  }
  const everything = page.url();
  const search = page.getByRole('searchbox').first();
  await search.fill('Harbor');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await row(page, 'invoice', 1042).waitFor({ state: 'detached' });
  await row(page, 'invoice', 1043).waitFor();
  assert.match(page.url(), /Harbor/);
  await page.goto(everything);
  await row(page, 'invoice', 1042).waitFor();
}

/** The tab, the menu and the page agree on how many records wait for a person. */
async function whatWaitsIsCounted(page) {
  await page.getByRole('tab', { name: /^Needs Attention\D*1$/ }).waitFor();
  await page.getByRole('link', { name: /^QuickBooks Sync Queue, 1 needs? attention$/ }).waitFor();
  await openTab(page, 'Needs Attention');
  await page.getByText('2026-11-20-1044').first().waitFor();
  await takePictures(page, 'needs-attention');
  await openTab(page, 'History');
  await takePictures(page, 'full-history');
}

function row(page, kind, number) {
  return page.getByRole('row').filter({ has: page.getByRole('checkbox', { name: `Select ${kind} ${number}`, exact: true }) });
}
