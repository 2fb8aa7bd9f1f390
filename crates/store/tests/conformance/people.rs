//! Companies, people, sessions and keys.

use bookferry_store::{CompanyDeedKind, Error, NewApiKey, NewPerson, Role};
use bookferry_sync::company::{Release, Settings};
use bookferry_sync::id::{ApiKeyId, PersonId};

use crate::example::{actor, at, company, entropy, hash};
use crate::on_both;
use crate::test_database::TestDatabase;

on_both!(
    a_company_is_found_by_its_user_name,
    people_sign_in_and_out,
    keys_belong_to_one_company,
    a_key_is_stored_with_its_name
);

async fn a_company_is_found_by_its_user_name(database: &TestDatabase) {
    let store = &database.store;
    let id = company(store, Release::Manual).await;
    let connection = store.company_by_user_name(&format!("bookferry-{id}")).await.expect("read").expect("there");
    assert_eq!((connection.company.id, connection.password_hash.as_slice()), (id, hash("password").as_slice()));
    assert_eq!(connection.last_heard_at, None);
    assert!(store.company_by_user_name("nobody\0").await.expect("read").is_none());
    for (heard, noted) in [(at(5), at(5)), (at(20), at(5)), (at(60), at(60))] {
        store.note_heard(id, heard).await.expect("noted");
        let connection = store.connection(id).await.expect("read").expect("there");
        assert_eq!(connection.last_heard_at, Some(noted));
    }
    store
        .enable_sync(id, at(999), &bookferry_store::Actor::new("ruth@harbor.example", "sync_manager"), at(999))
        .await
        .expect("enabled before");
    let settings = Settings { release: Release::Automatic, ..Settings::default() };
    for second in [70, 71] {
        store.update_settings(id, &settings, &actor(), at(second)).await.expect("updated");
    }
    let deeds = store.company_deeds(id, None, None, 10).await.expect("read");
    let told: Vec<_> = deeds.iter().map(|deed| (deed.at, deed.kind, deed.detail.as_str())).collect();
    assert_eq!(
        told,
        [
            (at(70), CompanyDeedKind::Settings, "release: manual, now automatic"),
            (at(0), CompanyDeedKind::SyncEnabled, ""),
            (at(0), CompanyDeedKind::Added, ""),
        ],
        "what changes nothing is no deed"
    );
    assert_eq!(deeds[0].actor, actor().who);
    assert_eq!(store.company_deeds(id, Some(at(1)), Some(at(70)), 10).await.expect("read"), []);
    let found = store.companies().await.expect("read").remove(0);
    assert_eq!((found.sync_enabled_at, found.settings), (Some(at(0)), settings));
    store.set_books(id, None).await.expect("unbound");
    assert!(store.has_work(id, at(60)).await.expect("an answer"), "the first visit has the company file to read");
}

async fn people_sign_in_and_out(database: &TestDatabase) {
    let store = &database.store;
    let company = company(store, Release::Manual).await;
    let organization_id = store.company(company).await.expect("read").expect("there").organization_id;
    assert!(!store.has_people().await.expect("an answer"));
    let id = PersonId::new(at(0), &entropy());
    let new = NewPerson {
        id,
        organization_id,
        company_id: Some(company),
        email: "Ada@Example.com",
        role: Role::Bookkeeper,
        password_hash: "$argon2id$",
    };
    store.create_person(&new, at(0)).await.expect("a person");
    let twin = NewPerson { id: PersonId::new(at(0), &entropy()), email: "ada@example.COM", ..new };
    assert!(matches!(store.create_person(&twin, at(0)).await, Err(Error::Exists { .. })));
    let person = store.person_by_email("ADA@example.com").await.expect("read").expect("there");
    assert_eq!((person.id, person.role, person.company_id), (id, Role::Bookkeeper, Some(company)));

    store.create_web_session(&hash("s"), id, at(0), at(1_000)).await.expect("a session");
    for (used, noted) in [(at(600), at(0)), (at(700), at(700)), (at(701), at(700))] {
        let session = store.web_session(&hash("s"), used).await.expect("read").expect("there");
        store.note_session_used(&hash("s"), session.last_used_at, used).await.expect("noted");
        let session = store.web_session(&hash("s"), used).await.expect("read").expect("there");
        assert_eq!(session.last_used_at, noted);
    }
    assert!(store.web_session(&hash("s"), at(1_000)).await.expect("read").is_none(), "it has expired");
    store.set_person_password(id, "$argon2id$new").await.expect("changed");
    assert!(store.web_session(&hash("s"), at(800)).await.expect("read").is_none(), "a new password ends sessions");
    store.delete_web_session(&hash("s")).await.expect("ended before");
}

async fn keys_belong_to_one_company(database: &TestDatabase) {
    let store = &database.store;
    let mine = company(store, Release::Manual).await;
    let other = company(store, Release::Manual).await;
    let id = ApiKeyId::new(at(0), &entropy());
    let new = NewApiKey { id, company_id: mine, hash: &hash("k"), name: "", read_only: true };
    store.create_api_key(&new, at(0)).await.expect("a key");
    let key = store.api_key_by_hash(&hash("k"), at(1)).await.expect("read").expect("there");
    assert_eq!((key.id, key.company_id, key.read_only), (id, mine, true));
    assert!(!store.delete_api_key(other, id).await.expect("an answer"));
    assert!(store.delete_api_key(mine, id).await.expect("an answer"));
    assert!(store.api_key_by_hash(&hash("k"), at(2)).await.expect("read").is_none());
}

async fn a_key_is_stored_with_its_name(database: &TestDatabase) {
    let store = &database.store;
    let company_id = company(store, Release::Manual).await;
    let (shop, till) = (ApiKeyId::new(at(0), &entropy()), ApiKeyId::new(at(1), &entropy()));
    let new = NewApiKey { id: shop, company_id, hash: &hash("shop"), name: "The shop", read_only: true };
    store.create_api_key(&new, at(0)).await.expect("a key");
    let second = NewApiKey { id: till, hash: &hash("till"), name: "The till", read_only: false, ..new };
    store.create_api_key(&second, at(1)).await.expect("another");
    let same_secret =
        NewApiKey { id: ApiKeyId::new(at(2), &entropy()), hash: &hash("shop"), name: "A third", ..second };
    assert!(store.create_api_key(&same_secret, at(2)).await.is_err(), "a secret opens one company by one key");
    let keys = store.api_keys(company_id).await.expect("read");
    let told: Vec<_> = keys.iter().map(|key| (key.id, key.name.as_str(), key.read_only, key.created_at)).collect();
    assert_eq!(told, [(shop, "The shop", true, at(0)), (till, "The till", false, at(1))]);
}
