// Columns are drawn to their width; the server keeps it for the person. Without a mouse: Columns, above the grid.

const WIDTH_MIN = 40;
const WIDTH_MAX = 900;

export function columnWidths(records) {
  for (const heading of records?.querySelectorAll('th[data-column]') ?? []) {
    const grip = heading.appendChild(document.createElement('span'));
    grip.className = 'grip';
    grip.addEventListener('pointerdown', (event) => draw(event, heading));
  }
  closeTogether();
}

function draw(event, heading) {
  event.preventDefault();
  const { column } = heading.dataset;
  const start = event.clientX;
  const before = heading.offsetWidth;
  const grip = event.target;
  let width = before;
  grip.setPointerCapture(event.pointerId);
  const move = ({ clientX }) => {
    width = Math.round(Math.min(Math.max(before + clientX - start, WIDTH_MIN), WIDTH_MAX));
    apply(heading, width);
  };
  grip.addEventListener('pointermove', move);
  grip.addEventListener('lostpointercapture', () => {
    grip.removeEventListener('pointermove', move);
    if (width !== before) keep(heading, column, width);
  }, { once: true });
}

function apply(heading, width) {
  const table = heading.closest('table');
  table.querySelector(`col[data-column="${heading.dataset.column}"]`).width = width;
  const index = heading.cellIndex;
  for (const row of table.querySelectorAll('tr[data-id]')) row.cells[index]?.classList.add('cut');
}

function keep(heading, column, width) {
  const form_token = heading.closest('form').elements.form_token.value;
  const body = new URLSearchParams({ form_token, part: 'width', column, width });
  fetch(document.body.dataset.layout, { method: 'POST', body, redirect: 'manual', headers: { 'X-Bookferry-Refresh': '1' } });
}

/** What pops up goes away when somebody works elsewhere, or presses Escape. */
function closeTogether() {
  const popups = [...document.querySelectorAll('details.pop')];
  document.addEventListener('click', ({ target }) => popups.forEach((pop) => { if (!pop.contains(target)) pop.open = false; }));
  document.addEventListener('keydown', (event) => {
    const open = popups.find((pop) => pop.open);
    if (event.key !== 'Escape' || !open) return;
    open.open = false;
    open.querySelector('summary').focus();
  });
}
