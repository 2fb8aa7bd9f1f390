use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Hands out ids in the forms that QuickBooks uses, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Ids {
    entries: u32,
    transactions: u32,
    documents: u32,
    edit_sequence: i64,
}

impl Ids {
    /// `80000001-1446673838`: a count and the time.
    pub(crate) fn list_id(&mut self, now: Timestamp) -> String {
        self.entries += 1;
        format!("{:X}-{}", 0x8000_0000_u32 | self.entries, now.as_second())
    }

    /// `4A5-1446673838`; documents and their lines share one count.
    pub(crate) fn txn_id(&mut self, now: Timestamp) -> String {
        self.transactions += 1;
        format!("{:X}-{}", self.transactions, now.as_second())
    }

    /// Counts the documents of all kinds.
    pub(crate) fn txn_number(&mut self) -> i64 {
        self.documents += 1;
        i64::from(self.documents)
    }

    /// The time in seconds, or the next number where two changes fall into one second.
    pub(crate) fn edit_sequence(&mut self, now: Timestamp) -> String {
        self.edit_sequence = now.as_second().max(self.edit_sequence + 1);
        self.edit_sequence.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Ids;

    #[test]
    fn ids_have_quickbooks_forms_and_never_repeat() {
        let now = "2015-11-04T21:50:38Z".parse().unwrap();
        let mut ids = Ids::default();
        assert_eq!(ids.list_id(now), "80000001-1446673838");
        assert_eq!(ids.txn_id(now), "1-1446673838");
        assert_eq!(ids.txn_id(now), "2-1446673838");
        assert_eq!(ids.edit_sequence(now), "1446673838");
        assert_eq!(ids.edit_sequence(now), "1446673839");
    }
}
