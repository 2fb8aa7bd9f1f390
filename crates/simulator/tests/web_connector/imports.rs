use bookferry_simulator::web_connector::{ImportError, Settings, import};

use crate::scripted::{FILE_ID, OWNER_ID, Server, file, settings};

fn imported(change: impl FnOnce(&mut Settings)) -> Result<(), ImportError> {
    let mut settings = Settings { url: "https://books.example.com/qbwc".to_owned(), ..settings() };
    change(&mut settings);
    import(&settings, &mut file(), &mut Server::handing_out(&[]))
}

#[test]
fn the_file_id_is_written() {
    let mut file =
        bookferry_simulator::company_file::CompanyFile::sample("New", "2026-11-02T19:00:00Z".parse().unwrap());
    import(&settings(), &mut file, &mut Server::handing_out(&[])).unwrap();
    assert_eq!(file.company().file_ids[OWNER_ID], FILE_ID);
}

#[test]
fn the_rules_of_the_file_are_kept() {
    assert_eq!(imported(|_| {}), Ok(()));
    assert_eq!(imported(|settings| settings.support_url = "http://www.example.com/help".to_owned()), Ok(()));
    let code = |error: Result<(), ImportError>| error.unwrap_err().to_string()[..8].to_owned();
    assert_eq!(code(imported(|settings| settings.url = "http://books.example.com/qbwc".to_owned())), "QBWC1010");
    assert_eq!(code(imported(|settings| settings.url = "https://10.0.0.7/qbwc".to_owned())), "QBWC1001");
    assert_eq!(code(imported(|settings| settings.url = "https://[::1]:8080/qbwc".to_owned())), "QBWC1001");
    assert_eq!(code(imported(|settings| settings.support_url = "https://10.0.0.7/".to_owned())), "QBWC1002");
    assert_eq!(code(imported(|settings| settings.support_url = "https://example.org/".to_owned())), "QBWC1000");
    assert_eq!(code(imported(|settings| settings.is_read_only = true)), "QBWC1039");
}

#[test]
fn the_support_page_must_answer() {
    let mut server = Server::handing_out(&[]);
    server.page.status = 404;
    let settings = Settings { support_url: "http://localhost/help".to_owned(), ..settings() };
    assert_eq!(import(&settings, &mut file(), &mut server), Err(ImportError::SupportStatus { status: 404 }));
}

#[test]
fn a_qwc_file_says_it_all() {
    let (owner_id, file_id) = ("57f3b9b6-86f1-4fcc-b1ff-966de1813d20", "11111111-2222-3333-4444-555555555555");
    let document = format!(
        "<?xml version=\"1.0\"?><QBWCXML><AppName>Bookferry</AppName><AppID></AppID><AppURL>https://books.example.com/qbwc</AppURL>\
         <AppDescription>Invoices</AppDescription><AppSupport>https://books.example.com/help</AppSupport><UserName>shop</UserName>\
         <OwnerID>{{{owner_id}}}</OwnerID><FileID>{{{file_id}}}</FileID><QBType>QBFS</QBType></QBWCXML>"
    );
    let settings = Settings::of_qwc(&bookferry_qbwc::qwc::Qwc::parse(&document).unwrap(), "secret");
    assert_eq!((settings.url.as_str(), settings.user_name.as_str()), ("https://books.example.com/qbwc", "shop"));
    assert_eq!(settings.identity.unwrap().owner_id, OWNER_ID);
}
