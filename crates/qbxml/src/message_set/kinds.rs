use bookferry_xml::{Start, Writer};

use crate::element::{ReadError, Source, Table, read_table};
use crate::message::account::{AccountAddRq, AccountAddRs, AccountQueryRq, AccountQueryRs};
use crate::message::company::{CompanyQueryRq, CompanyQueryRs, HostQueryRq, HostQueryRs};
use crate::message::credit_memo::{CreditMemoAddRq, CreditMemoAddRs, CreditMemoQueryRq, CreditMemoQueryRs};
use crate::message::customer::{
    CustomerAddRq, CustomerAddRs, CustomerModRq, CustomerModRs, CustomerQueryRq, CustomerQueryRs,
};
use crate::message::invoice::{InvoiceAddRq, InvoiceAddRs, InvoiceModRq, InvoiceModRs, InvoiceQueryRq, InvoiceQueryRs};
use crate::message::item::{
    ItemDiscountAddRq, ItemDiscountAddRs, ItemInventoryAddRq, ItemInventoryAddRs, ItemNonInventoryAddRq,
    ItemNonInventoryAddRs, ItemOtherChargeAddRq, ItemOtherChargeAddRs, ItemQueryRq, ItemQueryRs, ItemSalesTaxAddRq,
    ItemSalesTaxAddRs, ItemSalesTaxQueryRq, ItemSalesTaxQueryRs, ItemServiceAddRq, ItemServiceAddRs,
};
use crate::message::other_names::{
    EmployeeQueryRq, EmployeeQueryRs, OtherNameQueryRq, OtherNameQueryRs, VendorQueryRq, VendorQueryRs,
};
use crate::message::payment_method::{
    PaymentMethodAddRq, PaymentMethodAddRs, PaymentMethodQueryRq, PaymentMethodQueryRs,
};
use crate::message::preferences::{PreferencesQueryRq, PreferencesQueryRs};
use crate::message::receive_payment::{
    ReceivePaymentAddRq, ReceivePaymentAddRs, ReceivePaymentModRq, ReceivePaymentModRs, ReceivePaymentQueryRq,
    ReceivePaymentQueryRs,
};
use crate::message::removal::{
    ListDeletedQueryRq, ListDeletedQueryRs, TxnDelRq, TxnDelRs, TxnDeletedQueryRq, TxnDeletedQueryRs, TxnVoidRq,
    TxnVoidRs,
};
use crate::message::small_list::{
    ClassQueryRq, ClassQueryRs, SalesTaxCodeQueryRq, SalesTaxCodeQueryRs, TemplateQueryRq, TemplateQueryRs,
};
use crate::message::terms::{
    StandardTermsAddRq, StandardTermsAddRs, StandardTermsQueryRq, StandardTermsQueryRs, TermsQueryRq, TermsQueryRs,
};

/// What kind of request it is, which decides the attributes it may have (qbxml.md section 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Changes the company file.
    Write,
    /// Asks, and that is all.
    Query,
    /// Asks, and may ask how much there is.
    CountedQuery,
    /// Asks, may ask how much there is, and may take the answer in portions.
    IteratedQuery,
}

/// Declares the requests that there are, each with the body of its `…Rq` and its `…Rs`.
macro_rules! messages {
    ($($name:ident($request:ty, $answer:ty) = $kind:ident,)+) => {
        /// A request, by its element's name without the `Rq`.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Request {
            $($name($request),)+
        }

        impl Request {
            /// The names of all requests of this crate, in the order of their declaration.
            pub const NAMES: &[&str] = &[$(stringify!($name)),+];

            /// The element's name without the `Rq`, such as `InvoiceAdd`.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)+
                }
            }

            pub(super) fn element(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => concat!(stringify!($name), "Rq"),)+
                }
            }

            pub fn kind(&self) -> Kind {
                match self {
                    $(Self::$name(_) => Kind::$kind,)+
                }
            }

            pub(super) fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
                match start.name() {
                    $(concat!(stringify!($name), "Rq") => read_table::<$request>(start, source).map(Self::$name),)+
                    _ => Err(source.misplaced(start)),
                }
            }

            pub(super) fn write_fields(&self, out: &mut Writer) {
                match self {
                    $(Self::$name(body) => body.write_fields(out),)+
                }
            }

            /// A request of the kind that stands at `index` in [`NAMES`](Self::NAMES).
            #[cfg(test)]
            pub(crate) fn sample(index: usize, dice: &mut crate::tests::Dice) -> Self {
                let samples: &[fn(&mut crate::tests::Dice) -> Self] =
                    &[$(|dice| Self::$name(<$request>::sample_fields(dice)),)+];
                samples[index % samples.len()](dice)
            }
        }

        /// An answer's body, by its element's name without the `Rs`. It is empty where QuickBooks refused.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Answer {
            $($name($answer),)+
            /// An answer to something that this crate does not ask; `name` is that of its element.
            Other { name: String },
            /// A body that could not be understood, although the status of the request is known. What it would have said must
            /// be asked again.
            Unreadable { name: String, error: ReadError },
        }

        impl Answer {
            /// The element's name without the `Rs`, such as `InvoiceAdd`.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$name(_) => stringify!($name),)+
                    Self::Other { name } | Self::Unreadable { name, .. } => name.strip_suffix("Rs").unwrap_or(name),
                }
            }

            pub(super) fn element(&self) -> &str {
                match self {
                    $(Self::$name(_) => concat!(stringify!($name), "Rs"),)+
                    Self::Other { name } | Self::Unreadable { name, .. } => name,
                }
            }

            pub(super) fn read(start: &Start<'_>, source: &mut Source<'_>) -> Result<Self, ReadError> {
                match start.name() {
                    $(concat!(stringify!($name), "Rs") => read_table::<$answer>(start, source).map(Self::$name),)+
                    other => {
                        source.reader.skip()?;
                        Ok(Self::Other { name: other.to_owned() })
                    }
                }
            }

            pub(super) fn write_fields(&self, out: &mut Writer) {
                match self {
                    $(Self::$name(body) => body.write_fields(out),)+
                    Self::Other { .. } | Self::Unreadable { .. } => {}
                }
            }

            #[cfg(test)]
            pub(crate) fn sample(index: usize, dice: &mut crate::tests::Dice) -> Self {
                let samples: &[fn(&mut crate::tests::Dice) -> Self] =
                    &[$(|dice| Self::$name(<$answer>::sample_fields(dice)),)+];
                samples[index % samples.len()](dice)
            }
        }
    };
}

messages! {
    HostQuery(HostQueryRq, Box<HostQueryRs>) = Query,
    CompanyQuery(CompanyQueryRq, Box<CompanyQueryRs>) = Query,
    PreferencesQuery(PreferencesQueryRq, Box<PreferencesQueryRs>) = Query,
    CustomerQuery(Box<CustomerQueryRq>, CustomerQueryRs) = IteratedQuery,
    CustomerAdd(Box<CustomerAddRq>, Box<CustomerAddRs>) = Write,
    CustomerMod(Box<CustomerModRq>, Box<CustomerModRs>) = Write,
    VendorQuery(Box<VendorQueryRq>, VendorQueryRs) = IteratedQuery,
    EmployeeQuery(Box<EmployeeQueryRq>, EmployeeQueryRs) = CountedQuery,
    OtherNameQuery(Box<OtherNameQueryRq>, OtherNameQueryRs) = CountedQuery,
    ItemQuery(Box<ItemQueryRq>, ItemQueryRs) = IteratedQuery,
    ItemServiceAdd(Box<ItemServiceAddRq>, Box<ItemServiceAddRs>) = Write,
    ItemNonInventoryAdd(Box<ItemNonInventoryAddRq>, Box<ItemNonInventoryAddRs>) = Write,
    ItemInventoryAdd(Box<ItemInventoryAddRq>, Box<ItemInventoryAddRs>) = Write,
    ItemOtherChargeAdd(Box<ItemOtherChargeAddRq>, Box<ItemOtherChargeAddRs>) = Write,
    ItemDiscountAdd(Box<ItemDiscountAddRq>, Box<ItemDiscountAddRs>) = Write,
    ItemSalesTaxAdd(Box<ItemSalesTaxAddRq>, Box<ItemSalesTaxAddRs>) = Write,
    AccountQuery(Box<AccountQueryRq>, AccountQueryRs) = CountedQuery,
    AccountAdd(Box<AccountAddRq>, Box<AccountAddRs>) = Write,
    TermsQuery(Box<TermsQueryRq>, TermsQueryRs) = CountedQuery,
    StandardTermsQuery(Box<StandardTermsQueryRq>, StandardTermsQueryRs) = CountedQuery,
    StandardTermsAdd(Box<StandardTermsAddRq>, Box<StandardTermsAddRs>) = Write,
    PaymentMethodQuery(Box<PaymentMethodQueryRq>, PaymentMethodQueryRs) = CountedQuery,
    PaymentMethodAdd(Box<PaymentMethodAddRq>, Box<PaymentMethodAddRs>) = Write,
    SalesTaxCodeQuery(Box<SalesTaxCodeQueryRq>, SalesTaxCodeQueryRs) = CountedQuery,
    ItemSalesTaxQuery(Box<ItemSalesTaxQueryRq>, ItemSalesTaxQueryRs) = IteratedQuery,
    ClassQuery(Box<ClassQueryRq>, ClassQueryRs) = CountedQuery,
    TemplateQuery(TemplateQueryRq, TemplateQueryRs) = CountedQuery,
    InvoiceAdd(Box<InvoiceAddRq>, Box<InvoiceAddRs>) = Write,
    InvoiceMod(Box<InvoiceModRq>, Box<InvoiceModRs>) = Write,
    InvoiceQuery(Box<InvoiceQueryRq>, InvoiceQueryRs) = IteratedQuery,
    ReceivePaymentAdd(Box<ReceivePaymentAddRq>, Box<ReceivePaymentAddRs>) = Write,
    ReceivePaymentMod(Box<ReceivePaymentModRq>, Box<ReceivePaymentModRs>) = Write,
    ReceivePaymentQuery(Box<ReceivePaymentQueryRq>, ReceivePaymentQueryRs) = IteratedQuery,
    CreditMemoAdd(Box<CreditMemoAddRq>, Box<CreditMemoAddRs>) = Write,
    CreditMemoQuery(Box<CreditMemoQueryRq>, CreditMemoQueryRs) = IteratedQuery,
    TxnVoid(TxnVoidRq, Box<TxnVoidRs>) = Write,
    TxnDel(TxnDelRq, Box<TxnDelRs>) = Write,
    TxnDeletedQuery(TxnDeletedQueryRq, TxnDeletedQueryRs) = CountedQuery,
    ListDeletedQuery(ListDeletedQueryRq, ListDeletedQueryRs) = CountedQuery,
}

impl Request {
    /// Whether it changes the company file.
    pub fn is_write(&self) -> bool {
        self.kind() == Kind::Write
    }
}
