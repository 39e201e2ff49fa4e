//! What the encoder writes, the simulator's phones read with code of their own; and both know the same channels.

#![expect(clippy::unwrap_used, reason = "a test whose input is broken must fail")]

use nadhir_core::cbs::channel::{DoNotDisturb, OptOut, TABLE, Tone};
use nadhir_core::cbs::{Channel, Class, Layout, Rules, Serial, Text, encode, encode_text, wire};
use nadhir_simulator::{channels, reader};

/// Sentences as they are sent; a text is made of as many of them as fit.
const SENTENCES: [(&str, &str); 9] = [
    ("ar", "تحذير: سيول جارفة في وادي نزوى، ابتعدوا عن مجاري الأودية فورًا. "),
    ("en", "Severe warning: flash floods [wadi Nizwa] until 21:00; damage up to 100 €. "),
    ("hi", "गंभीर चेतावनी: निज़वा की वादी में अचानक बाढ़, क्\u{200D}षेत्र छोड़ें। "),
    ("ur", "شدید انتباہ: نزویٰ کی وادی میں سیلاب، می\u{200C}روید وادی سے دور رہیں۔ "),
    ("bn", "সতর্কতা: নিজওয়া উপত্যকায় আকস্মিক বন্যা, উপত্যকা ছেড়ে যান। "),
    ("ml", "മുന്നറിയിപ്പ്: നിസ്വയിലെ വാദിയിൽ മിന്നൽ പ്രളയം, വാദി വിട്ടുപോകുക ന്\u{200D}. "),
    ("fa", "هشدار: سیل ناگهانی در وادی نزوا، فوراً از وادی دور شوید. "),
    ("tl", "Babala: biglaang baha sa wadi ng Nizwa, lumayo agad; piñata {~}. "),
    ("sw", "Onyo: mafuriko ya ghafla katika bonde la Nizwa, ondokeni sasa. "),
];

/// The text comes back from both radios, whatever order the 2G pages come in; `None` if it is too long for fifteen pages.
fn read_back(text: &str, language: &str) -> Option<usize> {
    let laid = encode_text(text, language, &Rules::default());
    let laid = laid
        .inspect_err(|faults| {
            assert!(faults.iter().all(|f| f.code == "cbs.pages.too_long"), "{language}: {faults:?}");
        })
        .ok()?;
    let (identifier, serial, dcs) = (4371, Serial::new(1, 0).unwrap().get(), laid.pages.dcs().octet());
    let mut forms = wire::forms(&laid.pages, serial, identifier);
    let want = Ok(reader::Read { identifier, serial, text: laid.text.clone() });
    assert_eq!(reader::on_4g(identifier, serial, dcs, &forms.cb_data), want, "{language}, 4G");
    forms.gsm_pages.reverse();
    assert_eq!(reader::on_2g(&forms.gsm_pages), Some(want), "{language}, 2G");
    let last = forms.gsm_pages.len() - 1;
    assert_eq!(
        reader::on_2g(&forms.gsm_pages[..last]),
        None,
        "{language}: nothing shows before the last page"
    );
    Some(forms.gsm_pages.len())
}

#[test]
fn every_length_of_every_language_is_read_as_it_was_written() {
    for (language, sentence) in SENTENCES {
        let whole: Vec<char> = sentence.chars().cycle().take(1_400).collect();
        let mut pages = [0_usize; 16];
        let mut first_refused = None;
        // Every cut over three pages of UCS-2 and one of GSM-7, then every ninth: letters, marks, joiners, spaces and escapes
        // stand at every place of a page.
        let places = (1..=140).chain((141..=whole.len()).step_by(9));
        for length in places {
            let text: String = whole[..length].iter().collect();
            let Some(count) = read_back(&text, language) else {
                first_refused = Some(length);
                break;
            };
            pages[count] += 1;
        }
        assert!(pages[1..].iter().all(|n| *n > 0), "{language}: {pages:?}");
        let ucs2 = !["en", "tl", "sw"].contains(&language);
        assert!(
            !ucs2 || first_refused.is_some_and(|length| (590..=627).contains(&length)),
            "{language}: {first_refused:?}"
        );
    }
}

#[test]
fn four_languages_in_every_layout_are_read_as_they_were_written() {
    let texts: Vec<Text> = SENTENCES[..4]
        .iter()
        .map(|(language, body)| Text { language: (*language).to_owned(), body: (*body).to_owned() })
        .collect();
    for layout in Layout::ALL {
        let encoded = encode(&texts, &Rules { layout: Some(layout), ..Rules::default() }).unwrap();
        for message in &encoded.messages {
            let dcs = message.pages.dcs().octet();
            let read = reader::on_4g(4370, 0x4010, dcs, &wire::cb_data(&message.pages)).unwrap();
            assert_eq!(read.text, message.text, "{layout:?}");
            for (language, body) in SENTENCES.iter().filter(|(l, _)| message.languages.iter().any(|m| m == l))
            {
                let end: String =
                    body.trim_end().chars().rev().take(12).collect::<Vec<_>>().into_iter().rev().collect();
                assert!(read.text.contains(&end), "{layout:?}, {language}: {}", read.text);
            }
        }
    }
}

#[test]
fn the_simulator_has_the_same_channels() {
    assert_eq!(channels::PROVISIONED.len(), TABLE.len());
    for row in &TABLE {
        let theirs = channels::PROVISIONED.iter().find(|c| c.identifier == row.identifier).unwrap();
        let status = match row.channel {
            Channel::Emergency | Channel::Warning => "Actual",
            Channel::Exercise => "Exercise",
            Channel::Test => "Test",
        };
        let shown = row.opt_out != OptOut::NotShown;
        let tone_s = match row.tone {
            Tone::Seconds(seconds) => Some(seconds),
            Tone::PhoneDefault | Tone::Silent => None,
        };
        let ours = channels::Channel {
            identifier: row.identifier,
            status,
            shown,
            title: shown.then_some([row.title_ar, row.title_en]),
            always_on: row.opt_out == OptOut::Never,
            tone_s,
            overrides_silence: row.do_not_disturb == DoNotDisturb::Overridden,
        };
        assert_eq!(theirs, &ours);
        assert_eq!(status == "Actual", row.channel.class() == Class::Live);
    }
}
