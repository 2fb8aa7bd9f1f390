"""A QuickBooks small enough to read: lists that start nearly empty, adds that are kept, queries that find them.

It knows nothing of Bookferry and checks little; crates/simulator is the strict one. What it shows is that a client
of another make, with answers of another make, completes a visit.
"""

import copy
import xml.etree.ElementTree as ET
from decimal import Decimal

NOW = "2026-11-20T10:00:00-08:00"

# What each kind of query looks through; an item query looks through every kind of item.
ITEM_KINDS = (
    "ItemService ItemNonInventory ItemInventory ItemOtherCharge ItemDiscount ItemSalesTax ItemSubtotal ItemPayment ItemGroup"
).split()
# The order in which QuickBooks returns an invoice's fields.
INVOICE_RET = (
    "CustomerRef ClassRef ARAccountRef TemplateRef TxnDate RefNumber BillAddress ShipAddress IsPending IsFinanceCharge "
    "PONumber TermsRef DueDate SalesRepRef FOB ShipDate ShipMethodRef Subtotal ItemSalesTaxRef SalesTaxPercentage "
    "SalesTaxTotal AppliedAmount BalanceRemaining CurrencyRef ExchangeRate Memo IsPaid CustomerMsgRef IsToBePrinted "
    "IsToBeEmailed CustomerSalesTaxCodeRef Other ExternalGUID InvoiceLineRet"
).split()
INVOICE_LINE_RET = (
    "TxnLineID ItemRef Desc Quantity UnitOfMeasure Rate RatePercent ClassRef Amount ServiceDate SalesTaxCodeRef Other1 Other2"
).split()
TRANSACTION_KINDS = ("Invoice", "ReceivePayment", "CreditMemo", "SalesReceipt")


class QuickBooks:
    """A company file and the request processor in front of it."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, ET.Element]] = []
        self.requests: list[str] = []
        self.number = 0
        self.add("Account", element("AccountAdd", Name="Accounts Receivable", AccountType="AccountsReceivable"))
        self.add("Account", element("AccountAdd", Name="Undeposited Funds", AccountType="OtherCurrentAsset"))
        for code, taxable in (("Tax", "true"), ("Non", "false")):
            self.add("SalesTaxCode", element("SalesTaxCodeAdd", Name=code, IsTaxable=taxable))

    def of_kind(self, kind: str) -> list[ET.Element]:
        """What the company file holds of one kind, as it was returned."""
        return [entry for kept, entry in self.entries if kept == kind]

    def host_company_preferences(self) -> str:
        """The document that the Web Connector hands over with the first request of a visit."""
        names = ("HostQueryRq", "CompanyQueryRq", "PreferencesQueryRq")
        return document([self.answer(ET.Element(name)) for name in names], {})

    def process(self, request: str) -> str:
        """Runs a message set and returns QuickBooks' answer."""
        self.requests.append(request)
        message_set = ET.fromstring(request).find("QBXMLMsgsRq")
        assert message_set is not None, f"no QBXMLMsgsRq in {request}"
        assert message_set.get("onError") in ("stopOnError", "continueOnError"), request
        attributes = {}
        if "newMessageSetID" in message_set.attrib:
            attributes = {"newMessageSetID": message_set.attrib["newMessageSetID"], "messageSetStatusCode": "0"}
            assert len(attributes["newMessageSetID"]) <= 24, "QuickBooks takes 24 characters"
        return document([self.answer(request) for request in message_set], attributes)

    def answer(self, request: ET.Element) -> ET.Element:
        name = request.tag.removesuffix("Rq")
        if name in FIXED:
            found, status = [ET.fromstring(FIXED[name])], (0, "Info", "Status OK")
        elif name.endswith("Query"):
            found, status = self.query(name.removesuffix("Query"), request)
        elif name.endswith("Add"):
            found, status = [self.add(name.removesuffix("Add"), request[0])], (0, "Info", "Status OK")
        else:
            found, status = [], (1030, "Error", f"{name} is not supported here")
        code, severity, message = status
        attributes = {"statusCode": str(code), "statusSeverity": severity, "statusMessage": message}
        if "requestID" in request.attrib:
            attributes["requestID"] = request.attrib["requestID"]
        answer = ET.Element(f"{name}Rs", attributes)
        answer.extend(found)
        return answer

    def query(self, kind: str, request: ET.Element) -> tuple[list[ET.Element], tuple[int, str, str]]:
        kinds = {"Item": ITEM_KINDS, "Transaction": TRANSACTION_KINDS}.get(kind, [kind])
        entries = [entry for kept, entry in self.entries if kept in kinds]
        keys = [key for key in ("ListID", "FullName", "TxnID", "RefNumber") if request.find(key) is not None]
        if not keys:
            found = copy.deepcopy(entries)
            return found, (0, "Info", "Status OK") if found else (1, "Info", "No matching object was found")
        wanted = [value.text or "" for value in request.findall(keys[0])]
        found = [copy.deepcopy(entry) for entry in entries if matches(entry, keys[0], wanted)]
        if len(found) < len(wanted):
            return found, (500, "Warn", "A required object could not be found")
        return found, (0, "Info", "Status OK")

    def add(self, kind: str, content: ET.Element) -> ET.Element:
        """Keeps what an Add aggregate says, and returns it as QuickBooks would."""
        self.number += 1
        entry = ET.Element(f"{kind}Ret")
        identity = "TxnID" if kind in TRANSACTION_KINDS else "ListID"
        head = {identity: f"{self.number:X}-1763632800", "TimeCreated": NOW, "TimeModified": NOW, "EditSequence": "1763632800"}
        entry.extend(leaf(name, text) for name, text in head.items())
        if kind in TRANSACTION_KINDS:
            entry.append(leaf("TxnNumber", str(self.number)))
            entry.extend(transaction_body(kind, content))
        else:
            entry.extend(list_body(kind, content))
        self.entries.append((kind, entry))
        return copy.deepcopy(entry)


def list_body(kind: str, content: ET.Element) -> list[ET.Element]:
    body = [copy.deepcopy(child) for child in content]
    name, parent = content.findtext("Name", ""), content.findtext("ParentRef/FullName")
    if kind not in ("SalesTaxCode", "ItemSalesTax", "PaymentMethod", "StandardTerms"):
        body.insert(1, leaf("FullName", f"{parent}:{name}" if parent else name))
    if content.find("IsActive") is None:
        body.insert(1 if len(body) == 1 else 2, leaf("IsActive", "true"))
    return body


def transaction_body(kind: str, content: ET.Element) -> list[ET.Element]:
    """The Add's own fields, sums and lines."""
    lines = [line for line in content if line.tag == f"{kind}LineAdd"]
    body = [copy.deepcopy(child) for child in content if child not in lines]
    if kind != "Invoice":
        return body
    total = f"{sum((line_amount(line) for line in lines), Decimal(0)):.2f}"
    sums = {"Subtotal": total, "SalesTaxTotal": "0.00", "AppliedAmount": "0.00", "BalanceRemaining": total, "IsPaid": "false"}
    body.extend(leaf(name, text) for name, text in sums.items())
    body.extend(invoice_line(number, line) for number, line in enumerate(lines, start=1))
    return in_order(body, INVOICE_RET)


def invoice_line(number: int, line: ET.Element) -> ET.Element:
    children = [leaf("TxnLineID", f"{number:X}-1763632801"), leaf("Amount", f"{line_amount(line):.2f}")]
    children += [copy.deepcopy(child) for child in line if child.tag != "Amount"]
    returned = ET.Element("InvoiceLineRet")
    returned.extend(in_order(children, INVOICE_LINE_RET))
    return returned


def in_order(children: list[ET.Element], order: list[str]) -> list[ET.Element]:
    return sorted(children, key=lambda child: order.index(child.tag))


def line_amount(line: ET.Element) -> Decimal:
    amount = line.findtext("Amount")
    if amount is not None:
        return Decimal(amount)
    return Decimal(line.findtext("Quantity", "1")) * Decimal(line.findtext("Rate", "0"))


def matches(entry: ET.Element, key: str, wanted: list[str]) -> bool:
    value = entry.findtext(key) or (entry.findtext("Name") if key == "FullName" else None)
    return value is not None and value.casefold() in [one.casefold() for one in wanted]


def element(tag: str, **children: str) -> ET.Element:
    made = ET.Element(tag)
    made.extend(leaf(name, text) for name, text in children.items())
    return made


def leaf(tag: str, text: str) -> ET.Element:
    made = ET.Element(tag)
    made.text = text
    return made


def document(answers: list[ET.Element], attributes: dict[str, str]) -> str:
    root = ET.Element("QBXML")
    ET.SubElement(root, "QBXMLMsgsRs", attributes).extend(answers)
    return '<?xml version="1.0" ?>\n' + ET.tostring(root, encoding="unicode")


FIXED = {
    "HostQuery": (
        "<HostRet><ProductName>QuickBooks Premier 2024</ProductName><MajorVersion>34</MajorVersion>"
        "<MinorVersion>0</MinorVersion><Country>US</Country><SupportedQBXMLVersion>13.0</SupportedQBXMLVersion>"
        "<SupportedQBXMLVersion>16.0</SupportedQBXMLVersion><IsAutomaticLogin>false</IsAutomaticLogin>"
        "<QBFileMode>SingleUser</QBFileMode></HostRet>"
    ),
    "CompanyQuery": (
        "<CompanyRet><IsSampleCompany>false</IsSampleCompany><CompanyName>Zeep shop</CompanyName>"
        "<LegalCompanyName>Zeep shop</LegalCompanyName></CompanyRet>"
    ),
    "PreferencesQuery": (
        "<PreferencesRet><AccountingPreferences><IsUsingAccountNumbers>false</IsUsingAccountNumbers>"
        "<IsRequiringAccounts>true</IsRequiringAccounts><IsUsingClassTracking>false</IsUsingClassTracking>"
        "</AccountingPreferences><MultiCurrencyPreferences><IsMultiCurrencyOn>false</IsMultiCurrencyOn>"
        "</MultiCurrencyPreferences><SalesAndCustomersPreferences><IsAutoApplyingPayments>false</IsAutoApplyingPayments>"
        "</SalesAndCustomersPreferences></PreferencesRet>"
    ),
}
