//! The pages as a browser without the script gets them: through the router, by forms and links.

#[path = "../shared/added_company.rs"]
mod added_company;
mod browser;
mod company;
mod desk;
mod grid;
mod mappings;
mod mending;
mod moves;
mod news;
mod notices;
mod older;
mod pages;
mod password;
mod security;
mod setup;
mod sign_in;
mod timing;
mod webhooks;
