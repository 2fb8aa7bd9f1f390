//! The `.qwc` file: what is written, what is refused, and that both agree.

use bookferry_qbwc::qwc::{PersonalDataPref, Qwc, QwcSettings, RunEvery, UnattendedModePref};
use proptest::prelude::*;
use uuid::Uuid;

#[test]
fn a_file_holds_what_the_web_connector_needs() {
    let mut settings = plain();
    settings.app_name = "Bookferry – Müller & <Söhne>".to_owned();
    settings.run_every = Some(RunEvery::Minutes(10));
    settings.app_unique_name = Some("bookferry-1".to_owned());
    settings.personal_data = Some(PersonalDataPref::NotNeeded);
    settings.unattended_mode = Some(UnattendedModePref::Optional);
    settings.auth_flags = Some(0xf);
    let qwc = Qwc::new(settings).unwrap();
    insta::assert_snapshot!(qwc.encode());
    assert_eq!(Qwc::parse(&qwc.encode()).unwrap(), qwc);
}

#[test]
fn localhost_may_do_without_a_certificate() {
    for url in ["http://localhost/qbwc", "http://LOCALHOST:8080/qbwc", "https://localhost:8443/qbwc"] {
        let settings =
            QwcSettings { app_url: url.to_owned(), app_support: "http://localhost:8080/support".to_owned(), ..plain() };
        assert!(Qwc::new(settings).is_ok(), "{url}");
    }
}

#[test]
fn every_rule_names_the_code_it_spares() {
    let with_url = |url: &str| QwcSettings { app_url: url.to_owned(), ..plain() };
    let with_support = |url: &str| QwcSettings { app_support: url.to_owned(), ..plain() };
    let cases = [
        with_url("http://books.example.com/qbwc"),
        with_url("http://127.0.0.1:8080/qbwc"),
        with_url("https://10.0.0.7/qbwc"),
        with_url("https://[::1]/qbwc"),
        with_url("https://[::1/qbwc"),
        with_url("https://2130706433/qbwc"),
        with_url("https://0x7f000001/"),
        with_url("https://127.1./"),
        with_url("ftp://books.example.com/"),
        with_url("https://user:pass@books.example.com/"),
        with_url("https://books.example.com:port/"),
        with_url("https://books.example.com:99999/"),
        with_url("https:///qbwc"),
        with_url("https://books..example.com/"),
        with_url("books.example.com"),
        with_url("https://books.example.com/ qbwc"),
        with_url("https://other.example.org/qbwc"),
        with_support("https://192.168.1.1/"),
        with_support("https://developer.intuit.com/"),
        with_support(""),
        QwcSettings { app_name: " ".to_owned(), ..plain() },
        QwcSettings { user_name: "a\u{7}".to_owned(), ..plain() },
        QwcSettings { app_description: "é".repeat(81), ..plain() },
        QwcSettings { owner_id: Uuid::nil(), ..plain() },
        QwcSettings { file_id: plain().owner_id, ..plain() },
        QwcSettings { run_every: Some(RunEvery::Minutes(0)), ..plain() },
        QwcSettings { auth_flags: Some(0x10), ..plain() },
        QwcSettings { cert_url: Some("http://books.example.com/".to_owned()), ..plain() },
    ];
    let table: Vec<String> = cases
        .into_iter()
        .map(|settings| {
            let error = Qwc::new(settings).unwrap_err();
            if let Some(code) = error.code() {
                assert!(error.to_string().contains(&format!("QBWC{code}")));
            }
            error.to_string()
        })
        .collect();
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn a_description_of_eighty_characters_is_short_enough() {
    assert!(Qwc::new(QwcSettings { app_description: "é".repeat(80), ..plain() }).is_ok());
}

#[test]
fn a_file_by_another_hand_is_read_strictly() {
    let file = Qwc::new(plain()).unwrap().encode();
    let cases = [
        ("<QBType>QBFS</QBType>", "<QBType>QBPOS</QBType>"),
        ("<QBType>QBFS</QBType>", ""),
        ("<Style>Document</Style>", "<Style>RPC</Style>"),
        ("<IsReadOnly>false</IsReadOnly>", "<IsReadOnly>true</IsReadOnly>"),
        ("<IsReadOnly>false</IsReadOnly>", "<PersonalDataPrep>pdpOptional</PersonalDataPrep>"),
        ("<IsReadOnly>false</IsReadOnly>", "<PersonalDataPref>optional</PersonalDataPref>"),
        ("<IsReadOnly>false</IsReadOnly>", "<AuthFlags>all</AuthFlags>"),
        ("<IsReadOnly>false</IsReadOnly>", "<Scheduler><RunEveryNMinutes>ten</RunEveryNMinutes></Scheduler>"),
        ("<IsReadOnly>false</IsReadOnly>", "<Scheduler><RunEveryNHours>1</RunEveryNHours></Scheduler>"),
        ("<IsReadOnly>false</IsReadOnly>", "<UserName>again</UserName>"),
        ("<OwnerID>{", "<OwnerID>"),
        ("<AppID/>", ""),
        ("<AppURL>https:", "<AppURL>http:"),
        ("QBWCXML", "QWC"),
        ("<QBWCXML>", "<!DOCTYPE QBWCXML><QBWCXML>"),
        ("</QBWCXML>", ""),
    ];
    let table: Vec<String> = cases
        .iter()
        .map(|(from, to)| {
            assert!(file.contains(from), "{from}");
            Qwc::parse(&file.replace(from, to)).unwrap_err().to_string()
        })
        .collect();
    insta::assert_snapshot!(table.join("\n"));
}

#[test]
fn order_is_free_and_of_two_intervals_the_first_counts() {
    let file = Qwc::new(plain()).unwrap().encode();
    let scheduler =
        "<Scheduler><RunEveryNSeconds>30</RunEveryNSeconds><RunEveryNMinutes>5</RunEveryNMinutes></Scheduler>";
    let moved = file.replace("<QBWCXML>", &format!("<QBWCXML>{scheduler}<AuthFlags>15</AuthFlags>"));
    let settings = Qwc::parse(&moved).unwrap().settings().clone();
    assert_eq!(settings.run_every, Some(RunEvery::Seconds(30)));
    assert_eq!(settings.auth_flags, Some(15));
}

proptest! {
    #[test]
    fn whatever_is_accepted_is_read_back(
        app_name in any::<String>(),
        app_id in any::<String>(),
        app_description in any::<String>(),
        user_name in any::<String>(),
        path in "[!-~]{0,20}",
        owner_id in any::<u128>(),
        minutes in any::<u32>(),
        notify in any::<bool>(),
    ) {
        let settings = QwcSettings {
            app_name, app_id, app_description, user_name, notify,
            app_url: format!("https://books.example.com/{path}"),
            owner_id: Uuid::from_u128(owner_id),
            run_every: Some(RunEvery::Minutes(minutes)),
            ..plain()
        };
        if let Ok(qwc) = Qwc::new(settings) {
            prop_assert!(qwc.encode().is_ascii());
            prop_assert_eq!(Qwc::parse(&qwc.encode()).unwrap(), qwc);
        }
    }

    #[test]
    fn any_url_is_judged(url in "(https?://)?[\\[\\]:./@0-9a-fx-]{0,20}", text in any::<String>()) {
        for url in [url, text] {
            let judged = Qwc::new(QwcSettings { app_url: url.clone(), app_support: url.clone(), ..plain() });
            if judged.is_ok() {
                prop_assert!(url.starts_with("https://") && url.bytes().any(|byte| byte.is_ascii_alphabetic()));
            }
        }
    }

    #[test]
    fn a_damaged_file_is_survived(at in any::<proptest::sample::Index>(), with in "[<>&;{}\"a-z0-9]{0,4}", taken in 0usize..8) {
        let file = Qwc::new(plain()).unwrap().encode();
        let at = at.index(file.len());
        let damaged = format!("{}{with}{}", &file[..at], &file[(at + taken).min(file.len())..]);
        if let Ok(qwc) = Qwc::parse(&damaged) {
            prop_assert_eq!(Qwc::parse(&qwc.encode()).unwrap(), qwc);
        }
    }
}

#[test]
fn a_short_interval_in_seconds_is_no_error() {
    let settings = QwcSettings { run_every: Some(RunEvery::Seconds(5)), ..plain() };
    assert!(Qwc::new(settings).is_ok());
}

fn plain() -> QwcSettings {
    QwcSettings::new(
        "Bookferry",
        "https://books.example.com/qbwc",
        "https://books.example.com/support",
        "shop",
        Uuid::from_u128(0x0192_6bd0_0000_7000_8000_0000_0000_0001),
        Uuid::from_u128(0x0192_6bd0_0000_7000_8000_0000_0000_0002),
    )
}
