use bookferry_xml::Writer;
use uuid::Uuid;

use super::{QwcSettings, RunEvery};

pub(super) fn write(settings: &QwcSettings) -> String {
    let mut writer = Writer::new();
    writer.declaration();
    writer.text("\n");
    writer.start("QBWCXML");
    let mut element = |name: &str, text: &str| {
        writer.text("\n  ");
        writer.element(name, text);
    };
    element("AppName", &settings.app_name);
    element("AppID", &settings.app_id);
    element("AppURL", &settings.app_url);
    element("AppDescription", &settings.app_description);
    element("AppSupport", &settings.app_support);
    element("UserName", &settings.user_name);
    element("OwnerID", &braced(settings.owner_id));
    element("FileID", &braced(settings.file_id));
    element("QBType", "QBFS");
    element("Style", "Document");
    if let Some(preference) = settings.personal_data {
        element("PersonalDataPref", preference.word());
    }
    if let Some(preference) = settings.unattended_mode {
        element("UnattendedModePref", preference.word());
    }
    if let Some(flags) = settings.auth_flags {
        element("AuthFlags", &format!("{flags:#X}"));
    }
    if settings.notify {
        element("Notify", "true");
    }
    let optional = [
        ("AppDisplayName", &settings.app_display_name),
        ("AppUniqueName", &settings.app_unique_name),
        ("CertURL", &settings.cert_url),
    ];
    for (name, text) in optional {
        if let Some(text) = text {
            element(name, text);
        }
    }
    element("IsReadOnly", "false");
    if let Some(run_every) = settings.run_every {
        let (name, number) = match run_every {
            RunEvery::Minutes(minutes) => ("RunEveryNMinutes", minutes),
            RunEvery::Seconds(seconds) => ("RunEveryNSeconds", seconds),
        };
        writer.text("\n  ");
        writer.start("Scheduler");
        writer.text("\n    ");
        writer.element(name, &number.to_string());
        writer.text("\n  ");
        writer.end("Scheduler");
    }
    writer.text("\n");
    writer.end("QBWCXML");
    writer.text("\n");
    writer.finish()
}

fn braced(guid: Uuid) -> String {
    guid.braced().to_string()
}
