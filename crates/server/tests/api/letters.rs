//! People are told by e-mail what waits: once, with what to do, and never a hundred times.

use bookferry_server::{App, tell_people};
use bookferry_store::{MailEvery, NewPerson, Role};
use bookferry_sync::cause::Cause;
use bookferry_sync::id::PersonId;
use bookferry_sync::notice::Notice;
use bookferry_sync::submission::Event;
use jiff::Timestamp;

use crate::example::invoice;
use crate::mail_server::{MailServer, Mood};
use crate::test_server::TestServer;

const DANA: &str = "dana@ridgeline.example";

#[tokio::test]
async fn what_waits_is_told_once_and_not_again_before_its_time() {
    let (server, app, mail) = with_mail(Some(MailEvery::Hour)).await;
    tell_people(&app).await.expect("nothing is to be told");
    assert_eq!(mail.letters().len(), 0);
    refuse(&server, "inv-1").await;
    tell_people(&app).await.expect("told");
    tell_people(&app).await.expect("told before");
    let letters = mail.letters();
    assert_eq!(letters.len(), 1, "{letters:#?}");
    for part in [
        &format!("To: {DANA}"),
        "From: Bookferry <books@ferry.example>",
        "Subject: Auto Glass: 1 record needs attention",
        "1 record waits for somebody under Needs Attention",
        &format!("http://127.0.0.1:8080/companies/{}/attention", server.glass.company),
    ] {
        assert!(letters[0].contains(part), "{part}: {}", letters[0]);
    }
    assert!(
        !letters[0].contains("1042") && !letters[0].contains("Müller"),
        "no record's content travels: {}",
        letters[0]
    );

    refuse(&server, "inv-2").await;
    server.pass(3_500);
    tell_people(&app).await.expect("it is too early");
    assert_eq!(mail.letters().len(), 1);
    server.pass(200);
    tell_people(&app).await.expect("told");
    assert!(mail.letters()[1].contains("2 records need attention"), "{}", mail.letters()[1]);
    server.pass(100_000);
    tell_people(&app).await.expect("nothing is new");
    assert_eq!(mail.letters().len(), 2, "what was told is not told again");
}

#[tokio::test]
async fn who_wants_no_letters_gets_none() {
    let (server, app, mail) = with_mail(None).await;
    refuse(&server, "inv-1").await;
    tell_people(&app).await.expect("nobody is told");
    assert_eq!(mail.letters().len(), 0);
}

#[tokio::test]
async fn a_mail_server_that_is_away_is_asked_again_later() {
    let (server, app, mail) = with_mail(Some(MailEvery::Day)).await;
    refuse(&server, "inv-1").await;
    for mood in [Mood::Away, Mood::RefusesForNow] {
        mail.set_mood(mood);
        tell_people(&app).await.expect("put off");
        assert_eq!(notices(&server).await, []);
        server.pass(300);
    }
    mail.set_mood(Mood::Takes);
    tell_people(&app).await.expect("sent");
    assert_eq!(mail.letters().len(), 1);
}

#[tokio::test]
async fn a_mail_server_that_stays_away_is_told_on_the_pages() {
    let (server, app, mail) = with_mail(Some(MailEvery::Day)).await;
    refuse(&server, "inv-1").await;
    mail.set_mood(Mood::Away);
    let mut tries = 0;
    while notices(&server).await.is_empty() {
        tell_people(&app).await.expect("put off");
        server.pass(13 * 3_600);
        tries += 1;
        assert!(tries < 20, "it is never given up");
    }
    assert_eq!(tries, 8);
    mail.set_mood(Mood::Takes);
    tell_people(&app).await.expect("nothing is due");
    assert_eq!(mail.letters().len(), 0);
}

#[tokio::test]
async fn a_letter_of_which_nobody_knows_whether_it_arrived_is_not_sent_again() {
    for (mood, arrived, why) in
        [(Mood::Breaks, 1, "nobody knows whether"), (Mood::RefusesForGood, 0, "no such mailbox")]
    {
        let (server, app, mail) = with_mail(Some(MailEvery::Day)).await;
        refuse(&server, "inv-1").await;
        mail.set_mood(mood);
        tell_people(&app).await.expect("given up");
        mail.set_mood(Mood::Takes);
        server.pass(50_000);
        tell_people(&app).await.expect("nothing is due");
        assert_eq!(mail.letters().len(), arrived, "{mood:?}");
        let told = notices(&server).await;
        let [Notice::MailLost { email, trouble }] = told.as_slice() else { panic!("{told:?}") };
        assert!(email == DANA && trouble.contains(why), "{trouble}");
    }
}

#[tokio::test]
async fn a_silent_web_connector_is_told_while_something_waits_for_it() {
    let (server, app, mail) = with_mail(Some(MailEvery::Day)).await;
    let company = server.glass.company;
    let now = |seconds: i64| {
        Timestamp::from_microsecond(crate::test_server::START_US + seconds * 1_000_000).expect("a moment")
    };
    server.store().note_heard(company, now(0)).await.expect("heard");
    server.pass(3 * 86_400);
    tell_people(&app).await.expect("nothing waits for it");
    assert_eq!(mail.letters().len(), 0);
    server.send("PUT", "/api/v1/invoices/inv-1", &invoice("1042").to_string()).await;
    server.send("POST", "/api/v1/records/ready", r#"{"filter":{}}"#).await;
    server.pass(86_000);
    tell_people(&app).await.expect("it was released less than a day ago");
    assert_eq!(mail.letters().len(), 0);
    server.pass(500);
    tell_people(&app).await.expect("told");
    tell_people(&app).await.expect("told before");
    assert_eq!(mail.letters().len(), 1);
    assert!(mail.letters()[0].contains("start the QuickBooks Web Connector"), "{}", mail.letters()[0]);
    assert!(matches!(notices(&server).await.as_slice(), [Notice::ConnectorSilent { .. }]));
    server.store().note_heard(company, now(4 * 86_400)).await.expect("heard");
    tell_people(&app).await.expect("it is over");
    assert_eq!(notices(&server).await, []);
}

async fn notices(server: &TestServer) -> Vec<Notice> {
    let lines = server.store().notices(server.glass.company).await.expect("notices");
    lines.into_iter().map(|line| line.notice).collect()
}

async fn refuse(server: &TestServer, external_id: &str) {
    server.send("PUT", &format!("/api/v1/invoices/{external_id}"), &invoice("1042").to_string()).await;
    let cause = Cause::new("qb_3140", "QuickBooks has no customer by this name.", "Müller");
    server.happens(external_id, [Event::MarkReady, Event::Enclosed, Event::Refused(cause)]).await;
}

async fn with_mail(every: Option<MailEvery>) -> (TestServer, App, MailServer) {
    let server = TestServer::start().await;
    let mail = MailServer::start().await;
    let company = server.store().company(server.glass.company).await.expect("read").expect("there");
    let id = PersonId::new(Timestamp::UNIX_EPOCH, &[3; 10]);
    let person = NewPerson {
        id,
        organization_id: company.organization_id,
        company_id: None,
        email: DANA,
        role: Role::Bookkeeper,
        password_hash: "",
    };
    server.store().create_person(&person, Timestamp::UNIX_EPOCH).await.expect("a person");
    server.store().set_mail_every(id, every).await.expect("chosen");
    let app = server.app.clone().with_mailer(mail.mailer());
    (server, app, mail)
}
