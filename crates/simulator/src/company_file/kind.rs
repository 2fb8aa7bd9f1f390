//! The kinds of list entries, which list they share, and the order of their answers.

/// What an entry of a list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    Customer,
    Vendor,
    Employee,
    OtherName,
    ItemService,
    ItemNonInventory,
    ItemOtherCharge,
    ItemInventory,
    ItemDiscount,
    ItemSubtotal,
    ItemPayment,
    ItemGroup,
    ItemSalesTax,
    ItemSalesTaxGroup,
    Account,
    StandardTerms,
    DateDrivenTerms,
    PaymentMethod,
    SalesTaxCode,
    Class,
    Template,
    CustomerMsg,
    ShipMethod,
    SalesRep,
    CustomerType,
}

/// A list of the company file; names are unique within each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum List {
    /// Customers, vendors, employees and other names share one name space (qbXML notes, section 7).
    Names,
    Items,
    Accounts,
    Terms,
    PaymentMethods,
    SalesTaxCodes,
    Classes,
    Templates,
    CustomerMsgs,
    ShipMethods,
    SalesReps,
    CustomerTypes,
}

impl Kind {
    pub(crate) const ALL: [Self; 25] = [
        Self::Customer,
        Self::Vendor,
        Self::Employee,
        Self::OtherName,
        Self::ItemService,
        Self::ItemNonInventory,
        Self::ItemOtherCharge,
        Self::ItemInventory,
        Self::ItemDiscount,
        Self::ItemSubtotal,
        Self::ItemPayment,
        Self::ItemGroup,
        Self::ItemSalesTax,
        Self::ItemSalesTaxGroup,
        Self::Account,
        Self::StandardTerms,
        Self::DateDrivenTerms,
        Self::PaymentMethod,
        Self::SalesTaxCode,
        Self::Class,
        Self::Template,
        Self::CustomerMsg,
        Self::ShipMethod,
        Self::SalesRep,
        Self::CustomerType,
    ];

    /// The word that stands before `AddRq`, `QueryRq`, `Ret` and so on, and in `ListDelType`.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Customer => "Customer",
            Self::Vendor => "Vendor",
            Self::Employee => "Employee",
            Self::OtherName => "OtherName",
            Self::ItemService => "ItemService",
            Self::ItemNonInventory => "ItemNonInventory",
            Self::ItemOtherCharge => "ItemOtherCharge",
            Self::ItemInventory => "ItemInventory",
            Self::ItemDiscount => "ItemDiscount",
            Self::ItemSubtotal => "ItemSubtotal",
            Self::ItemPayment => "ItemPayment",
            Self::ItemGroup => "ItemGroup",
            Self::ItemSalesTax => "ItemSalesTax",
            Self::ItemSalesTaxGroup => "ItemSalesTaxGroup",
            Self::Account => "Account",
            Self::StandardTerms => "StandardTerms",
            Self::DateDrivenTerms => "DateDrivenTerms",
            Self::PaymentMethod => "PaymentMethod",
            Self::SalesTaxCode => "SalesTaxCode",
            Self::Class => "Class",
            Self::Template => "Template",
            Self::CustomerMsg => "CustomerMsg",
            Self::ShipMethod => "ShipMethod",
            Self::SalesRep => "SalesRep",
            Self::CustomerType => "CustomerType",
        }
    }

    /// The element of an answer: `CustomerRet`.
    pub(crate) const fn ret(self) -> &'static str {
        match self {
            Self::Customer => "CustomerRet",
            Self::Vendor => "VendorRet",
            Self::Employee => "EmployeeRet",
            Self::OtherName => "OtherNameRet",
            Self::ItemService => "ItemServiceRet",
            Self::ItemNonInventory => "ItemNonInventoryRet",
            Self::ItemOtherCharge => "ItemOtherChargeRet",
            Self::ItemInventory => "ItemInventoryRet",
            Self::ItemDiscount => "ItemDiscountRet",
            Self::ItemSubtotal => "ItemSubtotalRet",
            Self::ItemPayment => "ItemPaymentRet",
            Self::ItemGroup => "ItemGroupRet",
            Self::ItemSalesTax => "ItemSalesTaxRet",
            Self::ItemSalesTaxGroup => "ItemSalesTaxGroupRet",
            Self::Account => "AccountRet",
            Self::StandardTerms => "StandardTermsRet",
            Self::DateDrivenTerms => "DateDrivenTermsRet",
            Self::PaymentMethod => "PaymentMethodRet",
            Self::SalesTaxCode => "SalesTaxCodeRet",
            Self::Class => "ClassRet",
            Self::Template => "TemplateRet",
            Self::CustomerMsg => "CustomerMsgRet",
            Self::ShipMethod => "ShipMethodRet",
            Self::SalesRep => "SalesRepRet",
            Self::CustomerType => "CustomerTypeRet",
        }
    }

    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    pub(crate) const fn list(self) -> List {
        match self {
            Self::Customer | Self::Vendor | Self::Employee | Self::OtherName => List::Names,
            Self::ItemService
            | Self::ItemNonInventory
            | Self::ItemOtherCharge
            | Self::ItemInventory
            | Self::ItemDiscount
            | Self::ItemSubtotal
            | Self::ItemPayment
            | Self::ItemGroup
            | Self::ItemSalesTax
            | Self::ItemSalesTaxGroup => List::Items,
            Self::Account => List::Accounts,
            Self::StandardTerms | Self::DateDrivenTerms => List::Terms,
            Self::PaymentMethod => List::PaymentMethods,
            Self::SalesTaxCode => List::SalesTaxCodes,
            Self::Class => List::Classes,
            Self::Template => List::Templates,
            Self::CustomerMsg => List::CustomerMsgs,
            Self::ShipMethod => List::ShipMethods,
            Self::SalesRep => List::SalesReps,
            Self::CustomerType => List::CustomerTypes,
        }
    }

    /// Whether entries may have parents, so that answers carry `FullName` and `Sublevel`.
    pub(crate) const fn has_hierarchy(self) -> bool {
        matches!(
            self,
            Self::Customer
                | Self::ItemService
                | Self::ItemNonInventory
                | Self::ItemOtherCharge
                | Self::ItemInventory
                | Self::ItemDiscount
                | Self::Account
                | Self::Class
                | Self::CustomerType
        )
    }

    /// The elements of an answer, in schema order.
    pub(crate) const fn order(self) -> &'static [&'static str] {
        match self.list() {
            List::Names => NAME_ORDER,
            List::Items => ITEM_ORDER,
            List::Accounts
            | List::Terms
            | List::PaymentMethods
            | List::SalesTaxCodes
            | List::Classes
            | List::Templates
            | List::CustomerMsgs
            | List::ShipMethods
            | List::SalesReps
            | List::CustomerTypes => SMALL_LIST_ORDER,
        }
    }
}

impl List {
    pub(crate) const COUNT: usize = 12;

    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

/// CustomerRet; the other names have fewer of these.
const NAME_ORDER: &[&str] = &[
    "ListID",
    "TimeCreated",
    "TimeModified",
    "EditSequence",
    "Name",
    "FullName",
    "IsActive",
    "ClassRef",
    "ParentRef",
    "Sublevel",
    "CompanyName",
    "Salutation",
    "FirstName",
    "MiddleName",
    "LastName",
    "JobTitle",
    "BillAddress",
    "BillAddressBlock",
    "ShipAddress",
    "ShipAddressBlock",
    "ShipToAddress",
    "Phone",
    "AltPhone",
    "Fax",
    "Email",
    "Cc",
    "Contact",
    "AltContact",
    "AdditionalContactRef",
    "ContactsRet",
    "CustomerTypeRef",
    "TermsRef",
    "SalesRepRef",
    "Balance",
    "TotalBalance",
    "SalesTaxCodeRef",
    "ItemSalesTaxRef",
    "ResaleNumber",
    "AccountNumber",
    "CreditLimit",
    "PreferredPaymentMethodRef",
    "JobStatus",
    "JobStartDate",
    "JobProjectedEndDate",
    "JobEndDate",
    "JobDesc",
    "JobTypeRef",
    "Notes",
    "PreferredDeliveryMethod",
    "PriceLevelRef",
    "ExternalGUID",
    "CurrencyRef",
    "DataExtRet",
];

/// All kinds of items: what they have in common stands in the same order in each.
const ITEM_ORDER: &[&str] = &[
    "ListID",
    "TimeCreated",
    "TimeModified",
    "EditSequence",
    "Name",
    "FullName",
    "BarCodeValue",
    "IsActive",
    "ClassRef",
    "ParentRef",
    "Sublevel",
    "ManufacturerPartNumber",
    "ItemDesc",
    "UnitOfMeasureSetRef",
    "SalesTaxCodeRef",
    "DiscountRate",
    "DiscountRatePercent",
    "AccountRef",
    "TaxRate",
    "TaxVendorRef",
    "DepositToAccountRef",
    "PaymentMethodRef",
    "SalesOrPurchase",
    "SalesAndPurchase",
    "SalesDesc",
    "SalesPrice",
    "IncomeAccountRef",
    "PurchaseDesc",
    "PurchaseCost",
    "COGSAccountRef",
    "PrefVendorRef",
    "AssetAccountRef",
    "ReorderPoint",
    "Max",
    "QuantityOnHand",
    "AverageCost",
    "QuantityOnOrder",
    "QuantityOnSalesOrder",
    "IsPrintItemsInGroup",
    "ExternalGUID",
    "ItemSalesTaxRef",
    "ItemGroupLine",
    "DataExtRet",
];

/// Accounts, terms, payment methods, tax codes, classes, templates: no element means two things among them.
const SMALL_LIST_ORDER: &[&str] = &[
    "ListID",
    "TimeCreated",
    "TimeModified",
    "EditSequence",
    "Name",
    "Initial",
    "FullName",
    "IsActive",
    "ParentRef",
    "Sublevel",
    "SalesRepEntityRef",
    "AccountType",
    "SpecialAccountType",
    "AccountNumber",
    "BankNumber",
    "IsTaxable",
    "Desc",
    "Balance",
    "TotalBalance",
    "CashFlowClassification",
    "StdDueDays",
    "StdDiscountDays",
    "DayOfMonthDue",
    "DueNextMonthDays",
    "DiscountDayOfMonth",
    "DiscountPct",
    "PaymentMethodType",
    "TemplateType",
    "CurrencyRef",
    "DataExtRet",
];
