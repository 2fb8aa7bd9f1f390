// A bookkeeper's job: with the keyboard alone to its end, with very many records, and with somebody else at it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openPage, openTab, signIn, startChromium, takePictures } from './browser.mjs';
import { BOOKKEEPER, startBookferry } from './server.mjs';
import { handOver, invoice, payment, summary } from './shop.mjs';

const COLLEAGUE = { email: 'wren@ridgeline.example', password: 'four quiet harbours in fog' };
const TABS_MAX = 80;

let bookferry;
let chromium;

before(async () => {
  bookferry = await startBookferry();
  chromium = await startChromium();
  const { id } = bookferry.company.company;
  await bookferry.run(['user', 'add', COLLEAGUE.email, '--role', 'bookkeeper', '--company', id], COLLEAGUE.password);
});

after(async () => {
  await chromium?.close();
  await bookferry?.stop();
});

test('the whole job is done with the keyboard alone', async () => {
  // QuickBooks takes eleven characters for a number, so the second has to wait for a person.
  await handOver(bookferry, [invoice(21, 'Keyboard Motors', '21.00'), invoice('2026-11-20-0022', 'Keyboard Motors', '22.00'), invoice(23, 'Lawn Depot', '23.00')]);
  // A page that looks for news while somebody signs out is refused.
  const { page, close } = await openPage(chromium, bookferry.base, {}, [/status of 401 /]);
  const button = (name) => page.getByRole('button', { name, exact: true });
  await page.goto('/login');
  await tabTo(page, page.getByLabel('Email'));
  await page.keyboard.type(BOOKKEEPER.email);
  await tabTo(page, page.getByLabel('Password'));
  await page.keyboard.type(BOOKKEEPER.password);
  await press(page, button('Sign in'));
  await page.getByRole('link', { name: /^QuickBooks Sync Queue/ }).waitFor();

  await tabTo(page, page.getByRole('searchbox', { name: 'Find' }));
  await page.keyboard.type('keyboard');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=keyboard/);
  await tabTo(page, box(page, 'Select all invoices'));
  await page.keyboard.press('Space');
  await page.getByText('2 selected · $43.00').waitFor();
  await tabTo(page, button('Mark Ready to Sync'), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByText('2 records marked ready to sync.').first().waitFor();
  await bookferry.visit();

  await press(page, page.getByRole('tab', { name: /^Needs Attention/ }));
  await tabTo(page, box(page, 'Select invoice 2026-11-20-0022'));
  await page.keyboard.press('Space');
  await tabTo(page, button('Retry'), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByText('1 record marked ready to sync again.').first().waitFor();
  const { submitted, ready_to_sync: ready, unsent } = await summary(bookferry);
  assert.deepEqual({ submitted, ready, unsent }, { submitted: 1, ready: 1, unsent: 1 });

  await press(page, page.locator('summary').filter({ hasText: BOOKKEEPER.email }));
  await press(page, button('Sign out'));
  await page.waitForURL(/\/login/);
  await close();
});

test('the grid is ordered by status and by creation', async () => {
  await handOver(bookferry, [
    invoice(31, 'Order Motors', '31.00', { created_at: '2099-01-02T00:00:00Z' }),
    invoice(32, 'Order Motors', '32.00', { created_at: '2099-01-03T00:00:00Z' }),
    invoice(33, 'Order Motors', '33.00', { created_at: '2099-01-01T00:00:00Z' }),
  ]);
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  await page.goto(`${page.url().split('?')[0]}?q=order`);
  await box(page, 'Select invoice 32').check();
  await page.getByRole('button', { name: 'Mark Ready to Sync', exact: true }).click();
  await page.getByText('1 record marked ready to sync.').first().waitFor();
  for (const [column, order, numbers] of [
    ['Status', 'ascending', ['31', '33', '32']],
    ['Status', 'descending', ['32', '33', '31']],
    ['Created', 'descending', ['32', '31', '33']],
    ['Created', 'ascending', ['33', '31', '32']],
  ]) {
    await page.getByRole('link', { name: column, exact: true }).click();
    await page.locator(`th[aria-sort="${order}"]`).filter({ hasText: column }).waitFor();
    const shown = await page.getByRole('link', { name: /^Open invoice/ }).allInnerTexts();
    assert.deepEqual(shown, numbers, `${column}, ${order}`);
  }
  await close();
});

test('while very many are marked the page says so, and nothing can be pressed twice', async () => {
  await handOver(bookferry, Array.from({ length: 12 }, (_, index) => invoice(4000 + index, 'Many Motors', '1.00')));
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  await page.goto(`${page.url().split('?')[0]}?q=many`);
  // A press that never reaches the server, as if that took its time.
  await page.evaluate(() => addEventListener('submit', (event) => {
    document.body.dataset.sent = Number(document.body.dataset.sent ?? 0) + (event.defaultPrevented ? 0 : 1);
    event.preventDefault();
  }));
  await page.getByRole('checkbox', { name: /^Select all 12 that match/ }).check();
  const ready = page.getByRole('button', { name: 'Mark Ready to Sync', exact: true });
  await ready.click();
  const told = page.getByRole('status').filter({ hasText: 'Marking 12 records ready to sync…' });
  await told.waitFor();
  assert.equal(await ready.getAttribute('aria-busy'), 'true');
  await ready.click({ force: true });
  assert.equal(await page.evaluate(() => document.body.dataset.sent), '1');
  await takePictures(page, 'marking-many');
  await handOver(bookferry, [invoice(4999, 'Many Motors', '1.00')]);
  await page.getByRole('link', { name: '1 more to show' }).waitFor({ timeout: 20_000 });
  await told.waitFor();
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await page.getByText('12 selected · $12.00').waitFor();
  assert.equal(await ready.getAttribute('aria-disabled'), null, 'whoever comes back can press again');
  await close();
});

test('of two people at once the second is told what the first did, and overwrites nothing', async () => {
  await handOver(bookferry, [invoice(51, 'Pair Motors', '51.00'), invoice(52, 'Pair Motors', '52.00'), payment(53, 51, 'Pair Motors', '51.00')]);
  const first = await openPage(chromium, bookferry.base);
  const second = await openPage(chromium, bookferry.base);
  await signIn(first.page);
  await signIn(second.page, COLLEAGUE);
  // What the first does reaches the second's page too late.
  await second.page.route('**/*', (route) => ('x-bookferry-refresh' in route.request().headers() ? undefined : route.continue()));
  for (const { page } of [first, second]) await page.goto(`${page.url().split('?')[0]}?q=pair`);
  await box(second.page, 'Select all records').check();
  await second.page.getByText('3 selected · $154.00').waitFor();
  await box(first.page, 'Select invoice 51').check();
  await first.page.getByRole('button', { name: 'Mark Ready to Sync', exact: true }).click();
  await first.page.getByText('1 record marked ready to sync.').first().waitFor();

  await second.page.getByRole('button', { name: 'Do not send', exact: true }).click();
  const told = second.page.locator('.notice');
  await told.getByText('2 records will not be sent. 1 record was left as it was').first().waitFor();
  await told.getByText(new RegExp(`^${BOOKKEEPER.email}: Mark ready, 1 record,`)).waitFor();
  await takePictures(second.page, 'second-of-two');
  await row(first.page, 'Select payment 53').waitFor({ state: 'detached', timeout: 20_000 });
  await row(first.page, 'Select invoice 51').filter({ hasText: 'Ready To Sync' }).waitFor();
  await first.close();
  await second.close();
});

function box(page, name) {
  return page.getByRole('checkbox', { name, exact: true });
}

function row(page, name) {
  return page.getByRole('row').filter({ has: box(page, name) });
}

/** Goes to a control by the keyboard and presses it. */
async function press(page, control) {
  await tabTo(page, control);
  await page.keyboard.press('Enter');
}

/** Presses the key until the control has the focus, and fails where it is then covered. */
async function tabTo(page, control, key = 'Tab') {
  await control.waitFor();
  for (let presses = 0; presses < TABS_MAX; presses += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return assert.ok(await isInSight(control), `${control} is covered`);
    await page.keyboard.press(key);
  }
  assert.fail(`${control} is not reached by ${key}`);
}

/** Whether nothing lies over the middle of it. */
function isInSight(control) {
  return control.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });
}
