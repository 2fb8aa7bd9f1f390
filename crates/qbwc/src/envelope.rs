use bookferry_xml::{Limits, ReadError, Reader, Start, Writer};

pub(crate) const SOAP_11: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const XML_SCHEMA: &str = "http://www.w3.org/2001/XMLSchema";
const XML_SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Why a document is not a SOAP 1.1 message with exactly one element in its body.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    #[error("the message cannot be read as XML")]
    Xml(#[from] ReadError),
    #[error("the envelope's namespace is {namespace:?}; only SOAP 1.1 is spoken here")]
    WrongVersion { namespace: String },
    #[error("the message is not a SOAP envelope: {reason}")]
    NotAnEnvelope { reason: &'static str },
    #[error("the header {header} must be understood, and is not")]
    NotUnderstood { header: String },
}

/// Reads up to the only child of the body, and hands out its start tag; [`close`] reads what follows it.
pub(crate) fn open(message: &str) -> Result<(Reader<'_>, Start<'_>), EnvelopeError> {
    let mut reader = Reader::new(message, Limits::DEFAULT)?;
    let root = reader.root()?;
    if root.name() != "Envelope" {
        return Err(not_an_envelope("its document element is not an Envelope"));
    }
    if root.namespace() != Some(SOAP_11) {
        return Err(EnvelopeError::WrongVersion { namespace: root.namespace().unwrap_or_default().to_owned() });
    }
    let mut part = reader.child()?;
    if part.as_ref().is_some_and(|part| is(part, "Header")) {
        read_headers(&mut reader)?;
        part = reader.child()?;
    }
    match part {
        Some(body) if is(&body, "Body") => {}
        Some(_) => return Err(not_an_envelope("something else stands where its Body belongs")),
        None => return Err(not_an_envelope("it has no Body")),
    }
    match reader.child()? {
        Some(child) => Ok((reader, child)),
        None => Err(not_an_envelope("its Body is empty")),
    }
}

/// Checks that nothing follows the body's child, neither in the body nor behind it.
pub(crate) fn close(mut reader: Reader<'_>) -> Result<(), EnvelopeError> {
    if reader.child()?.is_some() {
        return Err(not_an_envelope("its Body holds more than one element"));
    }
    if reader.child()?.is_some() {
        return Err(not_an_envelope("something follows its Body"));
    }
    Ok(reader.finish()?)
}

/// Writes an envelope around what `content` writes, with the prefixes that .NET uses.
pub(crate) fn write(capacity: usize, content: impl FnOnce(&mut Writer)) -> String {
    let mut writer = Writer::with_capacity(capacity);
    writer.declaration();
    writer.start("soap:Envelope");
    writer.attribute("xmlns:soap", SOAP_11);
    writer.attribute("xmlns:xsi", XML_SCHEMA_INSTANCE);
    writer.attribute("xmlns:xsd", XML_SCHEMA);
    writer.start("soap:Body");
    content(&mut writer);
    writer.end("soap:Body");
    writer.end("soap:Envelope");
    writer.finish()
}

fn read_headers(reader: &mut Reader<'_>) -> Result<(), EnvelopeError> {
    while let Some(header) = reader.child()? {
        if header.attribute("mustUnderstand").is_some_and(|value| matches!(value.trim(), "1" | "true")) {
            return Err(EnvelopeError::NotUnderstood { header: header.name().to_owned() });
        }
        reader.skip()?;
    }
    Ok(())
}

fn is(part: &Start<'_>, name: &str) -> bool {
    part.name() == name && part.namespace() == Some(SOAP_11)
}

fn not_an_envelope(reason: &'static str) -> EnvelopeError {
    EnvelopeError::NotAnEnvelope { reason }
}
