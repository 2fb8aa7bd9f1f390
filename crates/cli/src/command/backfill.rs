use anyhow::ensure;
use clap::Args;
use jiff::civil::Date;
use serde::Serialize;

use bookferry_qbxml::value::Amount;
use bookferry_server::Clock;
use bookferry_store::{BulkMove, OlderSeen, OlderTotal, RecordFilter, Selection};
use bookferry_sync::id::CompanyId;
use bookferry_sync::record::RecordKind;
use bookferry_sync::submission::Status;

use super::key::existing_company;
use super::{operator, print_json};
use crate::database::DatabaseArgs;

/// Adds records that were created before sync was enabled to the queue, as Unsent
///
/// Those that seem to be in QuickBooks stay held back: with the number, customer and amount of another record that was
/// submitted, or of what QuickBooks said it has when a visit asked. Running it again adds only what is held back since. Works while the server runs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
                        bookferry backfill --company 0193c1d2-… --from 2026-01-01 --dry-run\n  \
                        bookferry backfill --company 0193c1d2-… --from 2026-01-01 --to 2026-03-31")]
pub(crate) struct BackfillArgs {
    /// The company that the records belong to
    #[arg(long, env = "BOOKFERRY_COMPANY", value_name = "ID")]
    company: CompanyId,
    /// The first date, as on the invoices and payments themselves
    #[arg(long, env = "BOOKFERRY_BACKFILL_FROM", value_name = "DATE")]
    from: Date,
    /// The last date; without it, all from the first on
    #[arg(long, env = "BOOKFERRY_BACKFILL_TO", value_name = "DATE")]
    to: Option<Date>,
    /// Add those too that seem to be in QuickBooks already
    #[arg(long, env = "BOOKFERRY_BACKFILL_WITH_TWINS", value_parser = clap::builder::BoolishValueParser::new())]
    with_twins: bool,
    /// Count, and change nothing
    #[arg(long, env = "BOOKFERRY_BACKFILL_DRY_RUN", value_parser = clap::builder::BoolishValueParser::new())]
    dry_run: bool,
    /// Print JSON
    #[arg(long, env = "BOOKFERRY_JSON", value_parser = clap::builder::BoolishValueParser::new())]
    json: bool,
    #[command(flatten)]
    database: DatabaseArgs,
}

/// Amounts are decimal strings.
#[derive(Debug, Serialize)]
struct Told {
    added: u64,
    found: Figures,
    seem_to_be_in_quickbooks: Figures,
    /// What QuickBooks said it has; of each kind at most [`SHOWN_MAX`].
    in_quickbooks: Vec<Seen>,
    /// How many QuickBooks was not asked about yet.
    not_asked_yet: u64,
    dry_run: bool,
}

/// Of those that QuickBooks has, so many of each kind are shown.
const SHOWN_MAX: u32 = 50;

#[derive(Debug, Serialize)]
struct Seen {
    kind: &'static str,
    external_id: String,
    number: String,
    customer: String,
    date: Option<Date>,
    amount: Option<String>,
    txn_id: String,
}

#[derive(Debug, Default, Serialize)]
struct Figures {
    invoices: u64,
    invoices_sum: String,
    payments: u64,
    payments_sum: String,
}

pub(crate) async fn run(args: BackfillArgs) -> anyhow::Result<()> {
    ensure!(args.to.is_none_or(|to| args.from <= to), "--from lies after --to");
    let store = args.database.open().await?;
    let company = existing_company(&store, args.company).await?.id;
    let filter = RecordFilter {
        statuses: vec![Status::HeldBack],
        from: Some(args.from),
        to: args.to,
        ..RecordFilter::default()
    };
    let totals = store.older_totals(company, &filter).await?;
    let in_quickbooks = store.older_seen(company, &filter, SHOWN_MAX).await?.into_iter().map(Seen::of).collect();
    let not_asked_yet = store.older_unasked_count(company, &filter).await?;
    let selection = if args.with_twins {
        Selection::Matching { filter, except: Vec::new(), seen_until: None }
    } else {
        Selection::WithoutTwins { filter, seen_until: None }
    };
    let added = if args.dry_run {
        0
    } else {
        store.move_records(company, &selection, BulkMove::AddOlder, &operator(), Clock::System.now()).await?
    };
    store.close().await;
    let told = Told {
        added,
        found: Figures::of(&totals, |total| (total.found.count, total.found.sum_e5)),
        seem_to_be_in_quickbooks: Figures::of(&totals, |total| (total.twins.count, total.twins.sum_e5)),
        in_quickbooks,
        not_asked_yet,
        dry_run: args.dry_run,
    };
    if args.json {
        return print_json(&told);
    }
    println!("{}", told.to_text(args.with_twins));
    Ok(())
}

impl Seen {
    fn of(older: OlderSeen) -> Self {
        let bookferry_sync::recovery::Seen { txn_id, number, customer, date, amount, .. } = older.seen;
        let amount = amount.map(|amount| amount.to_string());
        Self { kind: older.kind.as_str(), external_id: older.external_id, number, customer, date, amount, txn_id }
    }

    fn to_text(&self) -> String {
        let date = self.date.map(|date| date.to_string()).unwrap_or_default();
        let amount = self.amount.as_deref().unwrap_or_default();
        let Self { kind, external_id, number, customer, txn_id, .. } = self;
        format!("  {kind} {external_id}: number {number}, {date}, {amount}, {customer}, TxnID {txn_id}\n")
    }
}

impl Figures {
    fn of(totals: &[(RecordKind, OlderTotal)], part: impl Fn(&OlderTotal) -> (u64, i64)) -> Self {
        let of_kind = |wanted: RecordKind| {
            let found = totals.iter().find(|(kind, _)| *kind == wanted);
            let (count, sum_e5) = found.map(|(_, total)| part(total)).unwrap_or_default();
            (
                count,
                Amount::from_e5(sum_e5).map(|sum| sum.to_string()).unwrap_or_else(|_| "beyond all amounts".to_owned()),
            )
        };
        let ((invoices, invoices_sum), (payments, payments_sum)) =
            (of_kind(RecordKind::Invoice), of_kind(RecordKind::Payment));
        Self { invoices, invoices_sum, payments, payments_sum }
    }

    fn to_text(&self) -> String {
        let Self { invoices, invoices_sum, payments, payments_sum } = self;
        format!("{invoices} invoices, {invoices_sum}; {payments} payments, {payments_sum}")
    }
}

impl Told {
    fn to_text(&self, with_twins: bool) -> String {
        let left = match (self.seem_to_be_in_quickbooks.invoices + self.seem_to_be_in_quickbooks.payments, with_twins) {
            (0, _) => "",
            (_, false) => " They stay held back.",
            (_, true) => " They are added too.",
        };
        let done = if self.dry_run {
            "Nothing was changed (--dry-run).".to_owned()
        } else {
            format!("{} records were added to the queue as Unsent.", self.added)
        };
        let seen: String = self.in_quickbooks.iter().map(Seen::to_text).collect();
        let asked = match self.not_asked_yet {
            0 => String::new(),
            count => format!(
                "QuickBooks has not been asked about {count} of them yet; the next visits ask, and a later run leaves out \
                 what it has.\n"
            ),
        };
        format!(
            "Held back in this range       {}\nSeem to be in QuickBooks      {}{left}\n{seen}{asked}\n{done}",
            self.found.to_text(),
            self.seem_to_be_in_quickbooks.to_text(),
        )
    }
}
