//! One suite for both databases: every test runs once on SQLite and once on PostgreSQL.

mod backup;
mod catalogue;
mod counts;
mod desk;
mod digest;
mod example;
mod grid;
mod guards;
mod hand_over;
mod history_seal;
mod kept_connections;
mod mapping;
mod mending;
mod moves;
mod older;
mod overtaken;
mod people;
mod pulse;
mod request_key;
mod states;
mod surroundings;
mod test_database;
mod visit;
mod webhook;

/// Makes tests of async functions, one for each database. A function that is not named is dead code, and a warning.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        $(
            mod $name {
                #[test]
                fn sqlite() {
                    $crate::test_database::on_sqlite(async |database| super::$name(database).await);
                }

                #[test]
                fn postgres() {
                    $crate::test_database::on_postgres(async |database| super::$name(database).await);
                }
            }
        )+
    };
}
pub(crate) use on_both;
