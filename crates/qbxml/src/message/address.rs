//! Addresses (qbxml.md section 6.3).

use crate::aggregate;
use crate::value::Line;

aggregate! {
    /// Either `addr1` to `addr3` with city, state, postal code and country, or the five address lines alone; at most five lines
    /// in print, or QuickBooks refuses it.
    struct Address {
        addr1: Option<Line<41>> = "Addr1",
        addr2: Option<Line<41>> = "Addr2",
        addr3: Option<Line<41>> = "Addr3",
        addr4: Option<Line<41>> = "Addr4",
        addr5: Option<Line<41>> = "Addr5",
        city: Option<Line<31>> = "City",
        state: Option<Line<21>> = "State",
        postal_code: Option<Line<13>> = "PostalCode",
        country: Option<Line<31>> = "Country",
        note: Option<Line<41>> = "Note",
    }
}

aggregate! {
    /// The address as it prints, in an answer.
    struct AddressBlock {
        addr1: Option<Line<41>> = "Addr1",
        addr2: Option<Line<41>> = "Addr2",
        addr3: Option<Line<41>> = "Addr3",
        addr4: Option<Line<41>> = "Addr4",
        addr5: Option<Line<41>> = "Addr5",
    }
}

aggregate! {
    struct ShipToAddress {
        name: Line<41> = "Name",
        addr1: Option<Line<41>> = "Addr1",
        addr2: Option<Line<41>> = "Addr2",
        addr3: Option<Line<41>> = "Addr3",
        addr4: Option<Line<41>> = "Addr4",
        addr5: Option<Line<41>> = "Addr5",
        city: Option<Line<31>> = "City",
        state: Option<Line<21>> = "State",
        postal_code: Option<Line<13>> = "PostalCode",
        country: Option<Line<31>> = "Country",
        note: Option<Line<41>> = "Note",
        default_ship_to: Option<bool> = "DefaultShipTo",
    }
}
