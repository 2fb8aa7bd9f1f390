//! Who may sign in, and which keys the application has. For administrators.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use bookferry_store::{ApiKeyLine, Error as StoreError, NewApiKey, NewPerson, Person, Role};
use bookferry_sync::id::{ApiKeyId, PersonId};
use form_urlencoded::Serializer;

use super::desk::Desk;
use super::form::{DeskForm, Form};
use super::frame::{Frame, Section, role as told_role};
use super::moment::Ago;
use super::page_error::PageError;
use super::webhooks::{self, WebhookRow};
use crate::{App, Secret, hash_password};

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    frame: Frame,
    notice: Option<&'static str>,
    people: Vec<PersonRow>,
    roles_of_new: [RoleChoice; 3],
    keys: Vec<KeyRow>,
    webhooks: Vec<WebhookRow>,
    /// What is shown this one time.
    secret: Option<Shown>,
    /// Whether the administrator sees all companies, and may let others do so.
    sees_all: bool,
}

struct PersonRow {
    id: PersonId,
    email: String,
    roles: [RoleChoice; 3],
    is_self: bool,
    sees: &'static str,
    last_sign_in: Option<Ago>,
    disabled: Option<Ago>,
}

struct RoleChoice {
    word: &'static str,
    label: &'static str,
    is_chosen: bool,
}

struct KeyRow {
    line: ApiKeyLine,
    created: Ago,
    used: Option<Ago>,
}

pub(super) struct Shown {
    pub(super) label: String,
    pub(super) secret: String,
    pub(super) note: &'static str,
}

const KEPT_AS_HASH: &str = "It is shown this once, and kept here only as a hash. Copy it now.";

const EMAIL_CHARACTERS_MAX: usize = 254;
const KEY_NAME_CHARACTERS_MAX: usize = 60;

const NOTICES: [(&str, &str); 16] = [
    ("role", "The role was changed. It holds from the next press on."),
    ("disabled", "Nobody can sign in as this person any more; their sessions have ended."),
    ("enabled", "The person can sign in again."),
    ("last_admin", "Nothing was changed: somebody has to stay administrator."),
    ("taken", "Nothing was added: somebody has this e-mail address already."),
    ("no_email", "Nothing was added: that is no e-mail address."),
    ("revoked", "The key was revoked. Whatever uses it is refused from now on."),
    ("revoked_before", "There is no such key any more."),
    ("webhook_removed", "The webhook was removed. Nothing is delivered there any more."),
    ("webhook_tried", "The webhook is tried again now, from where it stopped."),
    ("webhook_gone", "There is no such webhook any more."),
    ("webhook_scheme", "Nothing was added: a webhook's address begins with https://."),
    ("webhook_user", "Nothing was added: the address must not hold a user or a password."),
    ("webhook_address", "Nothing was added: that is no address. It begins with https:// and names a host."),
    ("webhook_many", "Nothing was added: a company has ten webhooks at most."),
    ("webhook_taken", "Nothing was added: the company has this webhook already."),
];

pub(super) async fn show(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    desk: Desk,
) -> Result<Html<String>, PageError> {
    let query = query.unwrap_or_default();
    let done = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "done").map(|(_, word)| word);
    let notice = done.and_then(|word| NOTICES.into_iter().find(|(known, _)| *known == word)).map(|(_, text)| text);
    page(&app, &desk, notice, None).await
}

/// Where a secret was shown, a reload leads back to the page.
pub(super) async fn go_on(desk: Desk) -> Redirect {
    Redirect::to(&desk.path("people"))
}

pub(super) async fn change_people(State(app): State<App>, form: DeskForm) -> Result<Response, PageError> {
    let DeskForm { desk, form } = form;
    require_admin(&desk)?;
    if form.get("deed") == Some("add") {
        return add(&app, &desk, &form).await;
    }
    let organization = desk.company().organization_id;
    let wanted = form.get("person").and_then(|id| id.parse::<PersonId>().ok()).ok_or(PageError::Unreadable)?;
    let person = people(&app, &desk).await?.into_iter().find(|person| person.id == wanted);
    let person = person.ok_or(PageError::NotFound)?.id;
    let (actor, now) = (desk.actor(), app.clock().now());
    let (is_done, word) = match form.get("deed") {
        Some("disable") => (app.store().set_disabled(organization, person, true, &actor, now).await?, "disabled"),
        Some("enable") => (app.store().set_disabled(organization, person, false, &actor, now).await?, "enabled"),
        Some("role") => {
            let role = form.get("role").and_then(|word| word.parse().ok()).ok_or(PageError::Unreadable)?;
            (app.store().set_role(organization, person, role, &actor, now).await?, "role")
        }
        _ => return Err(PageError::Unreadable),
    };
    app.live().check_sessions();
    Ok(told(&desk, if is_done { word } else { "last_admin" }))
}

pub(super) async fn change_keys(State(app): State<App>, form: DeskForm) -> Result<Response, PageError> {
    let DeskForm { desk, form } = form;
    require_admin(&desk)?;
    let company = desk.company_id();
    if form.get("deed") == Some("revoke") {
        let key = form.get("key").and_then(|id| id.parse::<ApiKeyId>().ok()).ok_or(PageError::Unreadable)?;
        let was_there = app.store().delete_api_key(company, key).await?;
        tracing::info!(company.id = %company, key.id = %key, "an API key was revoked");
        return Ok(told(&desk, if was_there { "revoked" } else { "revoked_before" }));
    }
    let name = form.get("name").unwrap_or("").trim().replace('\0', "");
    let name: String = name.chars().take(KEY_NAME_CHARACTERS_MAX).collect();
    let (now, secret) = (app.clock().now(), Secret::api_key(app.entropy()));
    let id = ApiKeyId::new(now, &app.entropy().id());
    let (hash, read_only) = (secret.hash(), form.get("read_only").is_some());
    let new = NewApiKey { id, company_id: company, hash: &hash.0, name: &name, read_only };
    app.store().create_api_key(&new, now).await?;
    tracing::info!(company.id = %company, key.id = %id, "an API key was made");
    let label = if name.is_empty() { "The new key".to_owned() } else { format!("The new key, {name}") };
    let shown = Shown { label, secret: secret.reveal().to_owned(), note: KEPT_AS_HASH };
    Ok(page(&app, &desk, None, Some(shown)).await?.into_response())
}

/// Adds a person with a password made here, which is shown once.
async fn add(app: &App, desk: &Desk, form: &Form) -> Result<Response, PageError> {
    let email = form.get("email").unwrap_or("").trim();
    if !is_address(email) {
        return Ok(told(desk, "no_email"));
    }
    let role: Role = form.get("role").and_then(|word| word.parse().ok()).ok_or(PageError::Unreadable)?;
    let own = desk.signed_in.person.company_id;
    let company_id = own.or_else(|| form.get("only_here").map(|_| desk.company_id()));
    let password = Secret::generate(app.entropy(), "");
    let hash = {
        let _turn = app.hashing().acquire().await;
        let password = password.clone();
        tokio::task::spawn_blocking(move || hash_password(password.reveal())).await
    };
    let Ok(Ok(password_hash)) = hash else { return Err(PageError::Unreadable) };
    let now = app.clock().now();
    let new = NewPerson {
        id: PersonId::new(now, &app.entropy().id()),
        organization_id: desk.company().organization_id,
        company_id,
        email,
        role,
        password_hash: &password_hash,
    };
    match app.store().create_person(&new, now).await {
        Ok(()) => {}
        Err(StoreError::Exists { .. }) => return Ok(told(desk, "taken")),
        Err(error) => return Err(error.into()),
    }
    let label = format!("The password of {email}");
    let shown = Shown { label, secret: password.reveal().to_owned(), note: KEPT_AS_HASH };
    Ok(page(app, desk, None, Some(shown)).await?.into_response())
}

pub(super) async fn page(
    app: &App,
    desk: &Desk,
    notice: Option<&'static str>,
    secret: Option<Shown>,
) -> Result<Html<String>, PageError> {
    require_admin(desk)?;
    let frame = Frame::load(app, desk, Section::People).await?;
    let now = frame.now;
    let people = people(app, desk).await?.into_iter().map(|person| PersonRow {
        is_self: person.id == desk.signed_in.person.id,
        sees: if person.company_id.is_some() { "This company" } else { "All companies" },
        last_sign_in: person.last_sign_in_at.map(|at| Ago { at, now }),
        disabled: person.disabled_at.map(|at| Ago { at, now }),
        id: person.id,
        email: person.email,
        roles: role_choices(person.role),
    });
    let keys = app.store().api_keys(desk.company_id()).await?.into_iter().map(|line| KeyRow {
        created: Ago { at: line.created_at, now },
        used: line.last_used_at.map(|at| Ago { at, now }),
        line,
    });
    let page = PeoplePage {
        people: people.collect(),
        roles_of_new: role_choices(Role::Bookkeeper),
        keys: keys.collect(),
        webhooks: webhooks::rows(app, desk, now).await?,
        sees_all: desk.signed_in.person.company_id.is_none(),
        frame,
        notice,
        secret,
    };
    Ok(Html(page.render()?))
}

/// Those who see this company. An administrator of one company neither sees nor changes people of others.
pub(super) async fn people(app: &App, desk: &Desk) -> Result<Vec<Person>, PageError> {
    let mut people = app.store().people(desk.company().organization_id).await?;
    let own = desk.signed_in.person.company_id;
    let here = desk.company_id();
    people.retain(|person| match own {
        Some(own) => person.company_id == Some(own),
        None => person.company_id.is_none_or(|only| only == here),
    });
    Ok(people)
}

pub(super) fn require_admin(desk: &Desk) -> Result<(), PageError> {
    if desk.signed_in.is_admin() { Ok(()) } else { Err(PageError::NotAllowed) }
}

pub(super) fn told(desk: &Desk, word: &str) -> Response {
    let query = Serializer::new(String::new()).append_pair("done", word).finish();
    Redirect::to(&format!("{}?{query}", desk.path("people"))).into_response()
}

/// Something on either side of an @; whether anybody reads there, only a letter would show.
fn is_address(text: &str) -> bool {
    let is_short = text.chars().count() <= EMAIL_CHARACTERS_MAX;
    let is_plain = !text.chars().any(|character| character.is_whitespace() || character.is_control());
    is_short && is_plain && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
}

fn role_choices(chosen: Role) -> [RoleChoice; 3] {
    Role::ALL.map(|role| RoleChoice { word: role.as_str(), label: told_role(role), is_chosen: role == chosen })
}
