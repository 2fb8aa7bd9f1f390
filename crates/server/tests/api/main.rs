//! The JSON API, asked as an application asks it.

#[path = "../shared/added_company.rs"]
mod added_company;
mod bad_input;
mod batch;
mod events;
mod example;
mod hand_over;
mod keys;
mod letters;
mod list;
mod mail_server;
mod metrics;
mod moves;
mod once;
mod openapi;
mod problems;
mod resolve;
mod serving;
mod tenants;
mod test_server;
mod webhooks;
