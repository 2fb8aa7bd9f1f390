use bookferry_xml::Writer;

use crate::NAMESPACE;
use crate::operation::{Operation, ParameterKind, ResultKind};

const SERVICE: &str = "QBWebConnectorSvc";
const PORT: &str = "QBWebConnectorSvcSoap";

/// The contract as WSDL 1.1, for a service that is reached at `location`: SOAP 1.1, document/literal wrapped.
///
/// Names, types and optional elements are those of the vendor's contract (Web Connector guide, section 5), with both
/// spellings of the operations that its material spells in two ways.
pub fn wsdl(location: &str) -> String {
    let mut out = Outline { writer: Writer::with_capacity(32 << 10), depth: 0 };
    out.writer.declaration();
    let namespaces = [
        ("xmlns", "http://schemas.xmlsoap.org/wsdl/"),
        ("xmlns:soap", "http://schemas.xmlsoap.org/wsdl/soap/"),
        ("xmlns:xs", "http://www.w3.org/2001/XMLSchema"),
        ("xmlns:qb", NAMESPACE),
        ("targetNamespace", NAMESPACE),
        ("name", SERVICE),
    ];
    out.within("definitions", &namespaces, |out| {
        out.within("types", &[], schema);
        for operation in Operation::ALL {
            messages(out, operation);
        }
        port_type(out);
        binding(out);
        out.within("service", &[("name", SERVICE)], |out| {
            out.within("port", &[("name", PORT), ("binding", &format!("qb:{PORT}"))], |out| {
                out.leaf("soap:address", &[("location", location)]);
            });
        });
    });
    out.writer.text("\n");
    out.writer.finish()
}

fn schema(out: &mut Outline) {
    out.within("xs:schema", &[("elementFormDefault", "qualified"), ("targetNamespace", NAMESPACE)], |out| {
        for operation in Operation::ALL {
            wrapper(out, operation.name(), |out| {
                for parameter in operation.parameters() {
                    match parameter.kind {
                        ParameterKind::Text => optional(out, parameter.name, "xs:string"),
                        ParameterKind::Integer => required_integer(out, parameter.name),
                    }
                }
            });
            wrapper(out, &operation.response_name(), |out| match operation.result_kind() {
                ResultKind::Text => optional(out, &operation.result_name(), "xs:string"),
                ResultKind::Integer => required_integer(out, &operation.result_name()),
                ResultKind::Texts => optional(out, &operation.result_name(), "qb:ArrayOfString"),
            });
        }
        out.within("xs:complexType", &[("name", "ArrayOfString")], |out| {
            out.within("xs:sequence", &[], |out| {
                let string = [
                    ("name", "string"),
                    ("type", "xs:string"),
                    ("minOccurs", "0"),
                    ("maxOccurs", "unbounded"),
                    ("nillable", "true"),
                ];
                out.leaf("xs:element", &string);
            });
        });
    });
}

fn wrapper(out: &mut Outline, name: &str, children: impl FnOnce(&mut Outline)) {
    out.within("xs:element", &[("name", name)], |out| {
        out.within("xs:complexType", &[], |out| out.within("xs:sequence", &[], children));
    });
}

fn optional(out: &mut Outline, name: &str, kind: &str) {
    out.leaf("xs:element", &[("name", name), ("type", kind), ("minOccurs", "0"), ("maxOccurs", "1")]);
}

fn required_integer(out: &mut Outline, name: &str) {
    out.leaf("xs:element", &[("name", name), ("type", "xs:int"), ("minOccurs", "1"), ("maxOccurs", "1")]);
}

fn messages(out: &mut Outline, operation: Operation) {
    let pairs =
        [(call_message(operation), operation.name().to_owned()), (reply_message(operation), operation.response_name())];
    for (message, element) in pairs {
        out.within("message", &[("name", &message)], |out| {
            out.leaf("part", &[("name", "parameters"), ("element", &format!("qb:{element}"))]);
        });
    }
}

fn port_type(out: &mut Outline) {
    out.within("portType", &[("name", PORT)], |out| {
        for operation in Operation::ALL {
            out.within("operation", &[("name", operation.name())], |out| {
                out.leaf("input", &[("message", &format!("qb:{}", call_message(operation)))]);
                out.leaf("output", &[("message", &format!("qb:{}", reply_message(operation)))]);
            });
        }
    });
}

fn binding(out: &mut Outline) {
    out.within("binding", &[("name", PORT), ("type", &format!("qb:{PORT}"))], |out| {
        out.leaf("soap:binding", &[("style", "document"), ("transport", "http://schemas.xmlsoap.org/soap/http")]);
        for operation in Operation::ALL {
            out.within("operation", &[("name", operation.name())], |out| {
                out.leaf("soap:operation", &[("soapAction", &operation.soap_action()), ("style", "document")]);
                for direction in ["input", "output"] {
                    out.within(direction, &[], |out| out.leaf("soap:body", &[("use", "literal")]));
                }
            });
        }
    });
}

fn call_message(operation: Operation) -> String {
    format!("{}Call", operation.name())
}

fn reply_message(operation: Operation) -> String {
    format!("{}Reply", operation.name())
}

/// A writer that puts each element on a line of its own, since people read this document.
struct Outline {
    writer: Writer,
    depth: usize,
}

impl Outline {
    fn within(&mut self, name: &str, attributes: &[(&str, &str)], children: impl FnOnce(&mut Self)) {
        self.start(name, attributes);
        self.depth += 1;
        children(self);
        self.depth -= 1;
        self.new_line();
        self.writer.end(name);
    }

    fn leaf(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.writer.end(name);
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.new_line();
        self.writer.start(name);
        for (name, value) in attributes {
            self.writer.attribute(name, value);
        }
    }

    fn new_line(&mut self) {
        self.writer.text(&format!("\n{}", "  ".repeat(self.depth)));
    }
}
