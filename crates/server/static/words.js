// Numbers, times and messages as people read and hear them.

export function number(count) {
  return count.toLocaleString('en-US');
}

/** From hundred-thousandths, exactly. */
export function money(e5) {
  const sign = e5 < 0n ? '-' : '';
  const magnitude = e5 < 0n ? -e5 : e5;
  const fraction = String(magnitude % 100_000n).padStart(5, '0').replace(/000$/, '');
  return `${sign}$${(magnitude / 100_000n).toLocaleString('en-US')}.${fraction}`;
}

/** The reader's zone instead of the server's. */
export function localTimes(root) {
  const today = new Date().toDateString();
  for (const time of root.querySelectorAll('time[datetime*="T"]')) {
    const at = new Date(time.dateTime);
    time.title = at.toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' });
    if (!('clock' in time.dataset)) continue;
    const day = at.toDateString() === today ? {} : { month: 'short', day: 'numeric' };
    time.textContent = at.toLocaleString([], { ...day, hour: 'numeric', minute: '2-digit' });
  }
}

/** A live region says only what is put into it after it has come. */
export function announce(text) {
  const holder = document.querySelector('dialog[open]') ?? document.body;
  const region = holder.appendChild(element('p', { className: 'unseen', role: 'status' }));
  setTimeout(() => { region.textContent = text; }, 150);
  setTimeout(() => region.remove(), 10_000);
}

export function bold(text) {
  return element('b', { textContent: text });
}

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
