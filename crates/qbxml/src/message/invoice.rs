//! Invoices (qbxml.md sections 10.1 to 10.3).

use crate::value::{Amount, Date, Percent, Price, Quantity, Ref, Text};
use crate::{aggregate, choice};

aggregate! {
    struct InvoiceLineAdd {
        item_ref: Option<Ref<{ usize::MAX }>> = "ItemRef",
        desc: Option<Text<4095>> = "Desc",
        quantity: Option<Quantity> = "Quantity",
        rate: Option<Rate> = part,
        class_ref: Option<Ref<159>> = "ClassRef",
        amount: Option<Amount> = "Amount",
        sales_tax_code_ref: Option<Ref<3>> = "SalesTaxCodeRef",
        service_date: Option<Date> = "ServiceDate",
    }
}

choice! {
    /// What one costs.
    enum Rate {
        Rate(Price) = "Rate",
        RatePercent(Percent) = "RatePercent",
        PriceLevelRef(Ref<31>) = "PriceLevelRef",
    }
}
