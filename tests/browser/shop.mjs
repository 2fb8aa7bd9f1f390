// The records that the tests hand over, as an application would.

/** Hands records over in one batch and returns the result of each line; throws when one is refused. */
export async function handOver(bookferry, records) {
  const body = records.map((record) => JSON.stringify(record)).join('\n');
  const text = await send(bookferry, 'POST', '/api/v1/records/batch', body, 'application/x-ndjson');
  const results = text.trim().split('\n').map((line) => JSON.parse(line));
  if (results.length !== records.length || results.some(({ error }) => error)) throw new Error(`${records.length} records, but the answer is ${text}`);
  return results;
}

/** The company's counts by status. */
export async function summary(bookferry) {
  return JSON.parse(await send(bookferry, 'GET', '/api/v1/summary'));
}

/** Who waits for a person, and why: `invoice 1042: items_missing`. */
export async function waiting(bookferry) {
  const { data } = JSON.parse(await send(bookferry, 'GET', '/api/v1/records?status=needs_attention&limit=200'));
  return data.map(({ kind, number, cause }) => `${kind} ${number}: ${cause?.code}`).sort();
}

/** The status of `invoice 1042`. */
export async function statusOf(bookferry, record) {
  return (await stored(bookferry, record)).status;
}

/** Decides about `invoice 1042` as an application does. */
export async function resolve(bookferry, record, decision) {
  const { id } = await stored(bookferry, record);
  return send(bookferry, 'POST', `/api/v1/records/${id}/resolve`, JSON.stringify(decision), 'application/json');
}

async function stored(bookferry, record) {
  const [kind, number] = record.split(' ');
  return JSON.parse(await send(bookferry, 'GET', `/api/v1/${kind}s/${kind.slice(0, 3)}-${number}`));
}

/** Releases everything that is not sent. */
export function release(bookferry) {
  return send(bookferry, 'POST', '/api/v1/records/ready', JSON.stringify({ filter: {} }), 'application/json');
}

/** An invoice of one line. */
export function invoice(number, customer, amount, changes = {}) {
  return {
    kind: 'invoice',
    external_id: `inv-${number}`,
    number: String(number),
    date: '2026-11-20',
    customer: { name: customer },
    lines: [{ item: 'Windshield FW02717', quantity: '1', rate: amount, amount }],
    total: amount,
    ...changes,
  };
}

/** A payment of a whole invoice. */
export function payment(number, invoiceNumber, customer, amount, changes = {}) {
  return {
    kind: 'payment',
    external_id: `pay-${number}`,
    number: String(number),
    date: '2026-11-21',
    customer: { name: customer },
    method: 'Check',
    amount,
    applied_to: [{ invoice: `inv-${invoiceNumber}`, amount }],
    ...changes,
  };
}

/** A request with the company's key; throws where it is refused. */
export async function send({ base, company }, method, path, body, type) {
  const headers = { authorization: `Bearer ${company.api_key}`, ...(type && { 'content-type': type }) };
  const answer = await fetch(base + path, { method, headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text;
}
