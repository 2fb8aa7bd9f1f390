// Chromium, the sign-in, pictures, and what every page must keep: no violation of axe's rules, no blocked resource, no error.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';

import { BOOKKEEPER } from './server.mjs';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const PICTURES = process.env.BOOKFERRY_SCREENSHOTS ?? '../../target/screenshots';
const WAIT_MS_MAX = 10_000;
/**
 * Among these are all rules by which Lighthouse scores accessibility (it runs axe too): a page that breaks none has 100
 * there. Lighthouse itself, which brings 185 MB of packages, is asked by `./test --only lighthouse`.
 */
const WCAG = ['best-practice', 'wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Starts Chromium with a profile of its own, which is deleted when it closes. */
export function startChromium(further = []) {
  return chromium.launch({
    executablePath: process.env.BOOKFERRY_CHROMIUM ?? CHROMIUM,
    args: [
      // Chromium refuses its sandbox to root, as whom tests run in containers; it only opens our own pages.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...further,
    ],
  });
}

/**
 * Opens a page on which any script error, console error or blocked resource fails the test that closes it, but for
 * those that the test provokes.
 */
export async function openPage(chromium, base, options = {}, provoked = []) {
  const context = await chromium.newContext({ baseURL: base, viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(WAIT_MS_MAX);
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' || provoked.some((pattern) => pattern.test(message.text()))) return;
    complaints.push(`console: ${message.text()}`);
  });
  return {
    page,
    async close() {
      await context.close();
      assert.deepEqual(complaints, [], 'what the browser complained about');
    },
  };
}

/** Signs the bookkeeper, or somebody else, in by the form at /login. */
export async function signIn(page, person = BOOKKEEPER) {
  await page.goto('/login');
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('link', { name: /^QuickBooks Sync Queue/ }).waitFor();
}

/** Opens one of the four tabs of the Sync Manager. */
export async function openTab(page, name) {
  const tab = page.getByRole('tab', { name: new RegExp(`^${name}`) });
  await tab.click();
  await page.getByRole('tab', { name: new RegExp(`^${name}`), selected: true }).waitFor();
}

/** Fails with the rules of WCAG 2.2 A and AA that the page breaks, and where. */
export async function assertAccessible(page, what) {
  // Our pages have no frames; for these axe would open a page of its own each time.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(WCAG).analyze();
  const broken = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`));
  assert.deepEqual(broken, [], `axe on ${what}`);
}

/**
 * Takes the page as it is in light, in dark and 320 pixels wide, and checks each: axe, and no scrolling sideways.
 * The pictures are for people to look at; nothing compares them.
 */
export async function takePictures(page, name) {
  await mkdir(PICTURES, { recursive: true });
  const usual = page.viewportSize();
  for (const [variant, colorScheme, size] of [
    ['light', 'light', usual],
    ['dark', 'dark', usual],
    ['narrow', 'light', { width: 320, height: 700 }],
  ]) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize(size);
    await page.screenshot({ path: join(PICTURES, `${name}-${variant}.png`), fullPage: true });
    await assertAccessible(page, `${name}, ${variant}`);
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(excess <= 0, `${name}, ${variant}: the page scrolls sideways by ${excess} pixels`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(usual);
}
