/// Why QuickBooks does not do what a request asks: the status of the answer. Codes are those of the qbXML notes,
/// section 12; texts follow QuickBooks' own where our notes quote them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: i32,
    pub(crate) message: String,
}

impl Refusal {
    pub(crate) fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(crate) fn name_in_use(name: &str) -> Self {
        Self::new(3100, format!("The name \"{name}\" of the list element is already in use."))
    }

    pub(crate) fn bad_name(name: &str) -> Self {
        Self::new(
            3090,
            format!(
                "There was an error when storing \"{name}\" in the \"Name\" field. \
                 Names in this list cannot contain a colon."
            ),
        )
    }

    pub(crate) fn no_parent(name: &str) -> Self {
        Self::new(3130, format!("There was an error when saving: the parent \"{name}\" cannot be found."))
    }

    pub(crate) fn object_not_found(id: &str) -> Self {
        Self::new(3120, format!("Object \"{id}\" specified in the request cannot be found."))
    }

    /// `place` is the element's owner, such as `Invoice`.
    pub(crate) fn bad_reference(kind: &str, name: &str, place: &str) -> Self {
        Self::new(
            3140,
            format!(
                "There is an invalid reference to QuickBooks {kind} \"{name}\" in the {place}. \
                 QuickBooks error message: Invalid argument.  The specified record does not exist in the list."
            ),
        )
    }

    pub(crate) fn wrong_reference(kind: &str, name: &str, place: &str) -> Self {
        Self::new(3141, format!("The reference to QuickBooks {kind} \"{name}\" is not valid in the {place}."))
    }

    pub(crate) fn missing(element: &str) -> Self {
        Self::new(3150, format!("There is a missing element: \"{element}\"."))
    }

    pub(crate) fn not_processed(element: &str) -> Self {
        Self::new(3151, format!("The element \"{element}\" in the request cannot be processed at this time."))
    }

    pub(crate) fn in_use_by_others(id: &str) -> Self {
        Self::new(3160, format!("Cannot delete the object specified by the id = \"{id}\": it is in use."))
    }

    pub(crate) fn closed_books() -> Self {
        Self::new(
            3171,
            "An attempt was made to modify a transaction with a date that is on or before the closing date of the company.",
        )
    }

    /// Deleting has a code of its own (qbXML notes, section 12).
    pub(crate) fn deleted_in_closed_books() -> Self {
        Self::new(3161, "Cannot delete a transaction with a date that is on or before the closing date of the company.")
    }

    pub(crate) fn object_in_use(id: &str) -> Self {
        Self::new(
            3175,
            format!("There was an error when adding or modifying the object \"{id}\": it is already in use."),
        )
    }

    pub(crate) fn locked() -> Self {
        Self::new(
            3180,
            "There was an error when saving: QuickBooks internals could not be locked. They are in use by another user.",
        )
    }

    pub(crate) fn empty_transaction(kind: &str) -> Self {
        Self::new(
            3180,
            format!("There was an error when saving a {kind}. QuickBooks error message: The transaction is empty."),
        )
    }

    pub(crate) fn stale(edit_sequence: &str) -> Self {
        Self::new(3200, format!("The provided edit sequence \"{edit_sequence}\" is out-of-date."))
    }

    pub(crate) fn bad_property(property: &str, value: &str, quickbooks_says: &str) -> Self {
        Self::new(
            3210,
            format!(
                "The \"{property}\" field has an invalid value \"{value}\". QuickBooks error message: {quickbooks_says}"
            ),
        )
    }

    pub(crate) fn overpaid(amount: &str) -> Self {
        Self::bad_property("payment amount", amount, "You cannot pay more than the amount due.")
    }

    pub(crate) fn unprocessed() -> Self {
        Self::new(3231, "The request has not been processed.")
    }

    pub(crate) fn feature_off(feature: &str) -> Self {
        Self::new(
            3250,
            format!("This feature is not enabled or not available in this version of QuickBooks: {feature}."),
        )
    }

    pub(crate) fn lines_out_of_order() -> Self {
        Self::new(3290, "The order or the ids of the lines in the request do not fit the lines of the transaction.")
    }

    pub(crate) fn too_long(field: &str, value: &str) -> Self {
        Self::new(3070, format!("The string \"{value}\" in the field \"{field}\" is too long."))
    }

    pub(crate) fn macro_unknown(name: &str) -> Self {
        Self::new(9100, format!("The macro \"{name}\" is not defined in this message set."))
    }
}

/// `Info`, `Warn` or `Error`, by the ranges of the vendor's table.
pub(crate) const fn severity(code: i32) -> &'static str {
    match code {
        ..500 => "Info",
        500..1000 => "Warn",
        1000.. => "Error",
    }
}
