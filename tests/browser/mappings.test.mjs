// An item that the application calls otherwise: from a record that waits for it to one that has crossed, by buttons alone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openPage, openTab, signIn, startChromium, takePictures } from './browser.mjs';
import { startBookferry } from './server.mjs';
import { handOver, invoice, send, summary } from './shop.mjs';

const WREN = { email: 'wren@ridgeline.example', password: 'four quiet harbours in fog' };

let bookferry;
let strict;
let chromium;

before(async () => {
  bookferry = await startBookferry();
  chromium = await startChromium();
  // One company has made the items in QuickBooks; the other works on the same books and may make none.
  const company = JSON.parse(await bookferry.run(['company', 'add', 'Ridgeline, second shop', '--enable', '--create', 'customers', '--json']));
  await bookferry.run(['user', 'add', WREN.email, '--role', 'bookkeeper', '--company', company.company.id], WREN.password);
  strict = { ...bookferry, company };
  const items = ['Windshield FW-02717', 'Back glass FB-01', 'Labor'];
  await handOver(bookferry, items.map((item, index) => sold(900 + index, item)));
  await release(bookferry);
  await bookferry.visit();
});

after(async () => {
  await chromium?.close();
  await bookferry?.stop();
});

test('a record that lacks an item crosses after its name is mapped and it is retried', async () => {
  await handOver(strict, [sold(1, 'Windshield FW02717'), sold(2, 'Labour'), sold(3, 'Glass for the back'), sold(4, 'Labor')]);
  await release(strict);
  await visit(strict);
  await visit(strict);
  const before = await summary(strict);
  assert.deepEqual([before.submitted, before.needs_attention], [1, 3]);

  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page, WREN);
  await openTab(page, 'Needs Attention');
  await takePictures(page, 'attention-items-missing');
  await openTab(page, 'Lists');
  await page.getByRole('navigation', { name: 'Lists, mappings or reconciliation' }).getByRole('link', { name: 'Mappings' }).click();
  await page.getByRole('navigation', { name: 'Mappings by list' }).getByRole('link', { name: 'Items', exact: true }).click();
  await page.getByRole('heading', { name: 'Not in QuickBooks under this name' }).waitFor();
  const select = (name) => page.getByRole('combobox', { name: `What ${name} stands for`, exact: true });
  assert.equal(await select('Windshield FW02717').locator('option:checked').innerText(), 'Windshield FW-02717 (100 % alike)');
  assert.equal(await select('Labour').locator('option:checked').innerText(), 'Nothing chosen', 'a letter may make another item');
  await takePictures(page, 'mappings');
  await page.getByRole('button', { name: 'Confirm all that are chosen', exact: true }).click();
  await page.getByText('1 name stands for what you chose.').waitFor();
  await select('Labour').selectOption({ label: 'Labor (91 % alike)' });
  await page.getByRole('button', { name: 'Confirm Labour', exact: true }).click();
  await page.getByRole('button', { name: 'Remove Labour', exact: true }).waitFor();

  await page.getByRole('link', { name: 'Choose another for Glass for the back', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Find a name in QuickBooks' }).fill('back');
  await page.getByRole('button', { name: 'Find', exact: true }).click();
  await page.getByRole('heading', { name: 'What does “Glass for the back” stand for?' }).waitFor();
  await takePictures(page, 'mapping-chosen');
  await page.getByRole('button', { name: 'Use Back glass FB-01', exact: true }).click();
  await page.getByText('Every name that your records have is in QuickBooks’ list').waitFor();
  await takePictures(page, 'mappings-made');

  await openTab(page, 'Needs Attention');
  await page.getByRole('checkbox', { name: 'Select all 3 records' }).check();
  await page.getByRole('button', { name: 'Retry', exact: true }).click();
  await page.getByText('3 records marked ready to sync again.').first().waitFor();
  await visit(strict);
  const { submitted, needs_attention: waiting } = await summary(strict);
  assert.deepEqual({ submitted, waiting }, { submitted: 4, waiting: 0 });
  await close();
});

test('a table with a wrong line is refused with its number, and taken once it is right, without the script', async () => {
  const { page, close } = await openPage(chromium, bookferry.base, { javaScriptEnabled: false }, [/status of 422 /]);
  await signIn(page, WREN);
  await page.goto(`/companies/${strict.company.company.id}/lists/mappings?list=items`);
  const table = (entry) => `List,Your application's name,Name in QuickBooks\nitems,Windshield FW02717,Windshield FW-02717\nitems,Work,${entry}\n`;
  const paste = page.getByLabel('Paste the table with its heading');
  await paste.fill(table('Toil'));
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('Line 3: QuickBooks has no item named “Toil”').waitFor();
  assert.equal(await paste.inputValue(), table('Toil'));
  await paste.fill('');
  await page.getByLabel('Choose the CSV file').setInputFiles({ name: 'mappings.csv', mimeType: 'text/csv', buffer: Buffer.from(table('Labor')) });
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByText('2 names stand for what you chose.').waitFor();
  await page.getByRole('button', { name: 'Remove Work', exact: true }).click();
  await page.getByText('The mapping was removed.').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Remove Work', exact: true }).count(), 0);
  await close();
});

function sold(number, item) {
  return invoice(number, 'Harbor Taxi', '50.00', { lines: [{ item, quantity: '1', rate: '50.00', amount: '50.00' }] });
}

function release(of) {
  return send(of, 'POST', '/api/v1/records/ready', JSON.stringify({ filter: {} }), 'application/json');
}

/** A visit of this company's Web Connector to the books that both share. */
function visit({ company, run }) {
  const { url, user_name: user, password } = company.web_connector;
  const books = `company-file-${bookferry.company.web_connector.user_name}.sqlite`;
  return run(['simulate', url, '--user', user, '--password', password, '--company-file', books, '--visits', '1']);
}
