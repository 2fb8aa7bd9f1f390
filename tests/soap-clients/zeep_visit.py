"""A whole visit by a SOAP client that zeep generates from the server's WSDL.

Usage: zeep_visit.py BINARY. The server, its database and its port are its own; nothing is left behind.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import requests
import zeep
from quickbooks import QuickBooks

COMPANY_FILE = r"C:\Books\Zeep shop.qbw"
INVOICE = {
    "number": "Z-1042",
    "date": "2026-11-20",
    "customer": {"name": "Müller Auto & Glass", "email": "office@example.com"},
    "lines": [
        {"item": "Windshield FW02717", "description": "Windshield <tinted>", "quantity": "1", "rate": "250.00", "amount": "250.00"},
        {"item": "Labour", "description": "Fitting", "quantity": "1.5", "rate": "80.00", "amount": "120.00"},
    ],
    "total": "370.00",
    "memo": "Handed over by the zeep suite",
}
# Far more than one invoice needs; a visit that does not end is a fault.
ROUNDS_MAX = 40
# A tenth of a second apart.
READY_CHECKS_MAX = 300


@contextmanager
def zeep_service(url: str):
    yield zeep.Client(f"{url}?wsdl").service


def main(name: str, client) -> None:
    """`client` makes the operations of the WSDL at an address callable, by their names and their arguments' names."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Interrupted."))
    with tempfile.TemporaryDirectory(prefix="bookferry-zeep-") as folder, server(Path(sys.argv[1]), folder) as (base, run):
        company = json.loads(run("company", "add", "Zeep shop", "--enable", "--json"))
        api = requests.Session()
        api.headers["Authorization"] = f"Bearer {company['api_key']}"
        hand_over(api, base)
        quickbooks = QuickBooks()
        with client(f"{base}/qbwc") as service:
            calls = visit(service, company["web_connector"], quickbooks)
            check_outcome(api, base, quickbooks)
            nothing_left(service, company["web_connector"])
    print(f"{name}: 1 visit of {calls} calls, {len(quickbooks.requests)} message sets, 1 invoice submitted")


@contextmanager
def server(binary: Path, folder: str):
    """A running server: its address, and a function that runs another of its commands."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    base = f"http://{address}"
    settings = {"BOOKFERRY_LISTEN": address, "BOOKFERRY_DATA_DIR": folder, "BOOKFERRY_PUBLIC_URL": base}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BOOKFERRY_")} | settings

    def run(*words: str) -> str:
        return subprocess.run([binary, *words], env=environment, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout

    process = subprocess.Popen([binary, "serve"], env=environment, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(process, base)
        yield base, run
    except BaseException:
        process.kill()
        raise
    finally:
        process.terminate()
        ended = process.wait(timeout=20)
    assert ended == 0, f"the server ended with {ended} after SIGTERM"


def wait_until_ready(process: subprocess.Popen, base: str) -> None:
    for _ in range(READY_CHECKS_MAX):
        try:
            if requests.get(f"{base}/readyz", timeout=10).ok:
                return
        except requests.ConnectionError:
            pass
        try:
            # Between two looks it is the end of the process that is waited for.
            ended = process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(f"the server ended at once, with {ended}")
    raise AssertionError("the server is not ready after half a minute")


def hand_over(api: requests.Session, base: str) -> None:
    record = answered(api.put(f"{base}/api/v1/invoices/zeep-1", json=INVOICE, timeout=30))
    assert record["status"] == "unsent", record
    changed = answered(api.post(f"{base}/api/v1/records/ready", json={"ids": [record["id"]]}, timeout=30))
    assert changed["changed"] == 1, changed


def visit(service, connector: dict, quickbooks: QuickBooks) -> int:
    """Does what the Web Connector does, and returns the number of calls."""
    assert service.serverVersion(), "serverVersion says nothing"
    warning = service.clientVersion(strVersion="34.0.10003.48")
    assert not warning, f"clientVersion would stop the visit: {warning}"
    ticket, answer = authenticate(service, connector)
    assert answer not in ("none", "nvu", "busy"), f"authenticate: {answer}"
    calls, first = 3, quickbooks.host_company_preferences()
    for _ in range(ROUNDS_MAX):
        request = service.sendRequestXML(
            ticket=ticket,
            strHCPResponse=first,
            strCompanyFileName=COMPANY_FILE,
            qbXMLCountry="US",
            qbXMLMajorVers=16,
            qbXMLMinorVers=0,
        )
        assert request, f"no request: {service.getLastError(ticket=ticket)}"
        response = quickbooks.process(request)
        percent = service.receiveResponseXML(ticket=ticket, response=response, hresult="", message="")
        calls, first = calls + 2, ""
        assert 0 <= percent <= 100, f"receiveResponseXML: {percent}: {service.getLastError(ticket=ticket)}"
        if percent == 100:
            assert service.closeConnection(ticket=ticket), "closeConnection says nothing"
            return calls + 1
    raise AssertionError(f"the visit does not end; the last request was {quickbooks.requests[-1]}")


def check_outcome(api: requests.Session, base: str, quickbooks: QuickBooks) -> None:
    record = answered(api.get(f"{base}/api/v1/invoices/zeep-1", timeout=30))
    exchanges = "\n".join(quickbooks.requests)
    assert record["status"] == "submitted", f"{record}\n{exchanges}"
    invoices = quickbooks.of_kind("Invoice")
    written = [(invoice.findtext("RefNumber"), invoice.findtext("Subtotal")) for invoice in invoices]
    assert written == [("Z-1042", "370.00")], f"{written}\n{exchanges}"
    assert invoices[0].findtext("CustomerRef/FullName") in (None, INVOICE["customer"]["name"]), exchanges
    customers = [customer.findtext("Name") for customer in quickbooks.of_kind("Customer")]
    assert customers == [INVOICE["customer"]["name"]], customers


def nothing_left(service, connector: dict) -> None:
    _, answer = authenticate(service, connector)
    assert answer == "none", f"a second visit should have nothing to do, but authenticate says {answer}"


def authenticate(service, connector: dict) -> tuple[str, str]:
    result = service.authenticate(strUserName=connector["user_name"], strPassword=connector["password"])
    strings = result if isinstance(result, list) else result.string
    assert len(strings) == 4, f"the Web Connector wants four strings, got {strings}"
    return strings[0], strings[1]


def answered(response: requests.Response) -> dict:
    assert response.ok, f"{response.request.method} {response.url}: {response.status_code} {response.text}"
    return response.json()


if __name__ == "__main__":
    main("zeep", zeep_service)
