use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::EntropySource;

/// What deliveries are signed with: 256 random bits, which are kept as they are, since a hash could sign nothing.
#[derive(Clone)]
pub struct WebhookSecret([u8; 32]);

impl WebhookSecret {
    pub(super) fn generate(entropy: &EntropySource) -> Self {
        Self(entropy.bytes())
    }

    /// For keeping it.
    pub(super) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As the receiver's library takes it, for showing it the one time.
    pub fn reveal(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0))
    }
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}
