//! The mark by which we know our own document again in QuickBooks.

use std::fmt;

use bookferry_qbxml::value::Guid;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::id::CompanyId;
use crate::record::RecordKind;

/// Stands in QuickBooks as a document's `ExternalGUID`; no query filters by it, but every answer holds it (qbxml.md
/// section 7).
///
/// It follows from what the application calls the record and from nothing that only our database knows. So a document is
/// known again even by a database that was restored from a backup and had the record handed over a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mark(Uuid);

impl Mark {
    /// The first 16 bytes of a SHA-256, as a UUID of version 8.
    pub fn of(company: CompanyId, kind: RecordKind, external_id: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"bookferry document\0");
        hash.update(company.as_uuid().as_bytes());
        hash.update(kind.as_str().as_bytes());
        hash.update(b"\0");
        hash.update(external_id.as_bytes());
        let digest: [u8; 32] = hash.finalize().into();
        let mut bytes = [0; 16];
        for (byte, hashed) in bytes.iter_mut().zip(digest) {
            *byte = hashed;
        }
        Self(Builder::from_custom_bytes(bytes).into_uuid())
    }

    pub(crate) fn guid(self) -> Option<Guid> {
        Guid::new(self.to_string())
    }

    /// Whether QuickBooks' text is this mark; it may write it in capitals.
    pub(crate) fn is(self, text: &str) -> bool {
        text.eq_ignore_ascii_case(&self.to_string())
    }
}

/// In braces, as QuickBooks wants it.
impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.braced().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// These stand in QuickBooks. Another text here would mean that no document is known again.
    #[test]
    fn a_mark_never_changes() {
        let company: CompanyId = "019a4c6e-7f00-7000-8000-00000000002a".parse().expect("an id");
        let other: CompanyId = "019a4c6e-7f00-7000-8000-00000000002b".parse().expect("an id");
        let marks = [
            Mark::of(company, RecordKind::Invoice, "inv-1042"),
            Mark::of(company, RecordKind::Payment, "inv-1042"),
            Mark::of(other, RecordKind::Invoice, "inv-1042"),
            Mark::of(company, RecordKind::Invoice, "Müller/1042"),
        ];
        assert_eq!(
            marks.map(|mark| mark.to_string()),
            [
                "{5a4f7606-a702-89df-b3bc-733b07938c3b}",
                "{ba4a943b-2a73-8a2c-978f-0b2e21f887f3}",
                "{057009dc-382f-833c-9933-6878c33ae7c9}",
                "{c3af308f-83cf-8912-a974-f665c4eef669}",
            ]
        );
    }

    #[test]
    fn quickbooks_takes_every_mark_and_may_write_it_in_capitals() {
        let company: CompanyId = "019a4c6e-7f00-7000-8000-00000000002a".parse().expect("an id");
        for external_id in ["", "1", "\u{1f697}", &"x".repeat(10_000)] {
            let mark = Mark::of(company, RecordKind::Invoice, external_id);
            let guid = mark.guid().expect("a GUID that QuickBooks takes");
            assert!(mark.is(&guid.as_str().to_uppercase()));
        }
    }
}
