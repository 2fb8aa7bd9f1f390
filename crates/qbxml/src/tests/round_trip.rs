use proptest::prelude::*;

use super::{Dice, answers, message_set, sample_rq, sample_rs};
use crate::message_set::{MessageSetRq, MessageSetRs, QbxmlVersion, Request};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_request_reads_back_as_it_was_written(index in 0..Request::NAMES.len(), mut dice in Dice::strategy()) {
        let written = message_set(vec![sample_rq(index, &mut dice)]).to_xml(QbxmlVersion::V13_0);
        let (version, read) = MessageSetRq::from_xml(&written).unwrap();
        prop_assert_eq!(version, QbxmlVersion::V13_0);
        prop_assert_eq!(read.to_xml(version), written);
    }

    #[test]
    fn an_answer_reads_back_as_it_was_written(index in 0..Request::NAMES.len(), mut dice in Dice::strategy()) {
        let set = answers(vec![sample_rs(index, &mut dice)]);
        let written = set.to_xml();
        let read = MessageSetRs::from_xml(&written).unwrap();
        prop_assert_eq!(read.to_xml(), written);
        prop_assert_eq!(read, set);
    }

    /// Whatever became of a document on its way, reading it ends with a value or an error.
    #[test]
    fn a_mutated_document_never_panics(
        index in 0..Request::NAMES.len(),
        mut dice in Dice::strategy(),
        place in any::<prop::sample::Index>(),
        deleted in 0..40_usize,
        inserted in "[<>/&;\"A-Za-z0-9 \u{e9}]{0,12}",
    ) {
        let request = message_set(vec![sample_rq(index, &mut dice)]).to_xml(QbxmlVersion::V13_0);
        let answer = answers(vec![sample_rs(index, &mut dice)]).to_xml();
        for mut document in [request, answer] {
            let from = place.index(document.len());
            let to = (from + deleted).min(document.len());
            document.replace_range(from..to, &inserted);
            let _ = MessageSetRq::from_xml(&document);
            let _ = MessageSetRs::from_xml(&document);
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,200}") {
        prop_assert!(MessageSetRq::from_xml(&text).is_err());
        prop_assert!(MessageSetRs::from_xml(&text).is_err());
    }
}
