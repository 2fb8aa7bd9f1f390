//! Who else has a name that no customer can take: vendors, employees and other names (qbxml.md section 7). They are only
//! read, and of each only what tells one from another.

use crate::aggregate;
use crate::message::select::ListSelect;
use crate::value::{DateTime, EditSequence, Guid, Line, ListId, Name};

aggregate! {
    struct VendorQueryRq {
        select: Option<ListSelect> = part,
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
        owner_id: Vec<Guid> = "OwnerID",
    }
}

aggregate! {
    struct VendorQueryRs {
        vendor_ret: Vec<VendorRet> = "VendorRet",
    }
}

aggregate! {
    struct VendorRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<41> = "Name",
        is_active: Option<bool> = "IsActive",
    }
}

aggregate! {
    struct EmployeeQueryRq {
        select: Option<ListSelect> = part,
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
        owner_id: Vec<Guid> = "OwnerID",
    }
}

aggregate! {
    struct EmployeeQueryRs {
        employee_ret: Vec<EmployeeRet> = "EmployeeRet",
    }
}

aggregate! {
    struct EmployeeRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<41> = "Name",
        is_active: Option<bool> = "IsActive",
    }
}

aggregate! {
    struct OtherNameQueryRq {
        select: Option<ListSelect> = part,
        include_ret_element: Vec<Line<50>> = "IncludeRetElement",
        owner_id: Vec<Guid> = "OwnerID",
    }
}

aggregate! {
    struct OtherNameQueryRs {
        other_name_ret: Vec<OtherNameRet> = "OtherNameRet",
    }
}

aggregate! {
    struct OtherNameRet {
        list_id: ListId = "ListID",
        time_created: Option<DateTime> = "TimeCreated",
        time_modified: Option<DateTime> = "TimeModified",
        edit_sequence: EditSequence = "EditSequence",
        name: Name<41> = "Name",
        is_active: Option<bool> = "IsActive",
    }
}
