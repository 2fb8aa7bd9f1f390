use std::ops::RangeInclusive;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::{PasswordHasher, PasswordVerifier};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::EntropySource;

/// A generated secret of 256 bits, shown once and stored as its hash: a ticket, a session, an API key, the Web Connector's
/// password.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn generate(entropy: &EntropySource, prefix: &str) -> Self {
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(entropy.bytes::<32>())))
    }

    /// Its beginning lets whoever finds one know what it is.
    pub fn api_key(entropy: &EntropySource) -> Self {
        Self::generate(entropy, "bf_live_")
    }

    /// For showing it the one time.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    pub fn hash(&self) -> SecretHash {
        SecretHash::of(&self.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// SHA-256 of a generated secret. It needs no salt and no cost: nobody can guess 256 random bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash(pub [u8; 32]);

impl SecretHash {
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    /// Compares in constant time.
    pub fn is(&self, stored: &[u8]) -> bool {
        bool::from(self.0.as_slice().ct_eq(stored))
    }
}

/// How many characters a person's password has.
pub const PASSWORD_CHARACTERS: RangeInclusive<usize> = 12..=128;

/// The hash of a person's password: argon2id with 19 MiB and two passes, about 30 ms.
pub fn hash_password(password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

/// Whether `password` is the one that was hashed. Takes as long for a wrong one; call it where blocking is allowed.
pub(crate) fn verify_password(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}
