//! The Web Connector's own error codes, QBWC1000 to QBWC1048, as its dialogs and its log show them.

use crate::Actor::{self, Bookkeeper, Developer, Nobody, Operator, QuickBooksAdmin};

/// What is known about a code such as QBWC1012.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hint {
    pub code: u16,
    pub actor: Actor,
    /// What happened, as a sentence for the person who sees the code.
    pub meaning: &'static str,
    /// What mends it, as a sentence for whoever acts.
    pub remedy: &'static str,
}

/// What is known about a code; the vendor gives no 1047.
pub fn look_up(code: u16) -> Option<&'static Hint> {
    HINTS.iter().find(|hint| hint.code == code)
}

/// What is known about the first code in a text such as a line of QWCLog.txt.
pub fn find_in(text: &str) -> Option<&'static Hint> {
    text.split("QBWC").skip(1).find_map(|rest| {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        look_up(digits.parse().ok()?)
    })
}

/// Everything that is known, by code.
pub fn all() -> &'static [Hint] {
    HINTS
}

#[rustfmt::skip]
const HINTS: &[Hint] = &[
    hint(1000, Developer,
        "The service and its support page are at different domains.",
        "Put both URLs of the .qwc file at the same host."),
    hint(1001, Developer,
        "The service is named by an IP address.",
        "Write the name of a host into AppURL."),
    hint(1002, Developer,
        "The support page is named by an IP address.",
        "Write the name of a host into AppSupport."),
    hint(1003, Operator,
        "The support page did not answer with 200 or 202.",
        "Make the support page of the .qwc file answer."),
    hint(1004, Operator,
        "The support page could not be reached.",
        "Check the name, the certificate and the firewall of the support page."),
    hint(1005, Bookkeeper,
        "The Web Connector could not find its log file.",
        "Start the Web Connector again; install it again if that does not help."),
    hint(1006, Bookkeeper,
        "The Web Connector could not start.",
        "Restart the computer; install the Web Connector again if that does not help."),
    hint(1007, Bookkeeper,
        "A second attempt to connect to QuickBooks failed as well.",
        "Open the company file in QuickBooks, close every dialog there, and try again."),
    hint(1008, Bookkeeper,
        "The Web Connector could not connect to QuickBooks.",
        "Open the company file in QuickBooks, close every dialog there, and try again."),
    hint(1009, Bookkeeper,
        "Somebody cancelled the connection to QuickBooks.",
        "Add the application again, and let QuickBooks connect."),
    hint(1010, Developer,
        "The service is not reached by https.",
        "Begin AppURL with https; http is for localhost alone."),
    hint(1011, Bookkeeper,
        "The Web Connector has lost this application.",
        "Add the .qwc file again."),
    hint(1012, Operator,
        "The login at the service failed before it was judged.",
        "Check that the service runs, that its name and certificate are good, and that it answers in time."),
    hint(1013, Bookkeeper,
        "The Web Connector could not open QuickBooks for this visit, and told the service.",
        "Open the company file in QuickBooks, and close every dialog there."),
    hint(1014, Bookkeeper,
        "QuickBooks did not say which company is open.",
        "Open the company file in QuickBooks; the next visit tries again."),
    hint(1015, Nobody,
        "The connection to QuickBooks did not close properly, after the work was done.",
        "Nothing is lost; restart QuickBooks if it goes on."),
    hint(1016, Bookkeeper,
        "No application was selected.",
        "Tick the application in the Web Connector."),
    hint(1017, Bookkeeper,
        "Some of the applications could not be updated.",
        "Read the status of each application in the Web Connector."),
    hint(1018, Bookkeeper,
        "There is no application in the Web Connector.",
        "Add the .qwc file."),
    hint(1019, Bookkeeper,
        "The Web Connector was asked to exit although visits are scheduled.",
        "Keep the Web Connector running, or nothing will be synchronized."),
    hint(1020, Bookkeeper,
        "The Web Connector was asked to exit although visits are scheduled.",
        "Keep the Web Connector running, or nothing will be synchronized."),
    hint(1021, Bookkeeper,
        "The part of QuickBooks that other programs talk to was not found.",
        "Install the Web Connector and QuickBooks again."),
    hint(1022, Bookkeeper,
        "QuickBooks could not be opened to add the application.",
        "Open the company file as Admin, and add the .qwc file again."),
    hint(1023, Bookkeeper,
        "QuickBooks could not be opened to add the application.",
        "Open the company file as Admin, and add the .qwc file again."),
    hint(1024, QuickBooksAdmin,
        "The Web Connector could not look for its mark in the company file.",
        "Open the company file as Admin in single-user mode, and add the .qwc file again."),
    hint(1025, QuickBooksAdmin,
        "The Web Connector could not look for its mark in the company file.",
        "Open the company file as Admin in single-user mode, and add the .qwc file again."),
    hint(1026, QuickBooksAdmin,
        "The Web Connector could not write its mark into the company file; the mark may be there already.",
        "Open the company file as Admin and add the .qwc file again; ask for a new one if it still fails."),
    hint(1027, QuickBooksAdmin,
        "The Web Connector could not write its mark into the company file.",
        "Open the company file as Admin, and add the .qwc file again."),
    hint(1028, Bookkeeper,
        "The password could not be encrypted on this computer.",
        "Type the password into the Web Connector again."),
    hint(1029, Bookkeeper,
        "The password could not be decrypted on this computer.",
        "Type the password into the Web Connector again."),
    hint(1030, Bookkeeper,
        "No password has been typed into the Web Connector.",
        "Type the password of this connection into the Web Connector."),
    hint(1031, Bookkeeper,
        "The visit ended with an error.",
        "Read the reason beside it, and the needs-attention list of the service."),
    hint(1032, Bookkeeper,
        "The Web Connector has lost this application.",
        "Add the .qwc file again."),
    hint(1033, Bookkeeper,
        "The log of the Web Connector cannot be written.",
        "Let the Windows user write to the folder of the log."),
    hint(1034, Developer,
        "The editions that the .qwc file supports could not be set.",
        "Check AuthFlags in the .qwc file, and install the Web Connector again."),
    hint(1035, Developer,
        "The name localhost leads nowhere on this computer.",
        "Add localhost to the hosts file."),
    hint(1036, Operator,
        "The service did not answer when the version was checked.",
        "Check that the service runs and that nothing between cuts the connection."),
    hint(1037, Bookkeeper,
        "The service warned about the version of the Web Connector, or refused it.",
        "Install the version that the message names."),
    hint(1038, Bookkeeper,
        "The key for the passwords on this computer is damaged.",
        "Install the Web Connector again, and type the passwords again."),
    hint(1039, QuickBooksAdmin,
        "The application could not be added: its mark is in the company file already, or permission is missing.",
        "Open the company file as Admin and allow the application; ask for a new .qwc file if it still fails."),
    hint(1040, Bookkeeper,
        "The password in the Web Connector is not valid.",
        "Type the password of this connection into the Web Connector again."),
    hint(1041, Operator,
        "The service failed when it was asked for work.",
        "Read the log of the service; the next visit goes on from there."),
    hint(1042, Operator,
        "The service failed while it took QuickBooks' answer.",
        "Read the log of the service; the next visit asks QuickBooks what it has done."),
    hint(1043, Operator,
        "The service failed when it was asked for its last error.",
        "Read the log of the service."),
    hint(1044, Operator,
        "The service failed when the visit was closed.",
        "Read the log of the service; the work itself is done."),
    hint(1045, Operator,
        "The service failed when it was told that QuickBooks could not be opened.",
        "Open the company file in QuickBooks, and read the log of the service."),
    hint(1046, Developer,
        "The service answered the check of the version in a form that means nothing.",
        "Answer clientVersion with nothing, or begin with W:, E: or O:."),
    hint(1048, Operator,
        "The certificate of the service could not be checked.",
        "Let a plain GET of AppURL answer with 200, and serve the whole chain of a valid certificate."),
];

const fn hint(code: u16, actor: Actor, meaning: &'static str, remedy: &'static str) -> Hint {
    Hint { code, actor, meaning, remedy }
}
