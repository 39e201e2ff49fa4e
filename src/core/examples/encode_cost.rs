//! Microseconds to bring a four-language warning from its texts to the octets on the wire: `cargo run --release --example
//! encode_cost`. Says what it measured, judges nothing.

#![expect(clippy::print_stdout, reason = "its line is its result")]
#![expect(clippy::disallowed_methods, reason = "an example stands outside the wall and reads the clock")]

use nadhir_core::cbs::{Layout, Rules, Text, encode, wire};
use std::time::{Duration, Instant};

const TEXTS: [(&str, &str); 4] = [
    (
        "ar",
        "تحذير شديد: سيول جارفة في وادي نزوى وبهلاء والحمراء حتى الساعة 21:00. ابتعدوا عن مجاري الأودية ولا تعبروها. اتبعوا تعليمات الجهات المختصة. صدر 16:40",
    ),
    (
        "en",
        "Severe warning: flash floods in the wadis of Nizwa, Bahla and Al Hamra until 21:00. Stay out of wadis. Follow the authorities. Issued 16:40",
    ),
    (
        "hi",
        "गंभीर चेतावनी: निज़वा, बहला और अल हमरा की वादियों में 21:00 बजे तक अचानक बाढ़। वादियों से दूर रहें। अधिकारियों के निर्देश मानें। जारी 16:40",
    ),
    (
        "ur",
        "شدید انتباہ: نزویٰ، بہلا اور الحمراء کی وادیوں میں 21:00 بجے تک اچانک سیلاب۔ وادیوں سے دور رہیں۔ حکام کی ہدایات پر عمل کریں۔ جاری 16:40",
    ),
];

const TIMES: usize = 20_000;

fn main() {
    let texts: Vec<Text> = TEXTS
        .into_iter()
        .map(|(language, body)| Text { language: language.to_owned(), body: body.to_owned() })
        .collect();
    for layout in [None, Some(Layout::One), Some(Layout::Pairs), Some(Layout::Each)] {
        let rules = Rules { layout, ..Rules::default() };
        let mut took: Vec<Duration> = Vec::with_capacity(TIMES);
        let (mut octets, mut messages) = (0, 0);
        for _ in 0..TIMES {
            let start = Instant::now();
            if let Ok(encoded) = encode(&texts, &rules) {
                messages = encoded.messages.len();
                octets =
                    encoded.messages.iter().map(|m| wire::forms(&m.pages, 16_400, 4371).cb_data.len()).sum();
            }
            took.push(start.elapsed());
        }
        took.sort_unstable();
        let micros = |share: usize| took[TIMES * share / 100].as_secs_f64() * 1e6;
        println!(
            "{layout:?}: {messages} messages, {octets} octets of CB data; p50 {:.1} us, p99 {:.1} us of {TIMES}",
            micros(50),
            micros(99)
        );
    }
}
