// A visit that stops half-way, as long as a test wants to look at it: the first calls of a Web Connector, and the last.

/** Calls as far as the first message set; returns how to end the visit. */
export async function beginVisit({ company }) {
  const { url, user_name: user, password } = company.web_connector;
  const opened = await call(url, 'authenticate', { strUserName: user, strPassword: password });
  const ticket = /<string>([^<]+)<\/string>/.exec(opened)?.[1];
  if (!ticket) throw new Error(`no ticket: ${opened}`);
  await call(url, 'sendRequestXML', {
    ticket,
    strHCPResponse: '',
    strCompanyFileName: '',
    qbXMLCountry: 'US',
    qbXMLMajorVers: '13',
    qbXMLMinorVers: '0',
  });
  return { end: () => call(url, 'closeConnection', { ticket }) };
}

async function call(url, method, parameters) {
  const fields = Object.entries(parameters).map(([name, value]) => `<${name}>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</${name}>`);
  const body = `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>` +
    `<${method} xmlns="http://developer.intuit.com/">${fields.join('')}</${method}></soap:Body></soap:Envelope>`;
  const headers = { 'content-type': 'text/xml; charset=utf-8', soapaction: `"http://developer.intuit.com/${method}"` };
  const answer = await fetch(url, { method: 'POST', headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method}: ${answer.status} ${text}`);
  return text;
}
