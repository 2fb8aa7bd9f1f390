use bookferry_sync::record::{Content, RecordKind};

/// Names that the invoices know; a warm-up brings all of them into the company file.
pub(crate) const CUSTOMERS: usize = 40;
const ITEMS: usize = 25;
const LINES: usize = 5;

/// An invoice of five lines, the next of a shop that has some customers and some things to sell.
pub(crate) fn invoice(number: usize) -> Content {
    let mut total = 0;
    let lines: Vec<String> = (0..LINES)
        .map(|line| {
            let (item, quantity) = ((number + line * 7) % ITEMS, (number + line) % 3 + 1);
            let cents = 1_999 + item * 100;
            total += cents * quantity;
            format!(
                r#"{{"item":"Windshield FW{item:05}","description":"Windshield, fitted at the customer's",
                    "quantity":"{quantity}","rate":"{}","amount":"{}"}}"#,
                money(cents),
                money(cents * quantity)
            )
        })
        .collect();
    let json = format!(
        r#"{{"number":"{number}","date":"2026-11-02","due_date":"2026-12-02",
            "customer":{{"name":"Customer {} of the Valley"}},"lines":[{}],"total":"{}"}}"#,
        number % CUSTOMERS,
        lines.join(","),
        money(total)
    );
    Content::from_json(RecordKind::Invoice, &json).expect("an invoice")
}

fn money(cents: usize) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
