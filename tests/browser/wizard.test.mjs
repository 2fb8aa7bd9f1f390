// From an empty server to a record in the queue: the setup as an administrator does it, against the simulated QuickBooks.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openPage, signIn, startChromium, takePictures } from './browser.mjs';
import { startBookferry } from './server.mjs';
import { handOver, invoice, payment, send, summary } from './shop.mjs';

const ADMIN = { email: 'ruth@harbor.example', password: 'nine wet ferries at noon' };
const CLICKS_MAX = 12;
const MS_MAX = 120_000;

let bookferry;
let chromium;
/** The company of the first test, as its application and its Web Connector know it. */
let shop;
let connector;
let company;

before(async () => {
  bookferry = await startBookferry({ isEmpty: true, host: 'localhost' });
  chromium = await startChromium();
  await bookferry.run(['user', 'add', ADMIN.email, '--role', 'admin'], ADMIN.password);
});

after(async () => {
  await chromium?.close();
  await bookferry?.stop();
});

test('an administrator sets a company up in at most twelve clicks', async () => {
  const began = performance.now();
  const { page, close } = await openPage(chromium, bookferry.base, { permissions: ['clipboard-read', 'clipboard-write'] });
  let clicks = 0;
  const click = async (locator) => {
    clicks += 1;
    await locator.click();
  };
  await page.goto('/login');
  await page.getByLabel('Email').fill(ADMIN.email);
  await page.getByLabel('Password').fill(ADMIN.password);
  await click(page.getByRole('button', { name: 'Sign in', exact: true }));

  await page.getByRole('heading', { name: 'Add a company' }).waitFor();
  await page.getByLabel('Name of the company').fill('Harbor Fleet & Glass');
  await page.getByLabel('Time zone').fill('America/New_York');
  await click(page.getByRole('checkbox', { name: 'Payment methods' }));
  await click(page.getByRole('checkbox', { name: 'Terms' }));
  await click(page.getByRole('button', { name: 'Add the company' }));

  await page.getByText('Missing: The Web Connector has never called').waitFor();
  const downloaded = page.waitForEvent('download');
  await click(page.getByRole('link', { name: 'Download bookferry.qwc' }));
  const qwc = await text(await downloaded);
  await click(page.getByRole('button', { name: 'Copy', exact: true }));
  await page.getByRole('button', { name: 'Copied', exact: true }).waitFor();
  const password = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(password, /^[\w-]{43}$/);
  company = page.url().split('/')[4];

  // What the person does at the computer with QuickBooks; the page is not touched meanwhile.
  connector = { url: element(qwc, 'AppURL'), user_name: element(qwc, 'UserName'), password };
  assert.equal(element(qwc, 'RunEveryNMinutes'), '10');
  await bookferry.visit([], { ...connector, password: 'typed wrong' }).catch(() => {});
  await page.getByText('came with a wrong password').waitFor();
  await bookferry.visit([], connector);
  await page.getByText('The Web Connector has called with the right password').waitFor();
  await page.getByText(/^Done\. Connected to /).waitFor();
  await page.getByText(/^Done\. All \d+ lists are read/).waitFor();

  await click(page.getByRole('button', { name: 'Enable sync' }));
  await page.getByText('Everything is set up.').waitFor();
  const seconds = (performance.now() - began) / 1_000;
  assert.ok(clicks <= CLICKS_MAX, `${clicks} clicks`);
  assert.ok(seconds * 1_000 < MS_MAX, `${seconds} seconds`);
  console.log(`the setup took ${clicks} clicks and ${seconds.toFixed(1)} seconds`);

  const key = JSON.parse(await bookferry.run(['key', 'add', '--company', company, '--json']));
  shop = { base: bookferry.base, company: { api_key: key.api_key } };
  await handOver(shop, [invoice(1, 'Lawn Depot', '10.00'), invoice(2, 'Lawn Depot', '20.00', { created_at: '2026-01-05T10:00:00Z' })]);
  const counts = await summary(shop);
  assert.equal(counts.unsent, 1, 'created since sync was enabled');
  assert.equal(counts.held_back, 1, 'created before');
  await close();
});

test('each stage of the setup, in light, in dark and narrow', async () => {
  const { page, close } = await openPage(chromium, bookferry.base, {}, [/status of 422 /]);
  await signIn(page, ADMIN);
  await page.goto('/companies/new');
  await takePictures(page, 'company-new');
  await page.getByLabel('Name of the company').fill('Second Street Tires');
  await page.getByLabel('Time zone').fill('Mars/Olympus');
  await page.getByRole('button', { name: 'Add the company' }).click();
  await page.getByRole('alert').getByText('there is no time zone').waitFor();
  await takePictures(page, 'company-new-refused');
  await page.getByLabel('Time zone').fill('Europe/London');
  await page.getByRole('button', { name: 'Add the company' }).click();
  await page.getByRole('heading', { name: 'The password', exact: true }).waitFor();
  await takePictures(page, 'setup-with-password');

  // A reload forgets the password and adds nothing; the setup goes on where it was.
  const { user_name, url } = await connection(page);
  await page.reload();
  await page.getByText('It is lost: make a new one').click();
  await takePictures(page, 'setup-taken-up-again');
  await page.getByRole('button', { name: 'Make a new password' }).click();
  const password = await page.locator('[data-copy] code').innerText();
  await bookferry.visit([], { url, user_name, password: 'typed wrong' }).catch(() => {});
  await page.getByText('came with a wrong password').waitFor();
  await takePictures(page, 'setup-wrong-password');
  await bookferry.visit([], { url, user_name, password });
  await page.getByText(/^Done\. Connected to /).waitFor();
  await takePictures(page, 'setup-connected');

  await page.getByLabel('Code or message').fill('QBWC1039: There was a problem');
  await page.getByRole('button', { name: 'Explain it' }).click();
  await page.getByRole('status').getByText('The QuickBooks administrator').waitFor();
  await page.getByText('All codes').click();
  await takePictures(page, 'setup-codes');
  await page.getByText('Change what may be created').click();
  await page.getByRole('radio', { name: 'Inventory items', exact: true }).check();
  await page.getByLabel('Income account of created items').fill('');
  await page.getByLabel('Account of the worth of inventory').fill('Cost of goods sold');
  await page.getByRole('button', { name: 'Save what may be created' }).click();
  await page.getByRole('alert').getByText('items are created on an income account').waitFor();
  await page.getByRole('alert').getByText('no account for both the cost and the worth').waitFor();
  await takePictures(page, 'setup-choices-refused');
  await close();
});

test('older records are counted, added and taken back', async () => {
  const older = { created_at: '2026-01-05T10:00:00Z' };
  await send(shop, 'POST', '/api/v1/records/ready', JSON.stringify({ filter: {} }), 'application/json');
  await bookferry.visit([], connector);
  assert.equal((await summary(shop)).submitted, 1);
  await handOver(shop, [
    invoice(1, 'Lawn Depot', '10.00', { ...older, external_id: 'old-1' }),
    ...[3, 4, 5].map((number) => invoice(number, 'Müller Auto & Glass', '100.00', older)),
    payment(881, 3, 'Müller Auto & Glass', '100.00', older),
  ]);
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page, ADMIN);
  await page.goto(`/companies/${company}/submissions`);
  await page.getByRole('link', { name: 'Add older records…' }).click();
  await page.getByRole('row', { name: /^Invoices 5 \$330\.00 1 \$10\.00$/ }).waitFor();
  await page.getByRole('row', { name: /Lawn Depot.*as inv-1, TxnID/ }).waitFor();
  await page.getByText('QuickBooks has not been asked about 5 records of these yet').waitFor();
  await enterElsewhere(5);
  await bookferry.visit([], connector);
  await page.reload();
  await page.getByRole('row', { name: /^Invoices 5 \$330\.00 2 \$110\.00$/ }).waitFor();
  await page.getByRole('row', { name: /^invoice 5 5 .*Müller Auto & Glass \$?100\.00/ }).waitFor();
  await page.getByRole('button', { name: 'Ask QuickBooks again', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Add 4 records, $320.00, to the queue' }).waitFor();
  await page.getByRole('button', { name: 'Add all 6 records, $430.00: none of them is in QuickBooks' }).waitFor();
  await takePictures(page, 'older-in-quickbooks');
  await page.getByRole('button', { name: 'Already in QuickBooks: invoice 5', exact: true }).click();
  await page.getByText('1 record marked as already in QuickBooks.').first().waitFor();
  await takePictures(page, 'older');
  await page.getByLabel('From date').fill('2026-12-01');
  await page.getByLabel('To date').fill('2026-11-01');
  await page.getByRole('button', { name: 'Count' }).click();
  await page.getByRole('alert').getByText('The first date lies after the last.').waitFor();
  await takePictures(page, 'older-refused');
  await page.getByLabel('From date').fill('2026-11-01');
  await page.getByLabel('To date').fill('2026-11-30');
  await page.getByLabel('Kind').selectOption('Invoices');
  await page.getByRole('button', { name: 'Count' }).click();
  await page.getByRole('button', { name: 'Add 3 records, $220.00, to the queue' }).click();
  await page.getByText('3 records added to the queue as Unsent.').first().waitFor();
  await takePictures(page, 'older-added');
  assert.equal((await summary(shop)).unsent, 3);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('3 records taken back to Held Back.').first().waitFor();
  assert.equal((await summary(shop)).unsent, 0);
  await page.getByLabel('From date').fill('2027-01-01');
  await page.getByRole('button', { name: 'Count' }).click();
  await page.getByText('Nothing is held back in this range.').waitFor();
  await takePictures(page, 'older-none');
  await close();
});

test('the rules of a company are chosen, refused with the reason, and told in History', async () => {
  const { page, close } = await openPage(chromium, bookferry.base, {}, [/status of 422 /]);
  await signIn(page, ADMIN);
  await page.goto(`/companies/${company}/setup`);
  await page.getByText('Change what may be created').click();
  await page.getByRole('radio', { name: 'Inventory items', exact: true }).check();
  await page.getByLabel('Income account of created items').fill('Income:Sales');
  await page.getByLabel('Items that are always other charges').fill('Shipping; Handling');
  await page.getByRole('radio', { name: 'A discount item' }).check();
  await takePictures(page, 'setup-choices');
  await page.getByRole('button', { name: 'Save what may be created' }).click();
  await page.getByRole('status').getByText('It holds from the next message set on.').waitFor();
  await page.getByText('items (as inventory items)').waitFor();

  await page.getByText('Change what goes by itself').click();
  await page.getByRole('radio', { name: 'New records are marked ready as they come in' }).check();
  await page.getByRole('radio', { name: 'Adjust it, up to the limit' }).check();
  await takePictures(page, 'setup-rules');
  await page.getByRole('button', { name: 'Save the rules' }).click();
  await page.getByRole('alert').getByText(/A line that makes up for the difference needs an item/).waitFor();
  await takePictures(page, 'setup-rules-refused');
  assert.ok(await page.getByRole('radio', { name: 'Adjust it, up to the limit' }).isChecked(), 'as it was filled in');
  await page.getByLabel('Item of the adjusting line').fill('Rounding');
  await page.getByRole('button', { name: 'Save the rules' }).click();
  await page.getByText('is brought to the item “Rounding” up to 0.05').waitFor();

  // The rules at work: each item as the company has it, the invoice to the cent.
  const lines = [
    { item: 'Windshield', quantity: '2', rate: '100.00', amount: '200.00' },
    { item: 'Shipping', amount: '12.00' },
    { item: 'Loyalty', amount: '-20.00' },
  ];
  const { submitted } = await summary(shop);
  await handOver(shop, [invoice(70, 'Lawn Depot', '192.00', { lines })]);
  await bookferry.visit([], connector);
  assert.equal((await summary(shop)).submitted, submitted + 1);
  await page.goto(`/companies/${company}/history/people`);
  await page.getByText('Enabled sync').waitFor();
  await page.getByText('kind: service, now inventory').waitFor();
  await takePictures(page, 'history-company');
  await close();
});

/** The same books have an invoice that this company's records know nothing of. */
async function enterElsewhere(number) {
  const other = JSON.parse(await bookferry.run(['company', 'add', 'Entered elsewhere', '--enable', '--release', 'automatic', '--json']));
  await handOver({ ...bookferry, company: other }, [invoice(number, 'Müller Auto & Glass', '100.00')]);
  const { url, user_name: user, password } = other.web_connector;
  const books = `company-file-${connector.user_name}.sqlite`;
  await bookferry.run(['simulate', url, '--user', user, '--password', password, '--company-file', books, '--visits', '1']);
}

async function connection(page) {
  const fact = (name) => page.locator('dl div').filter({ hasText: name }).first().locator('code').innerText();
  return { user_name: await fact('User name in the Web Connector'), url: await fact('Address of the service') };
}

async function text(download) {
  const parts = [];
  for await (const part of await download.createReadStream()) parts.push(part);
  return Buffer.concat(parts).toString();
}

function element(xml, name) {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}
