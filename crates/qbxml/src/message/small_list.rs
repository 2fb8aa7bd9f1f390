//! Lists that are only read: sales tax codes, classes and templates (qbxml.md sections 9.8 to 9.10).

use crate::message::select::ListSelect;
use crate::value::{DateTime, EditSequence, Line, ListId, Name, Ref, Text, UNBOUNDED};
use crate::{aggregate, words};

aggregate! {
    struct SalesTaxCodeQueryRq {
        select: Option<ListSelect> = part,
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct SalesTaxCodeQueryRs {
        sales_tax_code_ret: Vec<SalesTaxCodeRet> = "SalesTaxCodeRet",
    }
}

aggregate! {
    struct SalesTaxCodeRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<3> = "Name",
        is_active: Option<bool> = "IsActive",
        is_taxable: Option<bool> = "IsTaxable",
        desc: Option<Text<31>> = "Desc",
    }
}

aggregate! {
    struct ClassQueryRq {
        select: Option<ListSelect> = part,
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct ClassQueryRs {
        class_ret: Vec<ClassRet> = "ClassRet",
    }
}

aggregate! {
    struct ClassRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<31> = "Name",
        full_name: Line<159> = "FullName",
        is_active: Option<bool> = "IsActive",
        parent_ref: Option<Ref<UNBOUNDED>> = "ParentRef",
        sublevel: Option<i64> = "Sublevel",
    }
}

aggregate! {
    struct TemplateQueryRq {
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
    }
}

aggregate! {
    struct TemplateQueryRs {
        template_ret: Vec<TemplateRet> = "TemplateRet",
    }
}

aggregate! {
    struct TemplateRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<31> = "Name",
        is_active: Option<bool> = "IsActive",
        template_type: Option<TemplateType> = "TemplateType",
    }
}

words! {
    enum TemplateType {
        BuildAssembly,
        CreditMemo,
        Estimate,
        Invoice,
        PurchaseOrder,
        SalesOrder,
        SalesReceipt,
    }
}
