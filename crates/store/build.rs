//! Builds anew when a migration changes; the compiler does not see those files itself.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
