use crate::value::{Line, Percent, Price, Ref, Text};
use crate::{aggregate, choice};

choice! {
    /// What an item that is not stocked is sold or bought for. A sale-only item takes [`SalesOrPurchase`]; the other one needs an
    /// expense account too (qbxml.md section 9.4).
    enum Sale {
        SalesOrPurchase(SalesOrPurchase) = "SalesOrPurchase",
        SalesAndPurchase(SalesAndPurchase) = "SalesAndPurchase",
    }
}

aggregate! {
    struct SalesOrPurchase {
        desc: Option<Text<4095>> = "Desc",
        price: Option<SalePrice> = part,
        account_ref: Option<Ref<159>> = "AccountRef",
    }
}

choice! {
    enum SalePrice {
        Price(Price) = "Price",
        PricePercent(Percent) = "PricePercent",
    }
}

aggregate! {
    struct SalesAndPurchase {
        sales_desc: Option<Text<4095>> = "SalesDesc",
        sales_price: Option<Price> = "SalesPrice",
        income_account_ref: Option<Ref<159>> = "IncomeAccountRef",
        purchase_desc: Option<Text<4095>> = "PurchaseDesc",
        purchase_cost: Option<Price> = "PurchaseCost",
        expense_account_ref: Option<Ref<159>> = "ExpenseAccountRef",
        pref_vendor_ref: Option<Ref<41>> = "PrefVendorRef",
    }
}

aggregate! {
    struct BarCode {
        bar_code_value: Option<Line<50>> = "BarCodeValue",
        assign_even_if_used: Option<bool> = "AssignEvenIfUsed",
        allow_override: Option<bool> = "AllowOverride",
    }
}
