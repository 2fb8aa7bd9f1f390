//! Which company file a visit has to do with, and how it is set up.
#![expect(clippy::wildcard_enum_match_arm, reason = "an answer to another request tells nothing here")]

use bookferry_qbxml::message::company::{CompanyQueryRq, CompanyRet, HostQueryRq, HostRet};
use bookferry_qbxml::message::preferences::{PreferencesQueryRq, PreferencesRet};
use bookferry_qbxml::message_set::{Answer, MessageSetRs, QbxmlVersion, Request};
use bookferry_qbxml::value::Guid;

use crate::company::Books;

/// What the first request of a visit tells, in the order in which the Web Connector asks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection<'a> {
    /// OwnerID of the `.qwc` file, under which the FileID stands in the company file.
    pub owner_id: &'a str,
    /// FileID of the `.qwc` file.
    pub file_id: &'a str,
    /// The path of the company file in use.
    pub company_file: &'a str,
    /// The highest version that QuickBooks' request processor knows; `None` where it was not told.
    pub highest_version: Option<QbxmlVersion>,
}

/// Reads the books from the answers to HostQuery, CompanyQuery and PreferencesQuery, as far as they are there.
pub fn read(answers: &MessageSetRs, connection: &Connection<'_>) -> Books {
    let mut books = Books { company_file: connection.company_file.to_owned(), ..Books::default() };
    let mut supported = connection.highest_version;
    for rs in &answers.responses {
        match &rs.answer {
            Answer::HostQuery(host) => {
                if let Some(host) = &host.host_ret {
                    supported = highest(host).or(supported);
                    books.quickbooks = name_and_version(host);
                }
            }
            Answer::CompanyQuery(company) => {
                if let Some(company) = &company.company_ret {
                    read_company(company, connection.owner_id, &mut books);
                }
            }
            Answer::PreferencesQuery(preferences) => {
                if let Some(preferences) = &preferences.preferences_ret {
                    read_preferences(preferences, &mut books);
                }
            }
            _ => {}
        }
    }
    let version = supported.map_or(QbxmlVersion::V13_0, |supported| supported.min(QbxmlVersion::V13_0));
    (books.qbxml_major, books.qbxml_minor) = (version.major, version.minor);
    books
}

/// The version in which to speak to these books.
pub fn version(books: &Books) -> QbxmlVersion {
    match (books.qbxml_major, books.qbxml_minor) {
        (0, _) => QbxmlVersion::V13_0,
        (major, minor) => QbxmlVersion { major, minor },
    }
}

/// The queries by which we ask for ourselves what the first request did not tell.
pub fn queries(owner_id: &str) -> Vec<Request> {
    let company = CompanyQueryRq { owner_id: Guid::new(owner_id).into_iter().collect(), ..CompanyQueryRq::default() };
    vec![
        Request::HostQuery(HostQueryRq::default()),
        Request::CompanyQuery(company),
        Request::PreferencesQuery(PreferencesQueryRq::default()),
    ]
}

/// Why a company file is not the one that this connection is bound to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongBooks {
    #[error("the company file belongs to another connection: its FileID is not this one's")]
    FileId,
    #[error("the company file is that of {found}, but this connection is for {bound}")]
    CompanyName { found: String, bound: String },
    #[error("the company file is {found}, but this connection is for {bound}")]
    CompanyFile { found: String, bound: String },
}

/// Whether these are the books that the connection may write to.
///
/// The FileID decides where the company file carries one; a restored copy carries the same, and is the same books to
/// QuickBooks too. But a `.qwc` file that was opened with two company files gives both the same, so another name at
/// another path is refused nevertheless. Without a FileID, the name decides and, where not even that is told, the path. At the first visit there is
/// nothing to compare with but the connection's own FileID.
pub fn check(bound: Option<&Books>, found: &Books, own_file_id: &str) -> Result<(), WrongBooks> {
    if let Some(file_id) = &found.file_id {
        if !same(file_id, own_file_id) {
            return Err(WrongBooks::FileId);
        }
        return match bound {
            Some(bound) if is_other_name(bound, found) && is_other_path(bound, found) => Err(other_name(bound, found)),
            Some(_) | None => Ok(()),
        };
    }
    let Some(bound) = bound else { return Ok(()) };
    if both(&bound.company_name, &found.company_name) {
        return if is_other_name(bound, found) { Err(other_name(bound, found)) } else { Ok(()) };
    }
    if is_other_path(bound, found) {
        return Err(WrongBooks::CompanyFile { found: found.company_file.clone(), bound: bound.company_file.clone() });
    }
    Ok(())
}

fn is_other_name(bound: &Books, found: &Books) -> bool {
    both(&bound.company_name, &found.company_name) && !same(&bound.company_name, &found.company_name)
}

fn is_other_path(bound: &Books, found: &Books) -> bool {
    both(&bound.company_file, &found.company_file) && !same(&bound.company_file, &found.company_file)
}

fn other_name(bound: &Books, found: &Books) -> WrongBooks {
    WrongBooks::CompanyName { found: found.company_name.clone(), bound: bound.company_name.clone() }
}

fn both(ours: &str, theirs: &str) -> bool {
    !ours.is_empty() && !theirs.is_empty()
}

fn same(left: &str, right: &str) -> bool {
    left.trim().eq_ignore_ascii_case(right.trim())
}

fn name_and_version(host: &HostRet) -> String {
    let name = host.product_name.as_ref().map(|name| name.as_str());
    let versions = [&host.major_version, &host.minor_version].map(|version| version.as_ref().map(|text| text.as_str()));
    [name, versions[0], versions[1]].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn highest(host: &HostRet) -> Option<QbxmlVersion> {
    host.supported_qbxml_version.iter().filter_map(|version| version.as_str().parse().ok()).max()
}

fn read_company(company: &CompanyRet, owner_id: &str, books: &mut Books) {
    books.company_name = company.company_name.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default();
    books.file_id = company
        .data_ext_ret
        .iter()
        .find(|ext| {
            ext.data_ext_name.as_str() == "FileID"
                && ext.owner_id.as_ref().is_none_or(|owner| same(owner.as_str(), owner_id))
        })
        .map(|ext| ext.data_ext_value.as_str().to_owned());
}

fn read_preferences(preferences: &PreferencesRet, books: &mut Books) {
    books.preferences_known = true;
    if let Some(accounting) = &preferences.accounting_preferences {
        books.uses_classes = accounting.is_using_class_tracking;
        books.closing_date = accounting.closing_date.map(|date| date.0);
    }
    if let Some(tax) = &preferences.sales_tax_preferences {
        books.taxable_code = tax.default_taxable_sales_tax_code_ref.name().map(str::to_owned);
        books.non_taxable_code = tax.default_non_taxable_sales_tax_code_ref.name().map(str::to_owned);
    }
    if let Some(currency) = &preferences.multi_currency_preferences {
        books.multi_currency = currency.is_multi_currency_on.unwrap_or(false);
    }
}
