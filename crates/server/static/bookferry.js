// Makes the pages quicker to work with; everything also works without it. Nothing is kept in the browser.

import { columnWidths } from './columns.js';
import { recordDrawer } from './drawer.js';
import { gridKeys } from './keys.js';
import { afterEachLook, keepFresh } from './live.js';
import { causeSelection, gridSelection, records, showCause, showSelection } from './selection.js';
import { announce, bold, element, localTimes, number } from './words.js';

/** What is done sooner than this needs no words. */
const DOING_AFTER_MS = 150;

localTimes(document);
announceNotice();
tabsByArrows();
document.addEventListener('submit', oncePerPress);
['pointerover', 'focusin', 'pointerout', 'focusout'].forEach((event) => document.addEventListener(event, sayWhatItDoes));
addEventListener('pageshow', () => document.querySelectorAll('form[data-busy]').forEach(noLongerBusy));
document.querySelectorAll('form.cause').forEach(causeSelection);
if (records) gridSelection();
recordDrawer();
gridKeys();
columnWidths(records);
keepFresh();
afterEachLook(tellHowFar);
copyButtons();
ownZone();
forgetForm();

function oncePerPress(event) {
  const form = event.target;
  if (form.method !== 'post' || event.defaultPrevented) return;
  if (form.dataset.selected === '0') {
    event.preventDefault();
    announce('Nothing is selected. Tick the records first.');
    const told = form.querySelector('.selected');
    told.hidden = false;
    told.replaceChildren(bold('Tick the records first'));
  } else if (form.dataset.busy) {
    event.preventDefault();
  } else {
    form.dataset.busy = '1';
    setTimeout(tellWhatIsDone, DOING_AFTER_MS, form, event.submitter);
  }
}

/** Before a button is pressed, its sentence stands beside what it will be done to; a screen reader has it from the button. */
function sayWhatItDoes({ type, target }) {
  const button = target.closest?.('button[aria-describedby]');
  const place = button?.form?.querySelector('.does');
  if (!place || button.form.dataset.selected === '0') return;
  const says = document.getElementById(button.getAttribute('aria-describedby'));
  const isOver = type === 'pointerover' || type === 'focusin';
  place.textContent = isOver ? `${button.textContent}: ${says.textContent}` : '';
}

/** Very many records take seconds: until the next page comes, this one says what is being done. */
function tellWhatIsDone(form, button) {
  if (!form.dataset.busy || !button?.dataset.doing) return;
  const place = form.id === 'undo' ? records : form;
  const count = Number(place.dataset.selected);
  const doing = button.dataset.doing.replace('#', `${number(count)} ${count === 1 ? 'record' : 'records'}`);
  const told = place.querySelector('.selected');
  told.hidden = false;
  told.replaceChildren(element('progress', { ariaHidden: 'true' }), bold(` ${doing}…`));
  place.dataset.doing = '';
  button.setAttribute('aria-busy', 'true');
  place.querySelectorAll('button[data-doing]').forEach((other) => other.setAttribute('aria-disabled', 'true'));
}

/** The strip tells everybody how far it is; whoever waits for it looks at the button. */
function tellHowFar() {
  const far = document.querySelector('.strip progress[data-mine]');
  const bar = document.querySelector('.selected progress');
  if (!far || !bar) return;
  Object.assign(bar, { max: far.max, value: far.value });
  bar.parentElement.querySelector('.far')?.remove();
  bar.parentElement.append(element('span', { className: 'far', textContent: ` ${far.textContent}` }));
}

/** The browser has brought back a page that somebody had left by pressing a button. */
function noLongerBusy(form) {
  delete form.dataset.busy;
  const place = form.id === 'undo' ? records : form;
  if (!('doing' in place.dataset)) return;
  delete place.dataset.doing;
  for (const button of place.querySelectorAll('button[data-doing]')) {
    button.removeAttribute('aria-disabled');
    button.removeAttribute('aria-busy');
  }
  if (place === records) showSelection();
  else showCause(place);
}

/** A browser lets a page write to the clipboard only over https or at this very computer. */
function copyButtons() {
  if (!navigator.clipboard) return;
  for (const place of document.querySelectorAll('[data-copy]')) {
    const button = element('button', { type: 'button', textContent: 'Copy' });
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(place.querySelector('code').textContent);
      button.textContent = 'Copied';
      announce('Copied.');
    });
    place.append(' ', button);
  }
}

/** A page that shows a secret once is reloaded as the page that it became, so that no form is sent again. */
function forgetForm() {
  const place = document.querySelector('[data-address]');
  if (place) history.replaceState(null, '', place.dataset.address);
}

/** Whoever adds a company most often sits where its QuickBooks does. */
function ownZone() {
  const field = document.querySelector('[data-own-zone]');
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (field?.value === 'UTC' && document.querySelector(`#zones option[value="${CSS.escape(zone)}"]`)) field.value = zone;
}

function announceNotice() {
  const told = document.querySelector('.notice p');
  if (!told) return;
  announce(told.textContent);
  const address = new URL(location.href);
  ['done', 'n', 'left', 'at', 'since'].forEach((name) => address.searchParams.delete(name));
  history.replaceState(null, '', address);
}

function tabsByArrows() {
  const tabs = [...document.querySelectorAll('[role="tab"]')];
  document.querySelector('[role="tablist"]')?.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) tabs.at((tabs.indexOf(document.activeElement) + step) % tabs.length)?.focus();
  });
}
