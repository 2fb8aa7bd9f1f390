//! The contract as it is served. A SOAP client of another make reads it in the server's tests.

use bookferry_qbwc::{Operation, wsdl};

#[test]
fn the_contract_stands() {
    insta::assert_snapshot!(wsdl("https://books.example.com/qbwc"));
}

#[test]
fn every_operation_is_bound_to_its_action() {
    let contract = wsdl("https://books.example.com/qbwc");
    for operation in Operation::ALL {
        assert!(contract.contains(&format!("soapAction=\"{}\"", operation.soap_action())));
    }
}

#[test]
fn the_location_is_escaped() {
    assert!(
        wsdl("http://localhost/qbwc?a=1&b=\"2\"")
            .contains("location=\"http://localhost/qbwc?a=1&amp;b=&quot;2&quot;\"")
    );
}
