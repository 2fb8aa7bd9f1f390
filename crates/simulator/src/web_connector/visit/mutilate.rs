//! Answers of QuickBooks that do not arrive whole.

use crate::fault::Faults;

/// Cuts the answer off somewhere.
pub(super) fn cut(xml: &mut String, faults: &mut Faults) {
    let length = usize::try_from(faults.below(xml.len() as u64)).unwrap_or(0);
    xml.truncate(xml.floor_char_boundary(length));
}

/// Leaves out the responses after one of them, as if QuickBooks had stopped writing in good order.
pub(super) fn without_last_responses(xml: &str, faults: &mut Faults) -> String {
    const END: &str = "</QBXMLMsgsRs>";
    // Each response begins with its name and the id of its request.
    let starts: Vec<usize> =
        xml.match_indices(" requestID=\"").filter_map(|(at, _)| xml.get(..at)?.rfind('<')).collect();
    let kept = usize::try_from(faults.below(starts.len() as u64)).unwrap_or(0);
    match starts.get(kept).and_then(|&start| xml.get(..start)) {
        Some(kept) => format!("{kept}{END}</QBXML>"),
        None => xml.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{cut, without_last_responses};
    use crate::fault::Faults;

    const ANSWER: &str = "<QBXML><QBXMLMsgsRs newMessageSetID=\"x\"><HostQueryRs requestID=\"x.0\"><A/></HostQueryRs>\
        <InvoiceAddRs requestID=\"x.1\" statusCode=\"0\"><InvoiceRet/></InvoiceAddRs></QBXMLMsgsRs></QBXML>";

    #[test]
    fn a_short_answer_is_well_formed_and_lacks_its_end() {
        let mut faults = Faults::seeded(3);
        let mut kept = [0_u32; 2];
        for _ in 0..20 {
            let short = without_last_responses(ANSWER, &mut faults);
            assert!(short.ends_with("</QBXMLMsgsRs></QBXML>") && !short.contains("InvoiceAddRs"), "{short}");
            kept[usize::from(short.contains("</HostQueryRs>"))] += 1;
        }
        assert!(kept[0] > 0 && kept[1] > 0);
        assert_eq!(without_last_responses("<QBXML/>", &mut faults), "<QBXML/>");
    }

    #[test]
    fn a_cut_answer_ends_before_its_end() {
        let mut faults = Faults::seeded(3);
        for _ in 0..20 {
            let mut answer = ANSWER.replace('A', "\u{c4}");
            cut(&mut answer, &mut faults);
            assert!(answer.len() < ANSWER.len() + 5 && !answer.ends_with("</QBXML>"));
        }
    }
}
