// The causes of docs/causes.md, and a bookkeeper who reads them under Needs Attention and presses their buttons.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import { account } from './account.mjs';
import { openPage, signIn, startChromium } from './browser.mjs';
import { startBookferry } from './server.mjs';

const ADMIN = { email: 'ruth@ridgeline.example', password: 'nine wet ferries at noon' };

/** The catalogue: what holds up records and visits, and which buttons mend it. */
export async function readCauses() {
  const text = await readFile(new URL('../../docs/causes.md', import.meta.url), 'utf8');
  const [, records, visits] = text.split(/^## /m);
  const rows = (part) => part.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split(' | '));
  return {
    records: rows(records).map(([code, title, , , , , buttons]) => ({
      code: word(code),
      title: spoken(title),
      buttons: buttons.replace(/ \|$/, '').split(', '),
    })),
    visits: rows(visits).map(([code, title]) => ({ code: word(code), title: spoken(title) })),
  };
}

/** Somebody at the Sync Manager of a company of their own, with an account of what they mend. */
export class Bookkeeper {
  static async start(options, provoked = []) {
    const bookferry = await startBookferry(options);
    const chromium = await startChromium();
    await bookferry.run(['user', 'add', ADMIN.email, '--role', 'admin'], ADMIN.password);
    const { page, close } = await openPage(chromium, bookferry.base, {}, provoked);
    await signIn(page, ADMIN);
    return Object.assign(new Bookkeeper(), { bookferry, chromium, page, close, mended: new Set(), pressed: new Set() });
  }

  async stop() {
    try {
      await this.close();
    } finally {
      await this.chromium.close();
      await this.bookferry.stop();
    }
  }

  signIn() {
    return signIn(this.page, ADMIN);
  }

  path(tab) {
    return `/companies/${this.bookferry.company.company.id}/${tab}`;
  }

  /** The cause on Needs Attention under which a record stands, such as `invoice 1042`. */
  cause(record) {
    return this.page.locator('form.cause').filter({ has: this.link(record) });
  }

  link(record) {
    return this.page.getByRole('link', { name: capital(record), exact: true });
  }

  checkbox(record) {
    return this.page.getByRole('checkbox', { name: `Select ${record}`, exact: true });
  }

  /** Reads on Needs Attention that the record waits for just that cause. */
  async reads(record, { code, title }) {
    await this.page.goto(this.path('attention'));
    const cause = this.cause(record);
    await cause.getByRole('heading', { name: title }).waitFor();
    const [attention, caused] = await Promise.all(['attention', 'cause_code'].map((name) => cause.locator(`input[name=${name}]`).inputValue()));
    assert.equal(caused || attention, code, record);
  }

  /** Presses a button for the record, on the page that follows too where it asks first; `fill` is done there before. */
  async press(record, button, fill = async () => {}) {
    if (new URL(this.page.url()).pathname !== this.path('attention')) await this.page.goto(this.path('attention'));
    await this.checkbox(record).check();
    await this.cause(record).getByRole('button', { name: button, exact: true }).click();
    const once = button.replace('…', '');
    const confirm = this.page.getByRole('button', { name: `${once}: 1 record`, exact: true });
    const told = this.page.getByText(/^1 record /).first();
    if (button.endsWith('…') || button === 'Do not send') {
      await confirm.waitFor();
      await fill(this.page);
      await confirm.click();
    }
    await told.waitFor();
    this.pressed.add(button);
  }

  /** Says of what is in doubt, on the record's own page, whether it is in QuickBooks. */
  async say(record, button, fill = async () => {}) {
    if (new URL(this.page.url()).pathname !== this.path('attention')) await this.page.goto(this.path('attention'));
    await this.link(record).click();
    await this.page.getByRole('dialog').waitFor();
    await fill(this.page.getByRole('dialog'));
    this.pressed.add(button);
  }

  /** Says that it may be in QuickBooks under this number: the next visit looks. */
  looksFor(record, number) {
    return this.say(record, 'Already in QuickBooks…', async (drawer) => {
      await drawer.locator('summary', { hasText: 'Already in QuickBooks…' }).click();
      await drawer.getByLabel('Or its number in QuickBooks').fill(String(number));
      await drawer.getByRole('button', { name: 'Look for it in the next visit' }).click();
      await drawer.getByText(`The next visit looks for ${number} in QuickBooks.`).waitFor();
    });
  }

  isMended(...causes) {
    for (const { code } of causes) this.mended.add(code);
  }

  /** Says what was mended of these causes, and by which buttons. */
  account(causes) {
    console.log(`causes_mended_here=${this.mended.size} of ${causes.length} buttons_pressed_here=${this.pressed.size}`);
    return account({ causes: this.mended, buttons: this.pressed });
  }
}

function word(code) {
  return code.match(/`(.*)`/)[1];
}

/** The sentence up to what stands for a name that this one does not have. */
function spoken(title) {
  const [words] = title.replace(/\.$/, '').split(/[“…]/);
  return new RegExp(words.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}
