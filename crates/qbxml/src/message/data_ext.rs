//! Custom fields and other data that stands beside an object (qbxml.md section 7).

use crate::value::{Guid, Line, Text, UNBOUNDED};
use crate::{aggregate, words};

aggregate! {
    struct DataExt {
        owner_id: Guid = "OwnerID",
        data_ext_name: Line<31> = "DataExtName",
        data_ext_value: Text<UNBOUNDED> = "DataExtValue",
    }
}

aggregate! {
    struct DataExtRet {
        owner_id: Option<Guid> = "OwnerID",
        data_ext_name: Line<31> = "DataExtName",
        data_ext_type: DataExtType = "DataExtType",
        data_ext_value: Text<UNBOUNDED> = "DataExtValue",
    }
}

words! {
    enum DataExtType {
        AmtType = "AMTTYPE",
        DateTimeType = "DATETIMETYPE",
        IntType = "INTTYPE",
        PercentType = "PERCENTTYPE",
        PriceType = "PRICETYPE",
        QuanType = "QUANTYPE",
        Str1024Type = "STR1024TYPE",
        Str255Type = "STR255TYPE",
    }
}
