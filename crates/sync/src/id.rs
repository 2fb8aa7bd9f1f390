//! Every id is a type of its own; all are UUIDs of version 7, so that they sort by age.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Randomness handed to the pure core: enough for one id.
pub type Entropy = [u8; 10];

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
            #[serde(transparent)]
            pub struct $name(Uuid);

            impl $name {
                pub fn new(now: jiff::Timestamp, entropy: &Entropy) -> Self {
                    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
                    Self(uuid::Builder::from_unix_timestamp_millis(millis, entropy).into_uuid())
                }

                pub const fn as_uuid(self) -> Uuid {
                    self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    self.0.hyphenated().fmt(f)
                }
            }

            impl std::str::FromStr for $name {
                type Err = uuid::Error;

                fn from_str(text: &str) -> Result<Self, uuid::Error> {
                    text.parse().map(Self)
                }
            }
        )+
    };
}

ids! {
    OrganizationId,
    CompanyId,
    PersonId,
    ApiKeyId,
    WebhookId,
    RecordId,
    VisitId,
    /// A row of ours; the id that QuickBooks sees is a `qbxml` `MessageSetId`.
    MessageSetKey,
}
