//! How many invoices a second the company file takes, as text in and text out: `cargo run --release --example
//! invoices_per_second [LINES] [INVOICES] [PER_SET] [COMPANY_FILE]`.

use std::path::PathBuf;

use bookferry_simulator::clock::{Clock, WallClock};
use bookferry_simulator::company_file::CompanyFile;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: usize| arguments.next().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (lines, invoices, per_set) = (number(15), number(20_000), number(100).max(1));
    let clock = WallClock::new(std::sync::Arc::default());
    let path = std::env::args().nth(4).map(PathBuf::from);
    let mut file = match &path {
        Some(path) => CompanyFile::open(path, "Measured", clock.now()).expect("the company file opens"),
        None => CompanyFile::sample("Measured", clock.now()),
    };
    let service =
        "<SalesOrPurchase><Price>1.00</Price><AccountRef><FullName>Services</FullName></AccountRef></SalesOrPurchase>";
    let customer = "<CustomerAddRq><CustomerAdd><Name>Anna</Name></CustomerAdd></CustomerAddRq>";
    let item =
        format!("<ItemServiceAddRq><ItemServiceAdd><Name>Glass</Name>{service}</ItemServiceAdd></ItemServiceAddRq>");
    let session = file.begin_session("").expect("the file is open");
    file.process_request(session, &document("", &format!("{customer}{item}")), clock.now())
        .expect("the lists are added");

    let line = "<InvoiceLineAdd><ItemRef><FullName>Glass</FullName></ItemRef><Desc>Windshield, fitted</Desc>\
                <Quantity>2</Quantity><Rate>12.34</Rate></InvoiceLineAdd>";
    let began = clock.now();
    let mut answered = 0_usize;
    for set in 0..invoices / per_set {
        let requests: String = (0..per_set)
            .map(|place| {
                format!(
                    "<InvoiceAddRq requestID=\"{place}\"><InvoiceAdd><CustomerRef><FullName>Anna</FullName></CustomerRef>\
                     <TxnDate>2026-11-02</TxnDate><RefNumber>{}</RefNumber>{}</InvoiceAdd></InvoiceAddRq>",
                    set * per_set + place,
                    line.repeat(lines)
                )
            })
            .collect();
        let ids = format!("newMessageSetID=\"set-{set}\" oldMessageSetID=\"set-{}\"", set.wrapping_sub(1) % invoices);
        let processed =
            file.process_request(session, &document(&ids, &requests), clock.now()).expect("the set is read");
        answered += processed.statuses.get(&0).copied().unwrap_or(0) as usize;
    }
    let seconds = clock.now().duration_since(began).as_secs_f64();
    println!("{answered} invoices of {lines} lines, {per_set} to a set: {:.0} a second", answered as f64 / seconds);
}

fn document(ids: &str, requests: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><?qbxml version=\"13.0\"?><QBXML><QBXMLMsgsRq onError=\"continueOnError\" {ids}>{requests}\
         </QBXMLMsgsRq></QBXML>"
    )
}
