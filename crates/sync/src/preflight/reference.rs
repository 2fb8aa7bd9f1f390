//! Whether the entry that a record names is in QuickBooks, may be used, or may be created.

use super::PreflightContext;
use super::finding::{Field, Findings};
use super::text::quote;
use crate::cause::NameTrouble;
use crate::facts::ItemKind;
use crate::list::{ListEntry, ListKind, NameKey};
use crate::need::Need;
use crate::plan::{self, Knowledge, gone_words};

/// Checks the full name of an entry against its list as last read. Without its list, only tells what nobody creates.
pub(super) fn check(
    (list, created_as): (ListKind, Option<&dyn Fn() -> ItemKind>),
    field: Field<'_>,
    full_name: &str,
    context: &PreflightContext<'_>,
    findings: &mut Findings,
) {
    // The account that money is deposited to is never ours to create; only the one that items post to is.
    let may_create = list != ListKind::Account && context.settings.may_create(list);
    // What may be created is there or will be, as far as is known without its list.
    if !is_wanted(list, context) || (context.around.is_none() && may_create) {
        return;
    }
    let key = (list, NameKey::of_single_blanked(full_name));
    if !findings.is_first(&key) {
        return;
    }
    let noun = list.noun();
    match context.around.and_then(|around| around.knowledge(&key)) {
        Some(Knowledge::Present(entry)) if !entry.is_active => refuse_inactive(list, field, entry, context, findings),
        Some(Knowledge::Present(_)) => check_parents(list, field, full_name, context, findings),
        Some(Knowledge::Gone { now_called }) => {
            let message = gone_words(list, full_name, now_called.as_deref());
            findings.refused(field, NameTrouble::Missing.code(list), message);
        }
        Some(Knowledge::Absent) if may_create => {
            if let Some(entry) = taken_by(list, full_name, context) {
                refuse_taken(list, field, entry, findings);
                return;
            }
            let noun_of_kind = created_as.map(|created_as| created_as().noun());
            let kind = noun_of_kind.map_or_else(String::new, |noun| format!(" as {} {noun}", article(noun)));
            let message = format!("QuickBooks has no {noun} {} yet. Bookferry will create it{kind}.", quote(full_name));
            findings.note(field, "will_be_created", message);
            check_parents(list, field, full_name, context, findings);
        }
        Some(Knowledge::Absent) => {
            let message = format!(
                "QuickBooks had no {noun} {} when its list was last read, and Bookferry does not create it here. Create \
                 it in QuickBooks under this name, or correct the name in your application.",
                quote(full_name)
            );
            findings.refused(field, NameTrouble::Missing.code(list), message);
        }
        None if !may_create => {
            let message = format!(
                "QuickBooks must already have the {noun} {}; Bookferry does not create it here. The next visit looks it \
                 up.",
                quote(full_name)
            );
            findings.note(field, "must_exist", message);
        }
        None => {}
    }
}

/// Who has the name under which an entry would have to be created. Of a job it is the customer's that can be taken.
fn taken_by<'a>(list: ListKind, full_name: &str, context: &PreflightContext<'a>) -> Option<&'a ListEntry> {
    let around = context.around?;
    let name = full_name.split(':').next().unwrap_or(full_name);
    let key = NameKey::of(name);
    if let Some(Knowledge::Present(_)) = around.knowledge(&(list, key.clone())) {
        return None;
    }
    list.names_shared_with().iter().find_map(|&other| around.knowledge(&(other, key.clone()))?.entry())
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// An inactive entry keeps its name from others too (qbxml.md section 7).
fn refuse_taken(list: ListKind, field: Field<'_>, entry: &ListEntry, findings: &mut Findings) {
    let (noun, other, name) = (list.noun(), entry.list.noun(), quote(&entry.full_name));
    let inactive = if entry.is_active { "" } else { ", which is inactive" };
    let message = format!(
        "QuickBooks has no {noun} {name}, and cannot have one: the name is taken by {article} {other}{inactive}. Say under Lists, \
         Mappings which {noun} it stands for, or have the {other} renamed in QuickBooks.",
        article = article(other),
    );
    findings.refused(field, "name_taken", message);
}

/// While sales tax is switched off in QuickBooks, its tax items are not named.
fn is_wanted(list: ListKind, context: &PreflightContext<'_>) -> bool {
    list != ListKind::SalesTaxItem || context.books.is_none_or(|books| books.may_charge_sales_tax())
}

/// What stands under an inactive entry cannot be used or created.
fn check_parents(
    list: ListKind,
    field: Field<'_>,
    full_name: &str,
    context: &PreflightContext<'_>,
    findings: &mut Findings,
) {
    let mut below = full_name;
    while let Some((parent, _)) = below.rsplit_once(':') {
        let key = (list, NameKey::of(parent));
        if let Some(Knowledge::Present(entry)) = context.around.and_then(|around| around.knowledge(&key))
            && !entry.is_active
            && findings.is_first(&key)
        {
            refuse_inactive(list, field, entry, context, findings);
        }
        below = parent;
    }
}

fn refuse_inactive(
    list: ListKind,
    field: Field<'_>,
    entry: &ListEntry,
    context: &PreflightContext<'_>,
    findings: &mut Findings,
) {
    let need = Need::new(list, &entry.full_name);
    if let Some(name) = context.mapped.and_then(|mapped| mapped.applications_name(&need)) {
        return findings.refused(field, NameTrouble::MappingInactive.code(list), plan::mapping_inactive(name, entry));
    }
    let message = format!(
        "The {} {} {} inactive in QuickBooks. Make it active there, or name another in your application.",
        list.noun(),
        quote(&entry.full_name),
        list.is()
    );
    findings.refused(field, NameTrouble::Inactive.code(list), message);
}
