//! The catalogue of statements: every fixed SQL text has a name and is prepared on both databases in a test.
//!
//! A limit is written `LIMIT +$2`: SQLite plans for the value of a bare parameter, and so would compile the statement
//! anew each time it is bound.

/// One statement. The name is `table.what_it_does`, and names the table in errors.
#[derive(Debug)]
pub struct Statement {
    pub name: &'static str,
    pub sqlite: &'static str,
    pub postgres: &'static str,
    /// What `postgres` does, as a transaction of its own; only for what ends a step of a visit.
    pub postgres_alone: Option<&'static str>,
}

impl Statement {
    pub(crate) const fn both(name: &'static str, sql: &'static str) -> Self {
        Self::each(name, sql, sql)
    }

    /// For statements that must differ; the reason stands beside them.
    pub(crate) const fn each(name: &'static str, sqlite: &'static str, postgres: &'static str) -> Self {
        Self { name, sqlite, postgres, postgres_alone: None }
    }

    pub(crate) const fn or_alone(self, postgres: &'static str) -> Self {
        Self { postgres_alone: Some(postgres), ..self }
    }
}

/// Declares the statements of a module, and `ALL` of them for the catalogue.
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $form:ident($($part:tt)+);)+) => {
        $($(#[$meta])* const $name: $crate::statement::Statement = $crate::statement::statement!($form($($part)+));)+
        pub(crate) const ALL: &[&$crate::statement::Statement] = &[$(&$name),+];
    };
}
pub(crate) use statements;

/// `together` makes one of several that change rows, so that they cost one trip to the database. They have their values in
/// common, none sees what another does, and what counts is the sum of the rows they touch. SQLite takes them one after
/// the other, PostgreSQL as parts of one query.
///
/// `ending_step` makes one of the same that ends a step of the visit `$1`, with which it saves the visit. On PostgreSQL it can
/// also be a transaction of its own, given up unless it touches the right number of rows and the company and the visit are
/// as the step has seen them. What that takes follows all other values: the company, both rows as seen, and the number. The
/// company is locked before anything is written, so that whatever else happens to the company comes before all of it or after
/// all of it.
macro_rules! statement {
    (ending_step($name:literal, [$company:literal, $seen_company:literal, $seen_visit:literal, $expected:literal]
        $(, $part:ident: $sql:expr)* $(,)?)) => {
        $crate::statement::statement!(together($name, $($part: $sql,)* saved: $crate::step_transaction::save_visit!()))
            .or_alone(concat!(
                "WITH held AS (SELECT 1 FROM company WHERE id = ", $company, " AND CAST(xmin AS TEXT) = ", $seen_company, "
                     FOR NO KEY UPDATE)",
                $(", ", stringify!($part), " AS (", $sql, " RETURNING 1)",)*
                ", saved AS (", $crate::step_transaction::save_visit!(), " AND CAST(xmin AS TEXT) = ", $seen_visit, "
                     RETURNING 1)
                 SELECT exactly(", $expected, ", COUNT(*)) FROM (TABLE held",
                $(" UNION ALL TABLE ", stringify!($part),)*
                " UNION ALL TABLE saved) AS touched"
            ))
    };
    (together($name:literal, $first:ident: $first_sql:expr $(, $part:ident: $sql:expr)* $(,)?)) => {
        $crate::statement::Statement::each(
            $name,
            concat!($first_sql $(, ";\n", $sql)*),
            concat!(
                "WITH ", stringify!($first), " AS (", $first_sql, " RETURNING 1)",
                $(", ", stringify!($part), " AS (", $sql, " RETURNING 1)",)*
                " SELECT COUNT(*) AS touched FROM (TABLE ", stringify!($first),
                $(" UNION ALL TABLE ", stringify!($part),)*
                ") AS touched"
            ),
        )
    };
    ($form:ident($($part:expr),+ $(,)?)) => { $crate::statement::Statement::$form($($part),+) };
}
pub(crate) use statement;

/// Every fixed statement of the store.
pub fn catalogue() -> impl Iterator<Item = &'static Statement> {
    [
        crate::company::ALL,
        crate::company_deeds::ALL,
        crate::people::ALL,
        crate::posted_content::ALL,
        crate::mending::ALL,
        crate::care::ALL,
        crate::look::ALL,
        crate::wanted_entry::ALL,
        crate::person_deeds::ALL,
        crate::submission::ALL,
        crate::hand_over::ALL,
        crate::history_seal::ALL,
        crate::visit::ALL,
        crate::visit::step::ALL,
        crate::step_transaction::ALL,
        crate::message_set::ALL,
        crate::list_reading::ALL,
        crate::reconciliation::ALL,
        crate::counterpart::ALL,
        crate::payer::ALL,
        crate::likeness::ALL,
        crate::lists::ALL,
        crate::older_answer::ALL,
        crate::surroundings::ALL,
        crate::mapping::ALL,
        crate::taught::ALL,
        crate::notice::ALL,
        crate::epoch::ALL,
        crate::rebind::ALL,
        crate::health::ALL,
        crate::backup::file::ALL,
        crate::backup::restore::ALL,
        crate::grid::ALL,
        crate::record_view::ALL,
        crate::request_key::ALL,
        crate::search::ALL,
        crate::pulse::ALL,
        crate::desk::ALL,
        crate::deeds::ALL,
        crate::digest::ALL,
        crate::silence::ALL,
        crate::visit_log::ALL,
        crate::webhook::ALL,
        crate::store::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}
