//! How a company file is set up (qbxml.md section 8.3).

use crate::value::{Amount, Date, Line, Percent, Ref};
use crate::{aggregate, words};

aggregate! {
    struct PreferencesQueryRq {
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct PreferencesQueryRs {
        preferences_ret: Option<PreferencesRet> = "PreferencesRet",
    }
}

aggregate! {
    struct PreferencesRet {
        accounting_preferences: Option<AccountingPreferences> = "AccountingPreferences",
        finance_charge_preferences: Option<FinanceChargePreferences> = "FinanceChargePreferences",
        jobs_and_estimates_preferences: Option<JobsAndEstimatesPreferences> = "JobsAndEstimatesPreferences",
        multi_currency_preferences: Option<MultiCurrencyPreferences> = "MultiCurrencyPreferences",
        multi_location_inventory_preferences: Option<MultiLocationInventoryPreferences> = "MultiLocationInventoryPreferences",
        purchases_and_vendors_preferences: Option<PurchasesAndVendorsPreferences> = "PurchasesAndVendorsPreferences",
        reports_preferences: Option<ReportsPreferences> = "ReportsPreferences",
        sales_and_customers_preferences: Option<SalesAndCustomersPreferences> = "SalesAndCustomersPreferences",
        sales_tax_preferences: Option<SalesTaxPreferences> = "SalesTaxPreferences",
        time_tracking_preferences: Option<TimeTrackingPreferences> = "TimeTrackingPreferences",
        current_app_access_rights: Option<CurrentAppAccessRights> = "CurrentAppAccessRights",
        items_and_inventory_preferences: Option<ItemsAndInventoryPreferences> = "ItemsAndInventoryPreferences",
    }
}

aggregate! {
    struct AccountingPreferences {
        is_using_account_numbers: bool = "IsUsingAccountNumbers",
        is_requiring_accounts: bool = "IsRequiringAccounts",
        is_using_class_tracking: bool = "IsUsingClassTracking",
        assign_classes_to: Option<AssignClassesTo> = "AssignClassesTo",
        is_using_audit_trail: bool = "IsUsingAuditTrail",
        is_assigning_journal_entry_numbers: bool = "IsAssigningJournalEntryNumbers",
        closing_date: Option<Date> = "ClosingDate",
    }
}

aggregate! {
    struct FinanceChargePreferences {
        annual_interest_rate: Option<Percent> = "AnnualInterestRate",
        min_finance_charge: Option<Amount> = "MinFinanceCharge",
        grace_period: i64 = "GracePeriod",
        finance_charge_account_ref: Option<Ref<159>> = "FinanceChargeAccountRef",
        is_assessing_for_overdue_charges: bool = "IsAssessingForOverdueCharges",
        calculate_charges_from: CalculateChargesFrom = "CalculateChargesFrom",
        is_marked_to_be_printed: bool = "IsMarkedToBePrinted",
    }
}

aggregate! {
    struct JobsAndEstimatesPreferences {
        is_using_estimates: bool = "IsUsingEstimates",
        is_using_progress_invoicing: bool = "IsUsingProgressInvoicing",
        is_printing_items_with_zero_amounts: bool = "IsPrintingItemsWithZeroAmounts",
    }
}

aggregate! {
    struct MultiCurrencyPreferences {
        is_multi_currency_on: Option<bool> = "IsMultiCurrencyOn",
        home_currency_ref: Option<Ref<64>> = "HomeCurrencyRef",
    }
}

aggregate! {
    struct MultiLocationInventoryPreferences {
        is_multi_location_inventory_available: Option<bool> = "IsMultiLocationInventoryAvailable",
        is_multi_location_inventory_enabled: Option<bool> = "IsMultiLocationInventoryEnabled",
    }
}

aggregate! {
    struct PurchasesAndVendorsPreferences {
        is_using_inventory: bool = "IsUsingInventory",
        days_bills_are_due: i64 = "DaysBillsAreDue",
        is_automatically_using_discounts: bool = "IsAutomaticallyUsingDiscounts",
        default_discount_account_ref: Option<Ref<159>> = "DefaultDiscountAccountRef",
    }
}

aggregate! {
    struct ReportsPreferences {
        aging_report_basis: AgingReportBasis = "AgingReportBasis",
        summary_report_basis: SummaryReportBasis = "SummaryReportBasis",
    }
}

aggregate! {
    struct SalesAndCustomersPreferences {
        default_ship_method_ref: Option<Ref<15>> = "DefaultShipMethodRef",
        default_fob: Option<Line<13>> = "DefaultFOB",
        default_markup: Option<Percent> = "DefaultMarkup",
        is_tracking_reimbursed_expenses_as_income: bool = "IsTrackingReimbursedExpensesAsIncome",
        is_auto_applying_payments: bool = "IsAutoApplyingPayments",
        price_levels: Option<PriceLevels> = "PriceLevels",
    }
}

aggregate! {
    struct PriceLevels {
        is_using_price_levels: bool = "IsUsingPriceLevels",
        is_rounding_sales_price_up: Option<bool> = "IsRoundingSalesPriceUp",
    }
}

aggregate! {
    struct SalesTaxPreferences {
        default_item_sales_tax_ref: Ref<31> = "DefaultItemSalesTaxRef",
        pay_sales_tax: PaySalesTax = "PaySalesTax",
        default_taxable_sales_tax_code_ref: Ref<3> = "DefaultTaxableSalesTaxCodeRef",
        default_non_taxable_sales_tax_code_ref: Ref<3> = "DefaultNonTaxableSalesTaxCodeRef",
        is_using_vendor_tax_code: Option<bool> = "IsUsingVendorTaxCode",
        is_using_customer_tax_code: Option<bool> = "IsUsingCustomerTaxCode",
        is_using_amounts_include_tax: Option<bool> = "IsUsingAmountsIncludeTax",
    }
}

aggregate! {
    struct TimeTrackingPreferences {
        first_day_of_week: FirstDayOfWeek = "FirstDayOfWeek",
    }
}

aggregate! {
    struct CurrentAppAccessRights {
        is_automatic_login_allowed: bool = "IsAutomaticLoginAllowed",
        automatic_login_user_name: Option<Line<29>> = "AutomaticLoginUserName",
        is_personal_data_access_allowed: bool = "IsPersonalDataAccessAllowed",
    }
}

aggregate! {
    struct ItemsAndInventoryPreferences {
        enhanced_inventory_receiving_enabled: Option<bool> = "EnhancedInventoryReceivingEnabled",
        is_tracking_serial_or_lot_number: Option<IsTrackingSerialOrLotNumber> = "IsTrackingSerialOrLotNumber",
        is_tracking_on_sales_transactions_enabled: Option<bool> = "isTrackingOnSalesTransactionsEnabled",
        is_tracking_on_purchase_transactions_enabled: Option<bool> = "isTrackingOnPurchaseTransactionsEnabled",
        is_tracking_on_inventory_adjustment_enabled: Option<bool> = "isTrackingOnInventoryAdjustmentEnabled",
        is_tracking_on_build_assembly_enabled: Option<bool> = "isTrackingOnBuildAssemblyEnabled",
        fifo_enabled: Option<bool> = "FIFOEnabled",
        fifo_effective_date: Option<Date> = "FIFOEffectiveDate",
        is_rsb_enabled: Option<bool> = "IsRSBEnabled",
        is_barcode_enabled: Option<bool> = "IsBarcodeEnabled",
    }
}

words! {
    enum AssignClassesTo {
        None,
        Accounts,
        Items,
        Names,
    }
}

words! {
    enum CalculateChargesFrom {
        DueDate,
        InvoiceOrBilledDate,
    }
}

words! {
    enum AgingReportBasis {
        AgeFromDueDate,
        AgeFromTransactionDate,
    }
}

words! {
    enum SummaryReportBasis {
        Accrual,
        Cash,
    }
}

words! {
    enum PaySalesTax {
        Monthly,
        Quarterly,
        Annually,
    }
}

words! {
    enum FirstDayOfWeek {
        Monday,
        Tuesday,
        Wednesday,
        Thursday,
        Friday,
        Saturday,
        Sunday,
    }
}

words! {
    enum IsTrackingSerialOrLotNumber {
        None,
        SerialNumber,
        LotNumber,
    }
}
