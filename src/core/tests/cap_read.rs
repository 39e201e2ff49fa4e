//! What reading says of one change in a lawful document: which faults, at which place; and what the values come to.

use nadhir_core::cap::{Limits, Profile, Version, read, verdict};

const ALERT: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">
  <identifier>i-1</identifier>
  <sender>s@example.om</sender>
  <sent>2026-11-22T06:30:00+04:00</sent>
  <status>Actual</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <language>ar-OM</language>
    <category>Met</category>
    <event>e</event>
    <urgency>Immediate</urgency>
    <severity>Extreme</severity>
    <certainty>Observed</certainty>
    <expires>2026-11-22T12:30:00+04:00</expires>
    <headline>h</headline>
    <description>d</description>
    <area>
      <areaDesc>a</areaDesc>
      <polygon>23,57 23,58 24,58 23,57</polygon>
    </area>
  </info>
</alert>
";

/// With `from` replaced by `to`, the errors are these, each `code place`.
fn check(from: &str, to: &str, want: &[&str]) {
    assert!(ALERT.contains(from), "{from}");
    let text = ALERT.replacen(from, to, 1);
    let verdict = verdict(text.as_bytes(), Profile::Cap);
    let errors: Vec<String> =
        verdict.faults.iter().filter(|f| f.is_error()).map(|f| format!("{} {}", f.code, f.place)).collect();
    assert_eq!(errors, want, "{from} -> {to}");
    assert_eq!(verdict.valid(), want.is_empty(), "{from} -> {to}");
}

#[test]
fn faults_carry_path_line_and_column() {
    check("<status>Actual", "<status>actual", &["cap.value.word alert/status, line 6, column 3"]);
    check("  <status>Actual</status>\n", "", &["cap.element.missing alert/status, line 2, column 1"]);
    check("24,58", "24;58", &["cap.polygon.form alert/info[1]/area[1]/polygon[1], line 21, column 7"]);
    check(" 23,57<", "<", &["cap.polygon.points alert/info[1]/area[1]/polygon[1], line 21, column 7"]);
    check(
        "<event>e</event>",
        "<event>ع</event><x/>",
        &["cap.element.unknown alert/info[1]/x, line 12, column 21"],
    );
    check(
        "<msgType>Alert",
        "<msgType>Cancel",
        &["cap.references.missing alert/references, line 2, column 1"],
    );
}

#[test]
fn a_namespace_is_what_its_references_stand_for() {
    check("cap:1.2", "cap:1&#46;2", &[]);
    check("cap:1.2", "cap:1&#x2E;1", &[]);
}

#[test]
fn every_fault_is_said_at_once() {
    let text = ALERT
        .replace("Extreme", "Enormous")
        .replace("06:30:00+04:00", "06:30:00Z")
        .replace("23,57<", "23,56<")
        .replace("<scope>Public", "<scope>Private")
        .replace("i-1", "i 1");
    let codes: Vec<String> =
        verdict(text.as_bytes(), Profile::Cap).faults.into_iter().map(|f| f.code).collect();
    assert_eq!(
        codes,
        [
            "cap.value.time",
            "cap.value.word",
            "cap.identifier.characters",
            "cap.addresses.missing",
            "cap.polygon.open"
        ]
    );
}

#[test]
fn white_space_is_what_the_schema_makes_of_it() {
    check("<sent>2026-11-22T06:30:00+04:00", "<sent>\n 2026-11-22T06:30:00+04:00\t", &[]);
    check("ar-OM", " ar-OM\n", &[]);
    check("ar-OM", "ar_OM", &["cap.value.language alert/info[1]/language, line 10, column 5"]);
    check("ar-OM", "", &[]);
    check(
        "<urgency>Immediate",
        "<urgency>Immediate ",
        &["cap.value.word alert/info[1]/urgency, line 13, column 5"],
    );
    check("23,57 23,58", "\n\t23,57\t23,58\r\n", &[]);
    check("</polygon>", "</polygon><altitude> +12.50 </altitude><ceiling>.5</ceiling>", &[]);
    check(
        "</polygon>",
        "</polygon><altitude>1e3</altitude>",
        &["cap.value.number alert/info[1]/area[1]/altitude, line 21, column 49"],
    );
}

#[test]
fn the_sequence_is_the_schemas() {
    let order = "cap.element.order alert/info[1]/category[1], line 12, column 22";
    check(
        "<category>Met</category>\n    <event>e</event>",
        "\n    <event>e</event> <category>Met</category>",
        &[order],
    );
    check(
        "<scope>",
        "<scope>Public</scope><scope>",
        &["cap.element.repeated alert/scope, line 8, column 24"],
    );
    check("<category>Met</category>", "<category>Met</category><category>Geo</category>", &[]);
    check("<category>Met</category>", "", &["cap.element.missing alert/info[1]/category, line 9, column 3"]);
    check("</info>", "</info>x", &["cap.text.stray alert, line 23, column 10"]);
    check("</info>", "</info>\n<!-- x --><?x y?>", &[]);
    check("</info>", "</info><![CDATA[ ]]>", &["cap.text.stray alert, line 23, column 10"]);
    check(
        "<headline>h",
        "<headline>h<b>!</b>",
        &["cap.element.child alert/info[1]/headline, line 17, column 16"],
    );
    check(
        "</alert>",
        "<info xmlns=\"urn:oasis:names:tc:emergency:cap:1.1\"/></alert>",
        &["cap.element.unknown alert/info, line 24, column 1"],
    );
    check("<scope>", "<scope xml:lang=\"en\">", &["cap.attribute.unknown alert/scope, line 8, column 3"]);
    check(
        "<alert ",
        "<alert xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"a b\" ",
        &[],
    );
}

#[test]
fn a_signature_closes_an_alert_and_is_left_alone() {
    let signature = "<s:Signature xmlns:s=\"http://www.w3.org/2000/09/xmldsig#\" Id=\"1\"><s:SignedInfo a=\"\">x\
                     </s:SignedInfo><y xmlns=\"u\"/></s:Signature>";
    check("</alert>", &format!("{signature}</alert>"), &[]);
    check(
        "  <info>",
        &format!("{signature}  <info>"),
        &["cap.element.order alert/info[1], line 9, column 131"],
    );
    check(
        "</info>",
        &format!("{signature}</info>"),
        &["cap.element.unknown alert/info[1]/Signature, line 23, column 3"],
    );
}

#[test]
fn cap_1_1_is_told_by_its_namespace() {
    let old = |text: &str| text.replace("cap:1.2", "cap:1.1");
    let (alert, faults) = read(old(ALERT).as_bytes(), &Limits::cap());
    assert_eq!(alert.map(|a| a.version), Some(Version::V1_1), "{faults:?}");
    let avoid = ALERT.replace("<urgency>", "<responseType>Avoid</responseType><urgency>");
    assert!(verdict(avoid.as_bytes(), Profile::Cap).valid());
    assert!(!verdict(old(&avoid).as_bytes(), Profile::Cap).valid());
    let resource = ALERT.replace("<area>", "<resource><resourceDesc>r</resourceDesc></resource><area>");
    assert!(!verdict(resource.as_bytes(), Profile::Cap).valid());
    assert!(verdict(old(&resource).as_bytes(), Profile::Cap).valid());
}

#[test]
fn lists_hold_items_with_spaces_in_quotes() {
    let text = ALERT
        .replace("<scope>Public</scope>", "<scope>Private</scope><addresses> a \"b c\"\n\"\" d</addresses>");
    let (alert, _) = read(text.as_bytes(), &Limits::cap());
    assert_eq!(alert.unwrap().addresses, ["a", "b c", "", "d"]);
}

#[test]
fn a_value_that_cannot_be_read_leaves_no_alert_but_invents_nothing() {
    for (from, to) in
        [("Extreme", "extreme"), ("23,57 ", "x "), ("<event>e</event>", ""), ("12:30:00+04:00", "noon")]
    {
        let (alert, faults) = read(ALERT.replacen(from, to, 1).as_bytes(), &Limits::cap());
        assert!(alert.is_none() && !faults.is_empty(), "{from}");
    }
    let (alert, faults) = read(ALERT.replace("<event>", "<x/><event>").as_bytes(), &Limits::cap());
    assert!(alert.is_some() && faults.len() == 1, "an unknown element hides nothing of ours");
}
