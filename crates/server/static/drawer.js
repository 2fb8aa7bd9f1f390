// A record over the page it was opened from: at its own address, closed by Escape or by going back.

import { afterEachLook, fetchPage, look, patchPieces } from './live.js';
import { announce, element } from './words.js';

const drawer = document.querySelector('#drawer');
const place = drawer?.querySelector('.drawer-place');
/** The address of the record that is shown, and the one that is on its way. */
let shown = null;
let wanted = null;

export function recordDrawer() {
  if (!drawer) return;
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-record]');
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const depth = (history.state?.depth ?? 0) + 1;
    history.pushState({ record: link.getAttribute('href'), depth }, '', link.href);
    show(link.getAttribute('href'), link.dataset.record);
  });
  addEventListener('popstate', ({ state }) => {
    if (state?.record) show(state.record, 'Record');
    else close();
  });
  drawer.addEventListener('cancel', (event) => {
    event.preventDefault();
    leave();
  });
  drawer.addEventListener('click', (event) => {
    if (event.target === drawer || event.target.closest('[data-close]')) leave();
    const step = event.target.closest('[data-step]');
    if (step) showNeighbour(Number(step.dataset.step));
  });
  drawer.addEventListener('submit', submit);
  drawer.addEventListener('toggle', loadDetails, true);
  document.querySelector('main').addEventListener('toggle', loadDetails, true);
  afterEachLook(() => {
    if (shown && drawer.open) fetchPage(shown).then((page) => patchPieces(place, page), () => {});
  });
}

async function show(address, name) {
  wanted = address;
  if (!drawer.open) drawer.showModal();
  drawer.querySelector('.drawer-page').href = address;
  tellNeighbours(address);
  if (address !== shown) {
    shown = null;
    place.replaceChildren(element('h1', { textContent: name }), element('p', { className: 'loading', textContent: 'Loading…' }));
  }
  try {
    put(await fetchPage(address), address);
  } catch {
    const again = element('button', { type: 'button', textContent: 'Try again' });
    again.addEventListener('click', () => show(address, name));
    if (wanted === address) place.replaceChildren(element('h1', { textContent: name }), element('p', { textContent: 'The record could not be read. ' }), again);
  }
}

function put(page, address) {
  if (wanted !== address || !drawer.open) return;
  const record = page.querySelector('#record');
  if (!record) throw new Error('no record');
  place.replaceChildren(document.adoptNode(record));
  drawer.scrollTop = shown === address ? drawer.scrollTop : 0;
  shown = address;
}

/** Back to where the first record was opened; what follows is done when the browser has arrived there. */
function leave() {
  const depth = history.state?.depth ?? 0;
  if (depth > 0) history.go(-depth);
  else close();
}

function close() {
  if (!drawer.open) return;
  const from = wanted;
  shown = wanted = null;
  drawer.close();
  place.replaceChildren();
  (linkTo(from) ?? document.querySelector('.grid'))?.focus({ preventScroll: true });
}

/** The record before or after this one, in the order of the page. */
function showNeighbour(step) {
  const link = neighbour(wanted, step);
  if (!link) return;
  const address = link.getAttribute('href');
  history.replaceState({ ...history.state, record: address }, '', link.href);
  show(address, link.dataset.record);
  announce(link.dataset.record);
}

function tellNeighbours(address) {
  for (const button of drawer.querySelectorAll('[data-step]')) {
    button.disabled = !neighbour(address, Number(button.dataset.step));
  }
}

function neighbour(address, step) {
  const links = [...document.querySelectorAll('main tr a[data-record]')];
  const index = links.findIndex((link) => link.getAttribute('href') === address);
  return index < 0 ? undefined : links[index + step];
}

function linkTo(address) {
  return document.querySelector(`main a[data-record][href="${CSS.escape(address ?? '')}"]`);
}

/** A button in the drawer acts on the record and shows it as it is then. */
async function submit(event) {
  if (event.defaultPrevented) return;
  event.preventDefault();
  const form = event.target;
  if (form.dataset.busy) return;
  form.dataset.busy = '1';
  const address = wanted;
  try {
    const body = new URLSearchParams(new FormData(form, event.submitter));
    put(await fetchPage(form.action, { method: 'POST', body }), address);
    const told = place.querySelector('.notice p');
    if (told) announce(told.textContent);
    look();
  } catch (error) {
    const why = error.page?.querySelector('main h1')?.textContent ?? 'The server does not answer';
    const text = `${why}. Nothing was changed as far as this page knows; open the record again.`;
    place.prepend(element('p', { className: 'notice warning', role: 'alert', textContent: text }));
    delete form.dataset.busy;
  }
}

/** What is long is loaded when somebody opens it. */
async function loadDetails({ target: details }) {
  if (!details.open || !details.dataset?.load || 'loaded' in details.dataset) return;
  details.dataset.loaded = '';
  const holder = details.querySelector('.loaded');
  holder.textContent = 'Loading…';
  try {
    const page = await fetchPage(details.dataset.load);
    holder.replaceChildren(...document.adoptNode(page.querySelector('#loaded')).childNodes);
  } catch {
    delete details.dataset.loaded;
    holder.textContent = 'It could not be read. Close this and open it again.';
  }
}
