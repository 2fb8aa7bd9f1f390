// How Lighthouse scores the accessibility of every page: `./test --only lighthouse`.

import lighthouse from 'lighthouse';

import { openPage, signIn, startChromium } from '../browser/browser.mjs';
import { freePort, startBookferry } from '../browser/server.mjs';
import { handOver, invoice, payment } from '../browser/shop.mjs';

const ADMIN = { email: 'ruth@ridgeline.example', password: 'nine wet ferries at noon' };

const bookferry = await startBookferry();
const port = await freePort();
const chromium = await startChromium([`--remote-debugging-port=${port}`]);
try {
  const cookie = await prepare();
  const addresses = await pages(cookie);
  let worst = 100;
  for (const address of addresses) {
    const { score, failed } = await scoreOf(address, address === '/login' ? '' : cookie);
    console.log(`${String(score).padStart(3)} ${address}${failed.map((audit) => `\n      ${audit}`).join('')}`);
    worst = Math.min(worst, score);
  }
  console.log(`lighthouse: pages=${addresses.length} lowest_accessibility=${worst}`);
  process.exitCode = worst === 100 ? 0 : 1;
} finally {
  await chromium.close();
  await bookferry.stop();
}

/** Fills the queue with records that crossed, that were refused and that wait; returns the administrator's cookie. */
async function prepare() {
  await bookferry.run(['user', 'add', ADMIN.email, '--role', 'admin'], ADMIN.password);
  await handOver(bookferry, [
    invoice(1042, 'Müller Auto & Glass', '270.00'),
    invoice('2026-11-20-1044', 'Harbor Fleet', '99.00'),
    payment(881, 1042, 'Müller Auto & Glass', '270.00'),
  ]);
  const { page, close } = await openPage(chromium, bookferry.base);
  await signIn(page, ADMIN);
  await page.goto(`/companies/${bookferry.company.company.id}/submissions`);
  await page.getByRole('checkbox', { name: 'Select all records', exact: true }).check();
  await page.getByRole('button', { name: 'Mark Ready to Sync', exact: true }).click();
  await page.getByText('3 records marked ready to sync.').first().waitFor();
  await bookferry.visit();
  await handOver(bookferry, [invoice(1050, 'Lawn Depot', '50.00')]);
  const cookies = await page.context().cookies();
  await close();
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

/** Every page of the menu and the tabs, and one record. */
async function pages(cookie) {
  const base = `/companies/${bookferry.company.company.id}`;
  const list = await fetch(`${bookferry.base}${base}/submissions`, { headers: { cookie } });
  const [, record] = (await list.text()).match(new RegExp(`href="(${base}/records/[0-9a-f-]+)`)) ?? [];
  if (!record) throw new Error('there is no record on the page');
  const tabs = [
    ...['submissions', 'attention', 'lists', 'lists/mappings', 'lists/reconciliation', 'history', 'history/people'],
    ...['older', 'setup', 'people'],
  ];
  return ['/login', '/help', '/password', '/companies/new', record, ...tabs.map((tab) => `${base}/${tab}`)];
}

/** The page's score of 100, and the audits that it failed. */
async function scoreOf(address, cookie) {
  const extraHeaders = cookie ? { cookie } : {};
  const options = { port, extraHeaders, onlyCategories: ['accessibility'], disableStorageReset: true, logLevel: 'error' };
  const { lhr } = await lighthouse(bookferry.base + address, options);
  if (new URL(lhr.finalDisplayedUrl).pathname !== address) throw new Error(`${address} led to ${lhr.finalDisplayedUrl}`);
  const failed = Object.values(lhr.audits).filter(({ score }) => score === 0);
  return {
    score: Math.round(lhr.categories.accessibility.score * 100),
    failed: failed.map(({ id, details }) => `${id}: ${details?.items?.[0]?.node?.snippet ?? ''}`),
  };
}
