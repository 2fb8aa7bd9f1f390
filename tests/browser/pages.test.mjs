// Every page in every state that it can be in, in light, in dark and narrow: axe finds nothing, and nothing overflows.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { assertAccessible, openPage, openTab, signIn, startChromium, takePictures } from './browser.mjs';
import { BOOKKEEPER, startBookferry } from './server.mjs';
import { handOver, invoice, payment } from './shop.mjs';

const ADMIN = { email: 'ruth@ridgeline.example', password: 'nine wet ferries at noon' };
const VIEWER = { email: 'vic@ridgeline.example', password: 'seven dry bridges by night' };

let bookferry;
let chromium;
let base;

before(async () => {
  bookferry = await startBookferry();
  chromium = await startChromium();
  base = `/companies/${bookferry.company.company.id}`;
  await bookferry.run(['user', 'add', ADMIN.email, '--role', 'admin'], ADMIN.password);
  await bookferry.run(['user', 'add', VIEWER.email, '--role', 'viewer', '--company', bookferry.company.company.id], VIEWER.password);
});

after(async () => {
  await chromium?.close();
  await bookferry?.stop();
});

test('before QuickBooks has ever called', async () => {
  await signedIn(ADMIN, async (page) => {
    await looksRight(page, '/setup', 'setup-new', 'The Web Connector has never called');
    await page.getByLabel('Quiet hours').fill('Mon-Fry 09:00-12:00');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('alert').getByText('Nothing was saved.').waitFor();
    await takePictures(page, 'setup-refused');
    await page.getByLabel('Quiet hours').fill('');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved. It holds from the next message set on.').waitFor();
    await takePictures(page, 'setup-saved');
    await looksRight(page, '/help', 'help', 'What the statuses mean');
    await looksRight(page, '/submissions', 'grid-before-setup', 'Not connected yet.');
  }, [422]);
  await signedIn(VIEWER, async (page) => {
    await looksRight(page, '/submissions', 'grid-empty-for-a-viewer', 'Not connected yet.');
    await looksRight(page, '/setup', 'not-allowed', 'Your role does not allow this');
    await looksRight(page, '/nowhere', 'not-found', 'There is no such page');
  }, [403, 404]);
  const { page, close } = await openPage(chromium, bookferry.base);
  await page.goto('/help');
  await takePictures(page, 'help-for-anybody');
  await close();
});

test('everybody changes their own password', async () => {
  const wanted = 'eleven calm harbours';
  const { page, close } = await openPage(chromium, bookferry.base, {}, [/status of 422 /]);
  await signIn(page, VIEWER);
  await page.locator('#account summary').click();
  await assertAccessible(page, 'the account menu');
  await page.getByRole('link', { name: 'Change password', exact: true }).click();
  await takePictures(page, 'password');
  await changePassword(page, 'not my password', wanted);
  await page.getByRole('alert').getByText('That is not your password as it is now.').waitFor();
  await takePictures(page, 'password-refused');
  await changePassword(page, VIEWER.password, wanted);
  await page.getByRole('status').getByText('Your password was changed.').waitFor();
  await takePictures(page, 'password-changed');
  VIEWER.password = wanted;
  await page.context().clearCookies();
  await signIn(page, VIEWER);
  await close();
});

test('with records of every kind, after visits that went well and badly', async () => {
  await handOver(bookferry, [
    invoice(1042, 'Müller Auto & Glass', '270.00'),
    invoice(1043, 'Harbor Fleet', '1080.50'),
    invoice('2026-11-20-1044', 'Harbor Fleet', '99.00'),
    invoice('2026-11-20-1045', 'A customer whose name goes on and on, Ltd', '100000.00'),
    payment(881, 1042, 'Müller Auto & Glass', '270.00'),
  ]);
  await signedIn(BOOKKEEPER, async (page) => {
    await page.goto(`${base}/submissions`);
    await page.getByRole('checkbox', { name: 'Select all records', exact: true }).check();
    await assertAccessible(page, 'the grid with a selection');
    await page.getByRole('button', { name: 'Mark Ready to Sync', exact: true }).click();
    await page.getByText('5 records marked ready to sync.').first().waitFor();
    await takePictures(page, 'grid-notice');
    await bookferry.visit();
    await handOver(bookferry, [invoice(1050, 'Lawn Depot', '50.00'), invoice(1051, 'Lawn Depot', '51.00')]);
    await looksRight(page, '/submissions?q=nothing+has+this+name', 'grid-no-match', 'nothing has this name');
    await looksRight(page, '/attention', 'attention-full', '2026-11-20-1044');
    await record(page, '2026-11-20-1044', 'record-needs-attention', 'Shorten it in your application.');
    await page.goto(`${base}/submissions?status=submitted`);
    await record(page, '1042', 'record-submitted', '<InvoiceAddRq');
    await visits(page);
    await lists(page);
  });
  await signedIn(ADMIN, (page) => looksRight(page, '/setup', 'setup-complete', 'Everything is set up.'));
  await signedIn(VIEWER, async (page) => {
    await looksRight(page, '/submissions', 'grid-for-a-viewer', 'Lawn Depot');
    await looksRight(page, '/attention', 'attention-for-a-viewer', '2026-11-20-1044');
    await page.getByRole('link', { name: /2026-11-20-1044/ }).first().click();
    await page.getByRole('dialog').getByRole('heading').first().waitFor();
    await assertAccessible(page, 'the drawer for a viewer');
  });
});

test('with several companies to choose from, and while the server is away', async () => {
  await bookferry.run(['company', 'add', 'Second Street Tires']);
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page, ADMIN);
  await page.goto(`${base}/submissions`);
  await page.locator('.company summary').click();
  await page.getByRole('link', { name: 'Second Street Tires' }).waitFor();
  await takePictures(page, 'companies');
  await close();

  const away = await openPage(chromium, bookferry.base, {}, [/ERR_|net::|status of 503 /]);
  await signIn(away.page);
  await bookferry.stop({ keep: true });
  await away.page.getByRole('alert').filter({ hasText: /./ }).waitFor({ timeout: 30_000 });
  await takePictures(away.page, 'server-away');
  await bookferry.start();
  await away.close();
});

async function signedIn(person, look, refusals = []) {
  const allowed = refusals.map((status) => new RegExp(`status of ${status} `));
  const { page, close } = await openPage(chromium, bookferry.base, {}, allowed);
  await signIn(page, person);
  await look(page);
  await close();
}

async function changePassword(page, current, wanted) {
  await page.getByLabel('Password as it is now').fill(current);
  await page.getByLabel('New password', { exact: true }).fill(wanted);
  await page.getByLabel('New password again').fill(wanted);
  await page.getByRole('button', { name: 'Change password', exact: true }).click();
}

/** Opens a page of the company, waits for what it has to say, and takes its pictures. */
async function looksRight(page, path, name, says) {
  await page.goto(base + path);
  await page.locator(`text=${says}`).or(page.locator(`input[value="${says}"]`)).first().waitFor();
  await takePictures(page, name);
}

/** A record over its grid, and as a page with all that folds open. */
async function record(page, number, name, says) {
  await page.getByRole('link', { name: new RegExp(`${number}$`) }).first().click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('heading').first().waitFor();
  await assertAccessible(page, `the drawer, ${name}`);
  await page.goto(await drawer.getByRole('link', { name: 'Open as a page' }).getAttribute('href'));
  for (const fold of await page.locator('main summary').all()) await fold.click();
  await page.getByText(says).locator('visible=true').first().waitFor();
  await takePictures(page, name);
}

async function visits(page) {
  await page.goto(`${base}/submissions`);
  await openTab(page, 'History');
  await takePictures(page, 'history');
  await page.getByRole('region', { name: 'Visits' }).getByRole('link').first().click();
  await page.getByRole('heading', { name: /^Visit/ }).waitFor();
  await takePictures(page, 'visit');
  await page.getByRole('main').getByRole('table').getByRole('link').last().click();
  await page.getByRole('heading', { name: /^Message set/ }).waitFor();
  for (const fold of await page.locator('main summary').all()) await fold.click();
  await page.getByRole('region', { name: 'The request’s XML' }).filter({ hasText: 'QBXMLMsgsRq' }).waitFor();
  await takePictures(page, 'message-set');
}

async function lists(page) {
  await openTab(page, 'Lists');
  const pills = await page.getByRole('navigation', { name: 'QuickBooks’ lists' }).getByRole('link').allInnerTexts();
  assert.ok(pills.length > 1, 'there are several lists');
  for (const pill of pills) {
    await page.getByRole('navigation', { name: 'QuickBooks’ lists' }).getByRole('link', { name: pill, exact: true }).click();
    await page.waitForURL(/list=/);
    await assertAccessible(page, `the list ${pill}`);
  }
  await page.goto(`${base}/lists`);
  await takePictures(page, 'lists');
  await page.getByRole('searchbox', { name: 'Find a name' }).fill('no such name');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByText('No such name has been read from QuickBooks.').waitFor();
  await takePictures(page, 'lists-no-match');
  await page.getByRole('link', { name: 'Reconciliation', exact: true }).click();
  await page.getByText('Nothing has been compared yet.').waitFor();
  await takePictures(page, 'reconciliation-empty');
  await page.getByRole('button', { name: 'Compare now', exact: true }).click();
  await page.getByRole('heading', { name: 'Being compared' }).waitFor();
  await takePictures(page, 'reconciliation-asked');
  await bookferry.visit();
  await page.goto(`${base}/lists/reconciliation`);
  await page.getByRole('cell', { name: 'Everything that was submitted' }).waitFor();
  await takePictures(page, 'reconciliation');
  await page.getByRole('region', { name: 'Submitted and in QuickBooks, by day' }).getByRole('link').first().click();
  await page.getByRole('heading', { name: 'by customer' }).waitFor();
  await takePictures(page, 'reconciliation-day');
  await page.goto(`${base}/lists/reconciliation?month=2019-01`);
  await page.getByText('Nothing dated in January 2019 was submitted.').waitFor();
  await takePictures(page, 'reconciliation-empty-month');
}
