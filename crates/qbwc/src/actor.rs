/// Who has to act before something that went wrong goes right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// It passes by itself, or the next visit mends it.
    Nobody,
    /// The person at the computer on which QuickBooks and the Web Connector run.
    Bookkeeper,
    /// Whoever knows the Admin login of the company file.
    QuickBooksAdmin,
    /// Whoever hosts the server.
    Operator,
    /// The makers of the program that wrote the request or the `.qwc` file.
    Developer,
}
