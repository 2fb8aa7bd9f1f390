//! One suite for both databases: every test runs once on SQLite and once on PostgreSQL.

mod catalogue;
mod counts;
mod example;
mod grid;
mod guards;
mod hand_over;
mod moves;
mod people;
mod states;
mod test_database;
mod visit;

/// Declares tests that run on both databases.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($database:ident: &TestDatabase) $body:block)+) => {
        $(
            $(#[$meta])*
            mod $name {
                use super::*;

                async fn run($database: &TestDatabase) $body

                #[test]
                fn sqlite() {
                    $crate::test_database::on_sqlite(async |database| run(database).await);
                }

                #[test]
                fn postgres() {
                    $crate::test_database::on_postgres(async |database| run(database).await);
                }
            }
        )+
    };
}
pub(crate) use on_both;
