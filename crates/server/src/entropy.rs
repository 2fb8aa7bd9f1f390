use std::sync::{Arc, Mutex};

use rand::{Rng, SeedableRng, rngs::StdRng};

use bookferry_sync::id::Entropy;

/// Where randomness comes from: the system's source, or a seed in tests.
#[derive(Debug, Clone)]
pub enum EntropySource {
    System,
    Seeded(Arc<Mutex<StdRng>>),
}

impl EntropySource {
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(StdRng::seed_from_u64(seed))))
    }

    /// Enough for one id.
    pub fn id(&self) -> Entropy {
        self.bytes()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place where the server asks for randomness")]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match self {
            Self::System => rand::rng().fill_bytes(&mut bytes),
            Self::Seeded(source) => match source.lock() {
                Ok(mut source) => source.fill_bytes(&mut bytes),
                Err(poisoned) => poisoned.into_inner().fill_bytes(&mut bytes),
            },
        }
        bytes
    }
}
