// What leaves the server by itself: a webhook, whose signature is checked by the specification's own library, and letters.

import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { setInterval as every } from 'node:timers/promises';

import { Webhook } from 'standardwebhooks';

import { openPage, signIn, startChromium, takePictures } from './browser.mjs';
import { startBookferry } from './server.mjs';
import { handOver, invoice, send } from './shop.mjs';

const ADMIN = { email: 'ruth@harbor.example', password: 'nine wet ferries at noon' };
const WAIT_MS_MAX = 20_000;

let bookferry;
let chromium;
let endpoint;

before(async () => {
  bookferry = await startBookferry({
    options: {
      BOOKFERRY_PRIVATE_WEBHOOKS: 'true',
      BOOKFERRY_SMTP_URL: 'smtp://127.0.0.1:9',
      BOOKFERRY_MAIL_FROM: 'Bookferry <books@harbor.example>',
    },
  });
  chromium = await startChromium();
  endpoint = await startEndpoint();
  await bookferry.run(['user', 'add', ADMIN.email, '--role', 'admin'], ADMIN.password);
});

after(async () => {
  await endpoint?.stop();
  await chromium?.close();
  await bookferry?.stop();
});

test('what happens arrives at the webhook, signed, in order, and after a failure again', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page, ADMIN);
  await page.getByRole('link', { name: 'People and keys' }).click();
  await page.getByText('No webhook yet.').waitFor();
  await page.getByLabel('Address of the new webhook').fill(endpoint.url);
  await page.getByRole('button', { name: 'Add a webhook' }).click();
  await page.getByRole('heading', { name: 'The secret of the new webhook' }).waitFor();
  const secret = await page.locator('.secret code').innerText();
  await takePictures(page, 'webhook-added');

  endpoint.status = 500;
  const refused = endpoint.next();
  await handOver(bookferry, [invoice(1, 'Lawn Depot', '10.00')]);
  const { id } = await refused;
  // The server writes down what it was answered after we have answered.
  const trouble = page.getByText('it answered HTTP 500');
  const late = AbortSignal.timeout(WAIT_MS_MAX);
  for await (const _ of every(100, undefined, { signal: late })) {
    await page.goto(page.url());
    if (await trouble.isVisible()) break;
  }
  await takePictures(page, 'webhook-in-trouble');
  endpoint.status = 204;
  const again = endpoint.next();
  await page.getByRole('button', { name: `Try ${endpoint.url} again` }).click();
  const delivered = await again;
  assert.equal(delivered.id, id, 'the same event comes again');
  const event = new Webhook(secret).verify(delivered.body, delivered.headers);
  assert.deepEqual([event.kind, event.external_id, event.to_status], ['invoice', 'inv-1', 'unsent']);
  const { data } = JSON.parse(await send(bookferry, 'GET', '/api/v1/events'));
  assert.deepEqual(event, data[0]);
  assert.throws(() => new Webhook(secret).verify(delivered.body.replace('inv-1', 'inv-2'), delivered.headers));

  await page.getByText('Remove…').click();
  await page.getByRole('button', { name: `Remove the webhook ${endpoint.url}` }).click();
  await page.getByText('The webhook was removed.').first().waitFor();
  await close();
});

test('everybody chooses how often they are written to', async () => {
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page);
  await page.goto('/password');
  await page.getByLabel('Write to me when something waits').selectOption('At most once a day');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('That is how you are told from now on.').first().waitFor();
  assert.equal(await page.getByLabel('Write to me when something waits').inputValue(), 'day');
  await takePictures(page, 'mail-chosen');
  await close();
});

/** The application's end: `next` is the next delivery that comes in. */
async function startEndpoint() {
  const arrivals = new EventEmitter();
  const endpoint = {
    status: 204,
    async next() {
      const [delivery] = await once(arrivals, 'delivery', { signal: AbortSignal.timeout(WAIT_MS_MAX) });
      return delivery;
    },
    stop: () => new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    }),
  };
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    response.writeHead(endpoint.status).end();
    const body = Buffer.concat(parts).toString();
    response.on('close', () => arrivals.emit('delivery', { id: request.headers['webhook-id'], headers: request.headers, body }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint.url = `http://127.0.0.1:${server.address().port}/hook`;
  return endpoint;
}
